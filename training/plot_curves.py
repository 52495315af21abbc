#!/usr/bin/env python3
"""Draws the curves of a training run (Debian: python3-matplotlib).

    plot_curves.py RUN [RUN ...] --out curves.png

RUN is a folder of cgan-train or its metrics.jsonl; several runs are drawn over each other, or with
--legs one behind the other: runs that each began with the weights of the one before."""

import argparse
import json
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

HUES = {"red": "#d62728", "yellow": "#c8b400", "green": "#2ca02c", "cyan": "#17becf",
        "blue": "#1f5fd0", "magenta": "#c71585"}


def read(path):
    """Lines of a run by their kind; half a last line of a run that is going on is left out."""
    path = pathlib.Path(path)
    if path.is_dir():
        path = path / "metrics.jsonl"
    lines = {"steps": [], "epoch": []}
    for text in path.read_text().splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        lines.setdefault(line["kind"], []).append(line)
    return lines


def behind(runs):
    """The lines of all runs as those of one, epochs counted on."""
    result, epochs = {}, 0
    for lines in runs:
        for kind in lines:
            result.setdefault(kind, []).extend({**line, "epoch": line["epoch"] + epochs}
                                               for line in lines[kind] if "epoch" in line)
        epochs = max((line["epoch"] for line in result["epoch"]), default=epochs)
    return result


def curve(axes, lines, key, label, **style):
    points = [(line["epoch"], line[key]) for line in lines if key in line]
    if points:
        axes.plot(*zip(*points), label=label, **style)


def validation_sets(lines):
    """Name and scores of each set of pictures; older runs have but one, without a name."""
    if not any("sets" in line for line in lines):
        return [("validation", lines)]
    names = dict.fromkeys(name for line in lines for name in line.get("sets", {}))
    return [(name, [{"epoch": line["epoch"], **line["sets"][name]}
                    for line in lines if name in line.get("sets", {})]) for name in names]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", metavar="RUN")
    parser.add_argument("--legs", action="store_true", help="draw the runs one behind the other")
    parser.add_argument("--out", default="curves.png")
    arguments = parser.parse_args()
    runs = [read(run) for run in arguments.runs]
    names = [f" {pathlib.Path(run).name}" if len(runs) > 1 else "" for run in arguments.runs]
    if arguments.legs:
        runs, names = [behind(runs)], [""]

    figure, ((accuracy, losses), (gain, colour), (game, spread), (fid, recovery),
             (hues, hits)) = plt.subplots(5, 2, figsize=(12, 20), constrained_layout=True)
    for number, (lines, name) in enumerate(zip(runs, names)):
        dash = {"linestyle": ["-", "--", ":", "-."][number % 4]}
        for key, label in (("accuracy_5", "within 5 %"), ("accuracy_2", "within 2 %")):
            curve(accuracy, lines["epoch"], key, label + name, **dash)
        for key in ("l1", "cosine", "chroma", "match", "reverse", "aux_class",
                    "farther_than_grey", "colourfulness", "consistency", "perceptual", "recognition",
                    "feature_matching"):
            if any(line.get(key) for line in lines["steps"]):
                curve(losses, lines["steps"], key, key + name, linewidth=1, **dash)
        for title, rows in validation_sets(lines["epoch"]):
            curve(gain, rows, "psnr_gain", title + name, **dash)
            curve(colour, rows, "colourfulness_ratio", title + name, **dash)
            curve(fid, rows, "fid_ratio", title + name, **dash)
            curve(recovery, rows, "recovery_answer", title + name, **dash)
        curve(gain, lines["epoch"], "train_psnr_gain", "training pictures" + name, color="gray",
              **dash)
        curve(game, lines["steps"], "discriminator", "loss of D" + name, linewidth=1, **dash)
        curve(game, lines["steps"], "adversarial", "adversarial loss of G" + name, linewidth=1,
              **dash)
        for key, label in (("d_accuracy", "accuracy"), ("d_precision", "precision"),
                           ("d_recall", "recall"), ("d_cross_entropy", "cross-entropy")):
            curve(game, lines["steps"], key, f"{label} of D" + name, linewidth=1, **dash)
        curve(spread, lines["epoch"], "spread_generated", "generated" + name, **dash)
        curve(spread, lines["epoch"], "spread_original", "originals" + name, color="gray", **dash)
        for hue, paint in HUES.items():
            rows = [{"epoch": line["epoch"], **line["hues"][hue]} for line in lines["epoch"]]
            curve(hues, rows, "error", hue + name, color=paint, **dash)
            curve(hits, rows, "hit", hue + name, color=paint, **dash)

    for axes, title in ((accuracy, "Pixels that are right (%), input's L"),
                        (losses, "Terms of the generator's loss"),
                        (gain, "PSNR above grey's (dB, pooled error)"),
                        (colour, "Colourfulness, share of the originals'"),
                        (game, "Generator against discriminator"),
                        (spread, "Spread of mean chroma over pictures (Lab)"),
                        (fid, "FID, share of grey's"),
                        (recovery, "Recovery of what a classifier sees in the originals"),
                        (hues, "Mean error in (a, b) by the original's hue"),
                        (hits, "Share of pixels predicted with their hue")):
        axes.set_title(title)
        axes.set_xlabel("epoch")
        axes.grid(alpha=0.3)
        axes.set_visible(bool(axes.lines))  # what a run did not measure has no place
        if axes.lines:
            axes.legend(fontsize=8)
    losses.set_yscale("log")
    figure.savefig(arguments.out, dpi=100)


if __name__ == "__main__":
    main()
