#!/usr/bin/env python3
"""Takes chroma of pictures down to some lines and brings it back: what a coarser decoder could say
at most (Debian: python3-pil, python3-numpy).

    reduce_chroma.py PICTURES OUT --lines 48
    cgan-evaluate --data photos/val --results OUT

OUT receives every picture of the folder PICTURES as PNG with its own luma. Cb and Cr (BT.601) are
averaged over areas until their shorter side has so many lines, and enlarged bicubically."""

import argparse
import pathlib

import numpy
from PIL import Image

TO_YCBCR = numpy.array([[0.299, 0.587, 0.114],
                        [-0.168736, -0.331264, 0.5],
                        [0.5, -0.418688, -0.081312]])


def reduced(plane, lines):
    height, width = plane.shape
    scale = min(1.0, lines / min(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = Image.fromarray(plane.astype(numpy.float32)).resize(size, Image.BOX)
    return numpy.asarray(small.resize((width, height), Image.BICUBIC))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures")
    parser.add_argument("out")
    parser.add_argument("--lines", type=int, required=True)
    arguments = parser.parse_args()
    if arguments.lines < 1:
        parser.error("--lines must be at least 1")

    out = pathlib.Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(pathlib.Path(arguments.pictures).iterdir()):
        if path.suffix.lower() not in (".png", ".jpg", ".jpeg"):
            continue
        rgb = numpy.asarray(Image.open(path).convert("RGB"), dtype=float)
        luma, *chroma = numpy.moveaxis(rgb @ TO_YCBCR.T, -1, 0)
        planes = numpy.stack([luma, *(reduced(plane, arguments.lines) for plane in chroma)], -1)
        result = (planes @ numpy.linalg.inv(TO_YCBCR).T).round().clip(0, 255).astype(numpy.uint8)
        Image.fromarray(result).save(out / (path.stem + ".png"))


if __name__ == "__main__":
    main()
