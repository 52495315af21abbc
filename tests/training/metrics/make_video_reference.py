#!/usr/bin/env python3
"""Writes video_reference.json: a small clip and what plain numpy makes of it.

    python3 make_video_reference.py > video_reference.json
"""
import json

import numpy as np

random = np.random.default_rng(11)
FRAMES, HEIGHT, WIDTH = 7, 6, 8


def clip():
    """Originals that drift and results with unsteady chroma, (T, H, W, 3), uint8. Some pixels of
    each step stand still in luma, others do not."""
    start = random.integers(40, 200, (HEIGHT, WIDTH, 3))
    original = start + np.cumsum(random.integers(-6, 7, (FRAMES, HEIGHT, WIDTH, 3)), 0)
    result = 0.5 * original + 0.5 * original.mean(-1, keepdims=True)
    result = result + random.normal(0, 6, (FRAMES, 1, 1, 3))
    return [np.clip(np.round(c), 0, 255).astype(np.uint8) for c in (original, result)]


def ycbcr(frame):
    """BT.601, full range, in codes; luma whole."""
    r, g, b = np.moveaxis(frame.astype(float), -1, 0)
    y = 0.299 * r + 0.587 * g + 0.114 * b
    return np.round(y), (b - y) / (2 * (1 - 0.114)), (r - y) / (2 * (1 - 0.299))


def divergence(p, q):
    m = (p + q) / 2
    half = lambda x: sum(a * np.log(a / b) for a, b in zip(x, m) if a > 0) / 2
    return half(p) + half(q)


def cdc(frames):
    share = [[np.bincount(f[..., c].ravel(), minlength=256) / f[..., c].size for c in range(3)]
             for f in frames]
    at_lag = lambda lag: np.mean([divergence(share[i][c], share[i + lag][c])
                                  for i in range(len(frames) - lag) for c in range(3)])
    return sum(at_lag(lag) for lag in (1, 2, 4)) / 3


def flicker(originals, shown):
    steps, pixels = [], 0
    for t in range(1, len(shown)):
        luma, before = ycbcr(originals[t])[0], ycbcr(originals[t - 1])[0]
        for y, x in np.ndindex(luma.shape):
            pixels += 1
            if abs(luma[y, x] - before[y, x]) <= 2:
                now, then = ycbcr(shown[t]), ycbcr(shown[t - 1])
                steps.append(np.mean([abs(now[k][y, x] - then[k][y, x]) for k in (1, 2)]))
    return np.mean(steps), len(steps) / pixels


def main():
    original, result = clip()
    grey = np.stack([np.repeat(ycbcr(f)[0][..., None], 3, -1) for f in original]).astype(np.uint8)
    psnr = lambda x, axes: -10 * np.log10((((x / 255 - original / 255)) ** 2).mean(axes))
    print(json.dumps({
        "original": original.tolist(), "result": result.tolist(), "grey": grey.tolist(),
        "psnr": psnr(result, (1, 2, 3)).mean(), "psnr_grey": psnr(grey, (1, 2, 3)).mean(),
        "psnr_pooled": psnr(result, (0, 1, 2, 3)), "psnr_pooled_grey": psnr(grey, (0, 1, 2, 3)),
        "cdc": cdc(result), "cdc_original": cdc(original), "cdc_grey": cdc(grey),
        "static_flicker": flicker(original, result)[0],
        "static_flicker_original": flicker(original, original)[0],
        "static_share": flicker(original, original)[1],
    }))


if __name__ == "__main__":
    main()
