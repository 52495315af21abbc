#!/usr/bin/env python3
"""Draws static flicker and colourfulness over the frames of clips (Debian: python3-matplotlib).

    plot_video.py SCORES.json [SCORES.json ...] --out video.png

SCORES.json is what cgan-evaluate-video --json writes; several are drawn over each other."""

import argparse
import json
import math
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

MEASURES = {"static_flicker": "Static flicker (codes)", "colourfulness": "Colourfulness"}


def curve(axes, numbers, **style):
    axes.plot([math.nan if number is None else number for number in numbers], linewidth=1, **style)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scores", nargs="+", metavar="SCORES.json")
    parser.add_argument("--out", default="video.png")
    arguments = parser.parse_args()

    runs = {name: json.loads(pathlib.Path(name).read_text())["per_frame"]
            for name in arguments.scores}
    clips = list(next(iter(runs.values())))
    figure, rows = plt.subplots(len(clips), 2, figsize=(12, 3 * len(clips)), squeeze=False,
                                constrained_layout=True)
    for clip, row in zip(clips, rows):
        for axes, (key, title) in zip(row, MEASURES.items()):
            for name, run in runs.items():
                if clip in run:
                    curve(axes, run[clip][key], label=pathlib.Path(name).stem)
            curve(axes, next(iter(runs.values()))[clip][key + "_original"], label="original",
                  color="gray")
            axes.set_title(f"{title}, {clip}")
            axes.set_xlabel("frame")
            axes.set_ylim(bottom=0)
            axes.grid(alpha=0.3)
            axes.legend(fontsize=8)
    figure.savefig(arguments.out, dpi=100)


if __name__ == "__main__":
    main()
