"""Writes what the C side reads: the weights, the network as ONNX, the bundled pictures, the golden vectors.

The formats are described in examples/data/README.md.
"""

import copy
import os
import struct
import zlib

import numpy as np
import torch
from torch import nn

import pictures
import render

WEIGHTS_VERSION = 1
GOLDEN_VERSION = 1
NAME_BYTES = 16
CONV, RELU, MAX_POOL, AVERAGE_POOL, FLATTEN, DENSE = 1, 2, 3, 4, 5, 6


def _layer_record(name, layer):
    """(kind, outputs, kernel, padded name): outputs and kernel are zero where the kind does not need them."""
    if isinstance(layer, nn.Conv2d):
        kind, outputs, kernel = CONV, layer.out_channels, layer.kernel_size[0]
    elif isinstance(layer, nn.ReLU):
        kind, outputs, kernel = RELU, 0, 0
    elif isinstance(layer, nn.MaxPool2d):
        kind, outputs, kernel = MAX_POOL, 0, layer.kernel_size
    elif isinstance(layer, nn.AvgPool2d):
        kind, outputs, kernel = AVERAGE_POOL, 0, layer.kernel_size
    elif isinstance(layer, nn.Flatten):
        kind, outputs, kernel = FLATTEN, 0, 0
    elif isinstance(layer, nn.Linear):
        kind, outputs, kernel = DENSE, layer.out_features, 0
    else:
        raise TypeError("no record for " + type(layer).__name__)
    return struct.pack("<III", kind, outputs, kernel) + name.encode().ljust(NAME_BYTES, b"\0")


def write_weights(path, model):
    body = b"".join(name.encode().ljust(NAME_BYTES, b"\0") for name in render.CLASSES)
    body += b"".join(_layer_record(name, layer) for name, layer in model.named_children())
    for layer in model.children():
        for parameter in layer.parameters():        # weight, then bias
            body += parameter.detach().numpy().astype("<f4").tobytes()
    size = 8 + 7 * 4 + len(body) + 4
    header = b"SMALLNET" + struct.pack("<7I", WEIGHTS_VERSION, size, 3, render.SIZE, render.SIZE, len(render.CLASSES),
                                       len(list(model.children())))
    with open(path, "wb") as file:
        file.write(header + body + struct.pack("<I", zlib.crc32(header + body)))


def read_weights(path, model):
    """Takes the parameters from a file this module wrote for the same model."""
    with open(path, "rb") as file:
        content = file.read()
    if zlib.crc32(content[:-4]) != struct.unpack("<I", content[-4:])[0]:
        raise ValueError(path + ": checksum does not match")
    records = len(render.CLASSES) * NAME_BYTES + len(list(model.children())) * (12 + NAME_BYTES)
    values = np.frombuffer(content[8 + 7 * 4 + records:-4], dtype="<f4")
    with torch.no_grad():
        for parameter in model.parameters():
            count = parameter.numel()
            parameter.copy_(torch.from_numpy(values[:count].reshape(parameter.shape).copy()))
            values = values[count:]
    if len(values):
        raise ValueError(path + ": more parameters than the model has")


ONNX_OPSET = 11         # what OpenCV 4.6 and every newer runtime reads


def write_onnx(path, model):
    """The same network for other runtimes.  Input `picture`, rows x 3 x 64 x 64 in [0, 1]; output `logits`, rows x 10."""
    torch.onnx.export(model.eval(), torch.zeros(1, 3, render.SIZE, render.SIZE), path, opset_version=ONNX_OPSET,
                      input_names=["picture"], output_names=["logits"],
                      dynamic_axes={"picture": {0: "rows"}, "logits": {0: "rows"}})


# ---- bundled pictures ----

# (name, class, how it is painted, colour).  Two pictures of a class share a name's first word, not the placement.
BUNDLED = [
    ("disc_blue", "disc", "colour", (0.10, 0.25, 0.85)),
    ("ring_yellow", "ring", "colour", (0.95, 0.85, 0.15)),
    ("triangle_white", "triangle", "white", None),
    ("square_black", "square", "black", None),
    ("star_black", "star", "black", None),
    ("star_white", "star", "white", None),
    ("cross_white", "cross", "white", None),
    ("heart_red", "heart", "colour", (0.85, 0.08, 0.12)),
    ("heart_black", "heart", "black", None),
    ("crescent_orange", "crescent", "colour", (0.98, 0.55, 0.10)),
    ("arrow_green", "arrow", "colour", (0.10, 0.60, 0.20)),
    ("hourglass_violet", "hourglass", "colour", (0.50, 0.15, 0.75)),
]
LARGE = ("star_red_256x192", "star", "colour", (0.85, 0.10, 0.10))
LARGE_HEIGHT, LARGE_WIDTH = 192, 256
SURE = 0.9              # least probability of the right class; the first picture drawn that has it is taken


def to_input(pixels):
    """height x width x 3 bytes to 1 x 3 x height x width floats in [0, 1]."""
    values = pixels.astype(np.float32) / np.float32(255.0)
    return torch.from_numpy(np.ascontiguousarray(values.transpose(2, 0, 1)))[None]


def _probability(model, batch, label):
    with torch.no_grad():
        return model(batch).softmax(dim=1)[0, label].item()


def _shrunk(batch):
    """The usual ways to shrink: bilinear from the four nearest pixels, bilinear with a widened filter, area average."""
    size = (render.SIZE, render.SIZE)
    views = [nn.functional.interpolate(batch, size, mode="bilinear", align_corners=False, antialias=antialias)
             for antialias in (False, True)]
    return views + [nn.functional.interpolate(batch, size, mode="area")]


def _draw(model, seed, split, position, entry, height, width):
    """The first picture of the entry's random streams that the model is sure of: (pixels, mask)."""
    name, shape, paint, colour = entry
    label = render.CLASSES.index(shape)
    for attempt in range(100):
        rng = np.random.default_rng([seed, split, position, attempt])
        picture, mask = render.draw_picture(rng, shape, paint, height, width, colour)
        pixels = render.to_bytes(picture)
        batch = to_input(pixels)
        views = [batch] if height == render.SIZE and width == render.SIZE else _shrunk(batch)
        sure = min(_probability(model, view, label) for view in views)
        if sure > SURE:
            print("%-18s attempt %d, probability %.4f" % (name, attempt, sure))
            return pixels, render.to_bytes(mask)
    raise RuntimeError("no picture of " + name + " is classified right")


def write_pictures(folder, model, seed, split):
    """Writes the bundled pictures and masks; returns [(name, label, pixels)] of the small ones."""
    chosen = []
    for position, entry in enumerate(BUNDLED):
        pixels, mask = _draw(model, seed, split, position, entry, render.SIZE, render.SIZE)
        path = os.path.join(folder, entry[0])
        pictures.write_png(path + ".png", pixels)
        pictures.write_ppm(path + ".ppm", pixels)
        pictures.write_pgm(path + "_mask.pgm", mask)
        chosen.append((entry[0], render.CLASSES.index(entry[1]), pixels))
    pixels, mask = _draw(model, seed, split, len(BUNDLED), LARGE, LARGE_HEIGHT, LARGE_WIDTH)
    path = os.path.join(folder, LARGE[0])
    pictures.write_png(path + ".png", pixels)
    pictures.write_pgm(path + "_mask.pgm", mask)
    return chosen


# ---- golden vectors ----

GOLDEN_NAME_BYTES = 32
LOGIT, PROBABILITY = 0, 1
# (picture, score, weights of the explained sum: a class name, or ten numbers)
GOLDEN_GRADIENTS = [
    ("star_black", LOGIT, "star"),
    ("heart_red", LOGIT, (0.5, 0.0, -1.25, 0.0, 0.0, 0.0, 2.0, 0.0, -0.75, 1.0)),
    (None, PROBABILITY, None),      # the picture with the least sure probability of its own class
]


def write_golden(path, model, chosen):
    """Logits of all bundled pictures and some gradients, computed by PyTorch in double from the float inputs."""
    exact = copy.deepcopy(model).double().eval()
    inputs = {name: to_input(pixels).double() for name, _, pixels in chosen}
    # Where the softmax is saturated its gradient is too small for float; so take the least saturated one.
    sure = [_probability(exact, inputs[name], label) for name, label, _ in chosen]
    least_sure, label, _ = chosen[int(np.argmin(sure))]
    content = b"SNETGOLD" + struct.pack("<III", GOLDEN_VERSION, len(chosen), len(GOLDEN_GRADIENTS))
    for name, number, _ in chosen:
        with torch.no_grad():
            logits = exact(inputs[name])[0].numpy()
        content += name.encode().ljust(GOLDEN_NAME_BYTES, b"\0") + struct.pack("<I", number)
        content += logits.astype("<f8").tobytes()
    for name, score, wanted in GOLDEN_GRADIENTS:
        if name is None:
            name, wanted = least_sure, render.CLASSES[label]
        if isinstance(wanted, str):
            wanted = [1.0 if c == wanted else 0.0 for c in render.CLASSES]
        weights = torch.tensor(wanted, dtype=torch.float64)
        batch = inputs[name].clone().requires_grad_(True)
        logits = exact(batch)
        output = ((logits.softmax(dim=1) if score == PROBABILITY else logits)[0] * weights).sum()
        output.backward()
        content += name.encode().ljust(GOLDEN_NAME_BYTES, b"\0") + struct.pack("<I", score)
        content += weights.numpy().astype("<f8").tobytes() + struct.pack("<d", output.item())
        content += batch.grad[0].numpy().astype("<f4").tobytes()
    with open(path, "wb") as file:
        file.write(content + struct.pack("<I", zlib.crc32(content)))
