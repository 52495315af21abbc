#!/usr/bin/env python3
"""Writes reference.json: inputs of the measures and what independent programs make of them.

Needs numpy, scipy, scikit-image, torch and torchmetrics (pip).
Where no library has the measure (accuracy in Lab, colourfulness, precision and recall of features)
it is plain numpy, written from the paper.

    python3 make_reference.py > reference.json
"""
import json

import numpy as np
import torch
from scipy.linalg import sqrtm
from scipy.special import softmax
from scipy.stats import entropy
from scipy.spatial.distance import cdist, pdist
from skimage.color import deltaE_ciede2000, rgb2hsv, rgb2lab
from skimage.measure import block_reduce
from skimage.metrics import peak_signal_noise_ratio
from torchmetrics.classification import BinaryAccuracy, BinaryPrecision, BinaryRecall

random = np.random.default_rng(7)
MIXED = [0, 1, 2, 4, 5, 3]


def pictures():
    """Smooth originals and predictions near them, (N, H, W, 3), uint8; one grey, one equal pair."""
    coarse = random.uniform(0, 255, (6, 2, 2, 3))
    original = np.repeat(np.repeat(coarse, 4, 1), 4, 2) + random.normal(0, 12, (6, 8, 8, 3))
    predicted = 0.7 * original + 0.3 * original.mean(-1, keepdims=True)
    predicted += random.normal(0, 4, predicted.shape)
    predicted[0] = original[0].mean(-1, keepdims=True)
    predicted[1] = original[1]
    return [np.clip(np.round(p), 0, 255).astype(np.uint8) for p in (original, predicted)]


def lab_scores(predicted, original):
    step = np.abs(predicted - original)
    whole = np.abs(np.round(predicted) - np.round(original))
    within = [(whole <= [e, 2.2 * e, 2.2 * e]).all(-1).mean() * 100 for e in (2, 5)]
    return {"mae": 100 * (step / [50, 110, 110]).mean(),
            "accuracy_2": within[0], "accuracy_5": within[1]}


def colourfulness(rgb):
    r, g, b = (rgb[..., i] * 255.0 for i in range(3))
    rg, yb = r - g, (r + g) / 2 - b
    return np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean())


def hues(rgb, lab):
    hue = np.floor(rgb2hsv(rgb)[..., 0] * 6 + 0.5).astype(int) % 6
    return np.where(np.hypot(lab[..., 1], lab[..., 2]) > 10, hue, 6)


def hue_scores(predicted, original):
    """Of pictures as (rgb, lab)."""
    p, o = hues(*predicted), hues(*original)
    error = np.hypot(*np.moveaxis(predicted[1] - original[1], -1, 0)[1:])
    rows = []
    for hue in range(6):
        mine = o == hue
        rows.append({"error": error[mine].mean() if mine.any() else 0, "share": mine.mean(),
                     "predicted_share": (p == hue).mean(),
                     "hit": (p[mine] == hue).mean() if mine.any() else 0})
    return rows


def pooled(predicted, original):
    """Of all pictures at once, as (rgb, lab), beside grey of BT.601."""
    grey = np.repeat((original[0] @ [0.299, 0.587, 0.114])[..., None], 3, -1)
    psnr = peak_signal_noise_ratio(original[0], predicted[0], data_range=1)
    error, grey_error = (((x - original[0]) ** 2).mean((1, 2, 3)) for x in (predicted[0], grey))
    distance = lambda x: np.hypot(*np.moveaxis(x - original[1], -1, 0)[1:])
    ours, theirs = distance(predicted[1]), distance(original[1] * [1, 0, 0])
    return {"psnr_pooled": psnr,
            "psnr_gain_pooled": psnr - peak_signal_noise_ratio(original[0], grey, data_range=1),
            "ciede2000": deltaE_ciede2000(predicted[1], original[1]).mean(),
            "ciede2000_grey": deltaE_ciede2000(rgb2lab(grey), original[1]).mean(),
            "chroma_distance": ours.mean(), "chroma_distance_grey": theirs.mean(),
            "worse_than_grey": (error > grey_error).mean(),
            "worse_than_grey_chroma": (ours.mean((1, 2)) > theirs.mean((1, 2))).mean()}


def spread(lab):
    fields = np.stack([block_reduce(x[..., c], (2, 2), np.mean)
                       for x in lab for c in (1, 2)]).reshape(len(lab), -1)
    return pdist(fields).mean()


def frechet(x, y):
    product = sqrtm(np.cov(x, rowvar=False) @ np.cov(y, rowvar=False)).real
    return (((x.mean(0) - y.mean(0)) ** 2).sum()
            + np.trace(np.cov(x, rowvar=False) + np.cov(y, rowvar=False) - 2 * product))


def among(candidates, points, k=3):
    """Kynkaanniemi et al. 2019, equation 1 and 2."""
    radius = np.sort(cdist(points, points), axis=1)[:, k]
    return (cdist(candidates, points) <= radius).any(1).mean()


def main():
    original, predicted = pictures()
    rgb = [p / 255.0 for p in (predicted, original)]
    lab = [rgb2lab(p) for p in rgb]
    input_l = lab[0].copy()
    input_l[..., 0] = lab[1][..., 0]

    # Both sides of every branch: wrapped hues, greys, the blue region of the rotation term.
    first = np.stack([random.uniform(0, 100, 60), *random.uniform(-90, 90, (2, 60))], -1)
    second = first + random.normal(0, 8, first.shape)
    second[:20] = np.stack([random.uniform(0, 100, 20), *random.uniform(-90, 90, (2, 20))], -1)
    second[20, 1:] = 0
    first[21, 1:] = 0
    second[22] = first[22]

    x = random.normal(0, 1, (60, 6)) @ random.normal(0, 1, (6, 6))
    y = 0.8 * random.normal(0, 1, (50, 6)) @ random.normal(0, 1, (6, 6)) + 0.4
    logits = random.normal(0, 2, (40, 5))
    p = softmax(logits, 1)

    judged = {"original": random.normal(1, 2, 30), "generated": random.normal(-0.5, 2, 25)}
    answers = torch.tensor(np.concatenate(list(judged.values())))
    truth = torch.cat([torch.ones(30), torch.zeros(25)]).double()

    lists = lambda array: np.asarray(array).tolist()
    print(json.dumps({
        "pictures": {
            "original": lists(original), "predicted": lists(predicted),
            "input_l": lab_scores(input_l, lab[1]), "own_l": lab_scores(lab[0], lab[1]),
            "psnr": [peak_signal_noise_ratio(o, q, data_range=1) if (o != q).any() else 100
                     for o, q in zip(rgb[1], rgb[0])],
            "colourfulness": [colourfulness(q) for q in rgb[0]],
            "hues": hue_scores((rgb[0], lab[0]), (rgb[1], lab[1])),
            # The last three stand beside the wrong originals: some are worse than grey.
            "pooled": pooled((rgb[0][MIXED], lab[0][MIXED]), (rgb[1], lab[1])),
            "spread": spread(lab[0])},
        "ciede2000": {"first": lists(first), "second": lists(second),
                      "difference": lists(deltaE_ciede2000(first, second))},
        "features": {"first": lists(x), "second": lists(y), "frechet": frechet(x, y),
                     "precision": among(y, x), "recall": among(x, y)},
        "inception": {"logits": lists(logits),
                      "score": float(np.exp(entropy(p, p.mean(0)[None], axis=1).mean()))},
        "judgement": {
            **{kind: lists(values) for kind, values in judged.items()},
            "accuracy": BinaryAccuracy()(answers, truth).item(),
            "precision": BinaryPrecision()(answers, truth).item(),
            "recall": BinaryRecall()(answers, truth).item(),
            "cross_entropy": torch.nn.functional.binary_cross_entropy_with_logits(
                answers, truth).item()},
    }))


if __name__ == "__main__":
    main()
