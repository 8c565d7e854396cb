"""Trains the small network on pictures it renders itself and writes everything under examples/data and tests/golden.

    python3 train_small_net.py             render, train, measure, write (about ten minutes)
    python3 train_small_net.py --reuse     take the weights from examples/data/small_net.bin, measure and write the rest
    python3 train_small_net.py --onnx      write examples/data/small_net.onnx from small_net.bin, and nothing else

Needs PyTorch and numpy.  Deterministic for given versions of both and a given machine: see examples/data/README.md.
"""

import argparse
import os
import sys
import time
from multiprocessing import Pool

import numpy as np
import torch
from torch.nn import functional

import export
import render
from model import build_model

SEED = 20240607
TRAINING, HELD_OUT, BUNDLED = 0, 1, 2       # splits never share a random stream
TRAINING_PICTURES = 40000
HELD_OUT_PICTURES = 5000
EPOCHS = 16
BATCH = 64
PEAK_RATE = 4e-3

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))


def _sample(key):
    return render.sample(*key)


def render_split(split, count, processes):
    """(pictures: count x 3 x 64 x 64 bytes, labels, paints); the same for any number of processes."""
    pictures = np.empty((count, 3, render.SIZE, render.SIZE), dtype=np.uint8)
    labels, paints = np.empty(count, dtype=np.int64), []
    with Pool(processes) as pool:
        keys = ((SEED, split, index) for index in range(count))
        for index, (label, paint, picture, _) in enumerate(pool.imap(_sample, keys, chunksize=200)):
            pictures[index], labels[index] = picture, label
            paints.append(paint)
    return torch.from_numpy(pictures), torch.from_numpy(labels), np.array(paints)


def augment(batch, generator):
    """The same flips for the whole batch, then a colour permutation and perhaps a negative for each picture."""
    flips = torch.randint(8, (1,), generator=generator).item()
    if flips & 1:
        batch = batch.flip(2)
    if flips & 2:
        batch = batch.flip(3)
    if flips & 4:
        batch = batch.transpose(2, 3)
    order = torch.rand(batch.shape[0], 3, generator=generator).argsort(dim=1)
    batch = torch.gather(batch, 1, order[:, :, None, None].expand(-1, -1, render.SIZE, render.SIZE))
    negative = torch.randint(2, (batch.shape[0], 1, 1, 1), generator=generator).float()
    return (negative - batch).abs()


def train(model, pictures, labels, epochs):
    """One-cycle schedule; the channels-last layout is only there because it is faster on a processor."""
    model.to(memory_format=torch.channels_last)
    generator = torch.Generator().manual_seed(SEED)
    optimiser = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, weight_decay=1e-3)
    steps = len(labels) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=epochs * steps, pct_start=0.2)
    for epoch in range(epochs):
        order = torch.randperm(len(labels), generator=generator)
        total, started = 0.0, time.time()
        for step in range(steps):
            chosen = order[step * BATCH:(step + 1) * BATCH]
            batch = augment(pictures[chosen].float() / 255.0, generator)
            loss = functional.cross_entropy(model(batch.contiguous(memory_format=torch.channels_last)), labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        print("epoch %2d  loss %.4f  %.0f s" % (epoch + 1, total / steps, time.time() - started), flush=True)
    model.to(memory_format=torch.contiguous_format)


def classify(model, pictures):
    with torch.no_grad():
        return torch.cat([model(part.float() / 255.0).argmax(dim=1) for part in pictures.split(500)])


def measure(model, pictures, labels, paints):
    """Share classified right: overall, per class, per kind of object colour."""
    right = (classify(model, pictures) == labels).numpy()
    result = {"all": right.mean()}
    for label, name in enumerate(render.CLASSES):
        result[name] = right[labels.numpy() == label].mean()
    for paint in ("black", "white", "colour"):
        result[paint] = right[paints == paint].mean()
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reuse", action="store_true", help="do not train: read the weights written before")
    parser.add_argument("--onnx", action="store_true", help="only write small_net.onnx from the weights written before")
    parser.add_argument("--processes", type=int, default=2, help="for rendering; does not change anything written")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--out", default=ROOT, help="folder that gets examples/data and tests/golden")
    options = parser.parse_args()

    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)        # one thread: no sum depends on how work was shared out
    data = os.path.join(options.out, "examples", "data")
    golden = os.path.join(options.out, "tests", "golden")
    os.makedirs(os.path.join(data, "pictures"), exist_ok=True)
    os.makedirs(golden, exist_ok=True)

    started = time.time()
    model = build_model()
    weights = os.path.join(data, "small_net.bin")
    if options.onnx or options.reuse:
        export.read_weights(weights, model)
    else:
        pictures, labels, _ = render_split(TRAINING, TRAINING_PICTURES, options.processes)
        print("rendered %d pictures in %.0f s" % (len(labels), time.time() - started), flush=True)
        train(model, pictures, labels, options.epochs)
        export.write_weights(weights, model)
        print("trained in %.1f min" % ((time.time() - started) / 60))

    export.write_onnx(os.path.join(data, "small_net.onnx"), model)
    if options.onnx:
        return 0

    model.eval()
    for name, share in measure(model, *render_split(HELD_OUT, HELD_OUT_PICTURES, options.processes)).items():
        print("held-out accuracy  %-10s %6.2f %%" % (name, 100 * share))
    chosen = export.write_pictures(os.path.join(data, "pictures"), model, SEED, BUNDLED)
    export.write_golden(os.path.join(golden, "small_net_vectors.bin"), model, chosen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
