#!/usr/bin/env python3
"""Draws how colourful and how near to the truth scored weights are (Debian: python3-matplotlib).

    plot_frontier.py NAME=SCORES.json[,SCORES.json...] ... --out frontier.png

SCORES.json is a file of `cgan-evaluate --json` on photographs; those of one name are joined by a
line in their order. Grey lies at 0 % and 0 dB."""

import argparse
import json
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402


def point(path):
    scores = json.loads(pathlib.Path(path).read_text())
    return 100 * scores["colourfulness_ratio"], scores["psnr_gain_pooled"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("series", nargs="+", metavar="NAME=SCORES.json,...")
    parser.add_argument("--out", default="frontier.png")
    arguments = parser.parse_args()

    figure, axes = plt.subplots(figsize=(8, 5), constrained_layout=True)
    for series in arguments.series:
        name, files = series.split("=", 1)
        axes.plot(*zip(*(point(path) for path in files.split(","))), marker="o", label=name)
    axes.axhline(0, color="gray", linewidth=1)
    axes.set_xlabel("colourfulness, % of the originals'")
    axes.set_ylabel("PSNR above grey's, dB, pooled error")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    figure.savefig(arguments.out, dpi=100)


if __name__ == "__main__":
    main()
