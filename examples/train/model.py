"""The small network: a plain chain of named stages, so that other formats can be written from the same definition."""

from collections import OrderedDict

from torch import nn

from render import CLASSES


def build_model():
    """3 x 64 x 64 in [0, 1] to ten logits; 3.4 million multiply-adds forward, 46 thousand parameters.

    Both kinds of pooling are present on purpose: the maximum gives the gradient kinks and ties, the average none.
    """
    return nn.Sequential(OrderedDict([
        ("conv1", nn.Conv2d(3, 8, 3, padding=1)),       # 8 x 64 x 64
        ("relu1", nn.ReLU()),
        ("max_pool1", nn.MaxPool2d(2)),                 # 8 x 32 x 32
        ("conv2", nn.Conv2d(8, 16, 3, padding=1)),
        ("relu2", nn.ReLU()),
        ("max_pool2", nn.MaxPool2d(2)),                 # 16 x 16 x 16
        ("conv3", nn.Conv2d(16, 24, 3, padding=1)),
        ("relu3", nn.ReLU()),
        ("avg_pool3", nn.AvgPool2d(2)),                 # 24 x 8 x 8
        ("conv4", nn.Conv2d(24, 32, 3, padding=1)),
        ("relu4", nn.ReLU()),
        ("max_pool4", nn.MaxPool2d(2)),                 # 32 x 4 x 4
        ("flatten", nn.Flatten()),                      # 512
        ("dense1", nn.Linear(512, 64)),
        ("relu5", nn.ReLU()),
        ("dense2", nn.Linear(64, len(CLASSES))),
    ]))
