#!/usr/bin/env python3
"""Draws how film and aged photographs compare (Debian: python3-matplotlib, python3-numpy, python3-pil).

    plot_ageing.py NAME=FOLDER ... --out ageing.png

FOLDER holds pictures, of which the luma counts, scaled until the shorter side has --side pixels, as
the network sees them. Three panels: how often each luma occurs; the grain of each picture, as the
standard deviation that Immerkaer's mask says ("Fast Noise Variance Estimation", Computer Vision and
Image Understanding 64, 1996) on the tenth of its blocks of 16 pixels where that is least; and the mean
power of waves by their length, which falls faster the less sharp pictures are. The medians are printed."""

import argparse
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp"}
BLOCK = 16


def luma(path, side):
    """(side, side), 0..255: the middle of the picture."""
    with Image.open(path) as picture:
        grey = picture.convert("L")
    scale = side / min(grey.size)
    size = [max(side, round(scale * length)) for length in grey.size]
    grey = grey.resize(size, Image.BOX if scale < 1 else Image.BILINEAR)
    left, top = (size[0] - side) // 2, (size[1] - side) // 2
    return np.asarray(grey.crop((left, top, left + side, top + side)), float)


def grain(picture):
    mask = (picture[:-2, :-2] + picture[:-2, 2:] + picture[2:, :-2] + picture[2:, 2:]
            - 2 * (picture[:-2, 1:-1] + picture[2:, 1:-1] + picture[1:-1, :-2] + picture[1:-1, 2:])
            + 4 * picture[1:-1, 1:-1])
    blocks = mask.shape[0] // BLOCK
    mask = np.abs(mask[:blocks * BLOCK, :blocks * BLOCK])
    means = mask.reshape(blocks, BLOCK, blocks, BLOCK).mean((1, 3))
    return np.sqrt(np.pi / 2) / 6 * np.quantile(means, 0.1)


def spectrum(picture):
    """Mean power of the waves of 1, 2, ... side / 2 periods a side."""
    side = picture.shape[0]
    window = np.outer(np.hanning(side), np.hanning(side))
    power = np.abs(np.fft.fftshift(np.fft.fft2((picture - picture.mean()) * window))) ** 2
    y, x = np.indices(power.shape) - side // 2
    rings = np.hypot(y, x).round().astype(int).ravel()
    count = np.bincount(rings)
    return (np.bincount(rings, power.ravel()) / count)[1:side // 2 + 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--side", type=int, default=192)
    parser.add_argument("--out", default="ageing.png")
    arguments = parser.parse_args()

    figure, (tones, grains, waves) = plt.subplots(1, 3, figsize=(12, 4), constrained_layout=True)
    for each in arguments.sets:
        name, folder = each.split("=", 1)
        paths = sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix.lower() in SUFFIXES)
        if not paths:
            parser.error(f"there is no picture in '{folder}'")
        pictures = [luma(path, arguments.side) for path in paths]
        values = np.concatenate([picture.ravel() for picture in pictures])
        noise = np.array([grain(picture) for picture in pictures])
        power = np.exp(np.mean([np.log(spectrum(picture) + 1) for picture in pictures], 0))
        label = f"{name} ({len(pictures)})"
        tones.hist(values, bins=64, range=(0, 256), density=True, histtype="step", label=label)
        grains.hist(noise, bins=40, range=(0, 4), density=True, histtype="step", label=label)
        waves.loglog(np.arange(1, len(power) + 1), power / power[3:8].mean(), label=label)
        low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
        sharpness = 10 * np.log10(power[len(power) // 2 - 4:len(power) // 2 + 4].mean()
                                  / power[3:8].mean())
        print(f"{name}: luma {low:.0f} {middle:.0f} {high:.0f} (5, 50, 95 %), grain "
              f"{np.median(noise):.1f} codes (90 %: {np.quantile(noise, 0.9):.1f}), waves of four "
              f"pixels {sharpness:.1f} dB")
    tones.set_xlabel("luma, codes")
    grains.set_xlabel("grain, codes")
    waves.set_xlabel("periods a side")
    waves.set_ylabel("power")
    for axes in (tones, grains, waves):
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
    figure.savefig(arguments.out, dpi=100)


if __name__ == "__main__":
    main()
