"""Writes the small networks that tests/examples/check_opencv.sh hands to opencv_regions: one that it can explain, and
some that it cannot.

    python3 make.py

Needs PyTorch. Made by PyTorch 1.13.0 (Debian 12); weights are written out, so nothing is random.
"""

import os

import torch
from torch import nn

FOLDER = os.path.dirname(os.path.abspath(__file__))


def dense(inputs, rows):
    layer = nn.Linear(inputs, len(rows))
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(rows))
        layer.bias.zero_()
    return layer


class Two(nn.Module):
    """Scores, and the features that they are of."""

    def __init__(self):
        super().__init__()
        self.pool, self.dense = nn.MaxPool2d(64), dense(3, [[1.0, 0, 0], [0, 1, 0]])

    def forward(self, picture):
        features = self.pool(picture).flatten(1)
        return self.dense(features), features


class Summed(nn.Module):
    """One vector for the whole batch."""

    def forward(self, picture):
        return nn.functional.max_pool2d(picture, 64).flatten(1).sum(0, keepdim=True)


class Logarithm(nn.Module):
    """Of numbers below 0: no picture in [0, 1] has a score."""

    def forward(self, picture):
        return torch.log(nn.functional.max_pool2d(picture, 64).flatten(1) - 2)


COLOURS = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [-1, -1, -1]]
NETWORKS = {
    # mean red, green, blue, and less of all: a network of four outputs without names
    "colours": (nn.Sequential(nn.AvgPool2d(64), nn.Flatten(), dense(3, COLOURS)), (3, 64, 64)),
    "size_32": (nn.Sequential(nn.MaxPool2d(32), nn.Flatten(), dense(3, COLOURS)), (3, 32, 32)),
    "grey": (nn.Sequential(nn.MaxPool2d(64), nn.Flatten(), dense(1, [[1.0], [2]])), (1, 64, 64)),
    "map": (nn.Sequential(nn.MaxPool2d(32)), (3, 64, 64)),
    "two_outputs": (Two(), (3, 64, 64)),
    "summed": (Summed(), (3, 64, 64)),
    "logarithm": (Logarithm(), (3, 64, 64)),
}

for name, (network, shape) in NETWORKS.items():
    torch.onnx.export(network.eval(), torch.zeros(1, *shape), os.path.join(FOLDER, name + ".onnx"), opset_version=11,
                      input_names=["picture"], dynamic_axes={"picture": {0: "rows"}})
