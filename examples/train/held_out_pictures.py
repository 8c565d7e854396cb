"""Writes the first held-out pictures and the masks of their objects, one below the other, as
examples/data/held_out_pictures.png and held_out_masks.png: what examples/baseline_study judges baselines on.

The pictures are rounded as the training pictures are (picture_bank.py says how), the masks are not.

    python3 held_out_pictures.py

Needs numpy, and PyTorch to see how the network takes the rounded pictures.  Numbers are in examples/data/README.md.
"""

import os
import sys

import numpy as np
import torch

import export
import picture_bank
import pictures
import render
import train_small_net
from model import build_model

COUNT = 200


def right(model, rows):
    with torch.no_grad():
        found = model(picture_bank.to_rows(rows)).argmax(dim=1).numpy()
    return int((found == np.arange(COUNT) % len(render.CLASSES)).sum())


def strip(rows):
    """Rows of planes to one picture, the rows below one another."""
    return rows.transpose(0, 2, 3, 1).reshape(COUNT * render.SIZE, render.SIZE, 3)


def main():
    torch.set_num_threads(1)
    data = os.path.join(train_small_net.ROOT, "examples", "data")
    model = build_model()
    export.read_weights(os.path.join(data, "small_net.bin"), model)
    model.eval()
    drawn = [render.sample(train_small_net.SEED, train_small_net.HELD_OUT, index) for index in range(COUNT)]
    exact = np.stack([picture for _, _, picture, _ in drawn])
    masks = np.repeat(np.stack([mask for _, _, _, mask in drawn])[:, None], 3, axis=1)
    rounded = picture_bank.NEAREST[exact]
    for name, rows, filters in (("pictures", rounded, (0,)), ("masks", masks, (0, 1, 2, 3, 4))):
        path = os.path.join(data, "held_out_%s.png" % name)
        pictures.write_png(path, strip(rows), filters)
        print("%s: %d bytes" % (os.path.basename(path), os.path.getsize(path)))
    paints = [paint for _, paint, _, _ in drawn]
    print("objects: %s" % ", ".join("%d %s" % (paints.count(p), p) for p in ("black", "white", "colour")))
    print("classified right: %d as drawn, %d as rounded, of %d" % (right(model, exact), right(model, rounded), COUNT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
