"""Writes the first pictures of the training stream, one below the other, as examples/data/training_pictures.png: a set
of reference rows for expected gradients.

Whole they would take twice the space.  So every channel of every pixel is rounded to the nearest of 33 values: 0 and
7, 15, 23 ... 255.  Black and white stay exact.

    python3 picture_bank.py

Needs numpy, and PyTorch to measure what the rounding did.  Formats and numbers are in examples/data/README.md.
"""

import os
import sys

import numpy as np
import torch

import export
import pictures
import render
import train_small_net
from model import build_model

COUNT = 96
LEVELS = np.array([0] + list(range(7, 256, 8)))
NEAREST = LEVELS[np.abs(np.arange(256)[:, None] - LEVELS).argmin(axis=1)].astype(np.uint8)
POINTS = 32         # per picture, midpoint rule, for the measured map


def to_rows(bank):
    return torch.from_numpy(bank.astype(np.float32) / np.float32(255.0))


def right(model, bank):
    """How many pictures the network puts in their class; picture i of the stream is of class i modulo the classes."""
    with torch.no_grad():
        found = model(to_rows(bank)).argmax(dim=1).numpy()
    return int((found == np.arange(COUNT) % len(render.CLASSES)).sum())


def mean_map(model, bank, picture, target):
    """Integrated gradients of a logit, averaged over the bank."""
    total = torch.zeros(picture.shape[1:], dtype=torch.float64)
    alphas = ((torch.arange(POINTS) + 0.5) / POINTS)[:, None, None, None]
    for row in to_rows(bank):
        points = (row + alphas * (picture - row)).requires_grad_(True)
        model(points)[:, target].sum().backward()
        total += ((picture[0] - row) * points.grad.mean(dim=0)).double()
    return total / COUNT


def difference(model, bank, other, picture, target):
    """Relative L2 difference of the maps over two banks."""
    first, second = (mean_map(model, b, picture, target) for b in (bank, other))
    return ((first - second).norm() / first.norm()).item()


def read_ppm(path):
    with open(path, "rb") as file:
        raster = file.read()[-3 * render.SIZE * render.SIZE:]
    return export.to_input(np.frombuffer(raster, dtype=np.uint8).reshape(render.SIZE, render.SIZE, 3))


def main():
    torch.set_num_threads(1)
    data = os.path.join(train_small_net.ROOT, "examples", "data")
    model = build_model()
    export.read_weights(os.path.join(data, "small_net.bin"), model)
    model.eval()
    seed, split = train_small_net.SEED, train_small_net.TRAINING
    exact = np.stack([render.sample(seed, split, index)[2] for index in range(COUNT)])
    rounded = NEAREST[exact]
    path = os.path.join(data, "training_pictures.png")
    # Unfiltered rows: a filter would spread the few values over many.
    pictures.write_png(path, rounded.transpose(0, 2, 3, 1).reshape(COUNT * render.SIZE, render.SIZE, 3), filters=(0,))
    star = read_ppm(os.path.join(data, "pictures", "star_black.ppm")), render.CLASSES.index("star")
    noise = np.random.default_rng(0).integers(-1, 2, exact.shape)
    nudged = np.clip(exact.astype(int) + noise, 0, 255).astype(np.uint8)
    print("%d pictures, %d bytes, root mean square of the rounding %.2f of 255"
          % (COUNT, os.path.getsize(path), np.sqrt(((rounded.astype(float) - exact) ** 2).mean())))
    print("classified right: %d as drawn, %d as rounded" % (right(model, exact), right(model, rounded)))
    print("expected gradients of star_black against those over the pictures as drawn: %.1f %% off; over the pictures "
          "with -1, 0 or 1 of 255 added at random %.1f %%"
          % (100 * difference(model, exact, rounded, *star), 100 * difference(model, exact, nudged, *star)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
