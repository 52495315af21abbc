#!/usr/bin/env python3
"""Writes colour_reference.json: CIE Lab as scikit-image computes it (D65, 2 degree observer).

Run it where scikit-image is installed; the tests read the committed file.
    python3 tests/model/make_colour_reference.py > tests/model/colour_reference.json
"""
import json

import numpy as np
import skimage
from skimage.color import lab2rgb, rgb2lab

random = np.random.default_rng(1)
corners = [[r, g, b] for r in (0, 1) for g in (0, 1) for b in (0, 1)]
# Both sides of the knees of sRGB (0.04045) and of Lab (a linear signal of 0.008856).
knees = [[v, v, v] for v in (0.001, 0.0404, 0.0405, 0.09, 0.096, 0.1)]
rgb = np.array(corners + knees + random.random((24, 3)).tolist())
# Within sRGB and far out of it: there the result is clipped.
lab = np.concatenate([rgb2lab(rgb[8:]), [[50, 100, -100], [20, -80, 90], [5, 60, 60], [90, -90, 20]]])


def rows(values):
    return [[round(float(v), 9) for v in row] for row in values]


pairs = {
    "library": f"scikit-image {skimage.__version__}",
    "rgb_to_lab": {"rgb": rows(rgb), "lab": rows(rgb2lab(rgb))},
    "lab_to_rgb": {"lab": rows(lab), "rgb": rows(lab2rgb(lab))},
}
# One colour a line, so that a change shows as what it is.
print(json.dumps(pairs).replace("[[", "[\n[").replace("], [", "],\n[").replace("]]", "]\n]"))
