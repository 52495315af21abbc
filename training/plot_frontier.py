#!/usr/bin/env python3
"""Draws how scored weights trade colour for the rest (Debian: python3-matplotlib).

    plot_frontier.py NAME=SCORES.json[,SCORES.json...] ... --out frontier.png

SCORES.json is a file of `cgan-evaluate --json` on photographs; those of one name are joined by a
line in their order. A measure that a file has not is left out of its panel."""

import argparse
import json
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

# What each panel shows: key of the file, label, factor.
PANELS = (
    ("psnr_gain_pooled", "PSNR above grey's, dB, pooled error", 1),
    ("worse_than_grey", "pictures worse than grey, %", 100),
    ("recovery_soft", "semantic recovery, soft", 1),
    ("fid_ratio", "FID, % of grey's", 100),
)


def points(files, key, factor):
    for file in files:
        scores = json.loads(pathlib.Path(file).read_text())
        if scores.get(key) is not None:
            yield 100 * scores["colourfulness_ratio"], factor * scores[key]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("series", nargs="+", metavar="NAME=SCORES.json,...")
    parser.add_argument("--out", default="frontier.png")
    arguments = parser.parse_args()

    figure, panels = plt.subplots(2, 2, figsize=(11, 8), constrained_layout=True)
    for axes, (key, label, factor) in zip(panels.flat, PANELS):
        for series in arguments.series:
            name, files = series.split("=", 1)
            shown = list(points(files.split(","), key, factor))
            axes.plot([x for x, _ in shown], [y for _, y in shown], marker="o", label=name)
        axes.set_xlabel("colourfulness, % of the originals'")
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
    panels.flat[0].legend(fontsize=8)
    figure.savefig(arguments.out, dpi=90)


if __name__ == "__main__":
    main()
