"""Trains the network of examples/tabular on the bundled table; writes its weights and the golden vectors of its test.

    python3 train_table_net.py                      train, measure, write (a few seconds)
    python3 train_table_net.py --reuse              take the weights as they are, measure and write the golden vectors
    python3 train_table_net.py --source FILE        first make the bundled table anew from the source's penguins.csv

Needs PyTorch and numpy.  Deterministic for given versions of both and a given machine: see examples/data/penguins/README.md.
"""

import argparse
import csv
import os
import struct
import sys
import zlib

import numpy as np
import torch
from torch import nn

SEED = 20240611
HELD_OUT = 0.3              # share of each sex of each species
HIDDEN = (16, 8)
STEPS = 600
RATE = 1e-2
PENALTY = 1e-2              # of the sum of squared weights; the best of PENALTIES by cross-validation
PENALTIES = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2)

TARGET = "sex"
# What the network sees, in this order. The year of the visit is not for it.
COLUMNS = ["species", "island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
CATEGORICAL = {"species", "island"}

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))


# ---- the table ----

def make_table(source, path):
    """The source's rows without those that miss a value, and a last column that says what each is for."""
    with open(source, newline="") as file:
        header, *rows = csv.reader(file)
    complete = [row for row in rows if "NA" not in row]
    kinds = np.array([row[header.index("species")] + " " + row[header.index("sex")] for row in complete])
    generator = np.random.default_rng(SEED)
    held_out = set()
    for kind in sorted(set(kinds)):
        members = generator.permutation(np.flatnonzero(kinds == kind))
        held_out.update(members[:round(HELD_OUT * len(members))].tolist())
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header + ["split"])
        writer.writerows(row + ["held-out" if i in held_out else "training"] for i, row in enumerate(complete))
    print("%d of %d rows are complete, %d of them held out" % (len(complete), len(rows), len(held_out)))


class Table:
    """inputs: rows x inputs, categories one-hot; labels; groups: the column of each input."""

    def __init__(self, path):
        with open(path, newline="") as file:
            rows = list(csv.DictReader(file))
        self.classes = sorted({row[TARGET] for row in rows})
        self.categories = [sorted({row[c] for row in rows}) if c in CATEGORICAL else [] for c in COLUMNS]
        inputs, self.groups = [], []
        for column, (name, categories) in enumerate(zip(COLUMNS, self.categories)):
            for category in categories or [None]:
                inputs.append([float(row[name]) if category is None else float(row[name] == category)
                               for row in rows])
                self.groups.append(column)
        self.inputs = torch.tensor(inputs, dtype=torch.float64).T.contiguous()
        self.labels = torch.tensor([self.classes.index(row[TARGET]) for row in rows])
        self.training = torch.tensor([row["split"] == "training" for row in rows])


# ---- the network ----

class Net(nn.Module):
    """(x - mean) / scale, then dense layers with tanh between them.  mean and scale are constants of the network."""

    def __init__(self, inputs, classes):
        super().__init__()
        widths = (inputs,) + HIDDEN + (classes,)
        self.dense = nn.ModuleList(nn.Linear(a, b, dtype=torch.float64) for a, b in zip(widths, widths[1:]))
        self.mean = torch.zeros(inputs, dtype=torch.float64)
        self.scale = torch.ones(inputs, dtype=torch.float64)

    def forward(self, x):
        x = (x - self.mean) / self.scale
        for layer in self.dense[:-1]:
            x = torch.tanh(layer(x))
        return self.dense[-1](x)


def train(net, table, rows, penalty=PENALTY):
    """On some rows of the table, in full batches: a few hundred are no reason for less."""
    x, labels = table.inputs[rows], table.labels[rows]
    numbers = torch.tensor([not table.categories[c] for c in table.groups])
    net.mean[numbers] = x.mean(dim=0)[numbers]
    net.scale[numbers] = x.std(dim=0)[numbers]
    optimiser = torch.optim.Adam(net.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=STEPS)
    for _ in range(STEPS):
        loss = nn.functional.cross_entropy(net(x), labels)
        squares = sum((layer.weight ** 2).sum() for layer in net.dense)
        optimiser.zero_grad()
        (loss + penalty * squares).backward()
        optimiser.step()
        schedule.step()


def cross_validate(table, folds=5, repeats=2):
    """How the penalty was chosen: the training rows alone, a part of them held out at a time."""
    training = torch.nonzero(table.training)[:, 0]
    for penalty in PENALTIES:
        loss, right = 0.0, 0
        for repeat in range(repeats):
            generator = torch.Generator().manual_seed(SEED + repeat)
            order = training[torch.randperm(len(training), generator=generator)]
            for fold in range(folds):
                rest = order[torch.arange(len(order)) % folds != fold]
                part = order[fold::folds]
                torch.manual_seed(SEED)
                net = Net(table.inputs.shape[1], len(table.classes))
                train(net, table, rest, penalty)
                with torch.no_grad():
                    logits = net(table.inputs[part])
                right += (logits.argmax(dim=1) == table.labels[part]).sum().item()
                loss += nn.functional.cross_entropy(logits, table.labels[part], reduction="sum").item()
        count = repeats * len(training)
        print("penalty %g: %.1f %% right, cross entropy %.3f" % (penalty, 100 * right / count, loss / count))


def measure(net, table):
    with torch.no_grad():
        p = net(table.inputs).softmax(dim=1)
    best, labels = p.argmax(dim=1), table.labels
    for name, chosen in (("training", table.training), ("held-out", ~table.training)):
        right = (best == labels) & chosen
        loss = -p[chosen, labels[chosen]].log().mean()
        print("%s: %d of %d right (%s), cross entropy %.4f" % (
            name, right.sum(), chosen.sum(), ", ".join("%s %d of %d" % (
                c, (right & (labels == k)).sum(), (chosen & (labels == k)).sum())
                for k, c in enumerate(table.classes)), loss))
    for row in torch.nonzero(best != labels)[:, 0].tolist():
        print("  row %d is %s, seen as %s with %.2f" % (
            row + 1, table.classes[labels[row]], table.classes[best[row]], p[row].max()))


# ---- files: formats in examples/data/penguins/README.md ----

VERSION = 1
NAME_BYTES = 32


def _name(text):
    encoded = text.encode()
    if not 0 < len(encoded) < NAME_BYTES:
        raise ValueError("name '%s' does not fit %d bytes" % (text, NAME_BYTES))
    return encoded.ljust(NAME_BYTES, b"\0")


def _parameters(net):
    """Everything numeric of the network in the order of the file."""
    return [net.mean, net.scale] + [p.detach() for layer in net.dense for p in (layer.weight, layer.bias)]


def write_weights(path, net, table):
    body = _name(TARGET) + b"".join(map(_name, table.classes))
    for name, categories in zip(COLUMNS, table.categories):
        body += _name(name) + struct.pack("<I", len(categories)) + b"".join(map(_name, categories))
    body += b"".join(struct.pack("<I", layer.out_features) for layer in net.dense)
    body += b"".join(p.numpy().astype("<f8").tobytes() for p in _parameters(net))
    size = 8 + 5 * 4 + len(body) + 4
    content = b"TABLENET" + struct.pack("<5I", VERSION, size, len(table.classes), len(COLUMNS), len(net.dense)) + body
    with open(path, "wb") as file:
        file.write(content + struct.pack("<I", zlib.crc32(content)))


def read_weights(path, net):
    """Takes the numbers, which lie at the end, from a file this script wrote for the same table; its checksum."""
    with open(path, "rb") as file:
        content = file.read()
    checksum, = struct.unpack("<I", content[-4:])
    if zlib.crc32(content[:-4]) != checksum:
        raise ValueError(path + ": checksum does not match")
    count = sum(p.numel() for p in _parameters(net))
    values = torch.from_numpy(np.frombuffer(content[-4 - 8 * count:-4], dtype="<f8").copy())
    with torch.no_grad():
        for parameter in _parameters(net):
            parameter.copy_(values[:parameter.numel()].reshape(parameter.shape))
            values = values[parameter.numel():]
    return checksum


def log_odds(logits):
    """ln p / (1 - p) of each class: what the network says of the class by itself, whatever all logits share."""
    others = [torch.cat([logits[:, :k], logits[:, k + 1:]], dim=1) for k in range(logits.shape[1])]
    return logits - torch.stack([part.logsumexp(dim=1) for part in others], dim=1)


def expected_gradients(net, score, x, target, table, nodes=64):
    """What expected gradients over the training rows tend to, by column: Gauss-Legendre along every line."""
    at, weights = np.polynomial.legendre.leggauss(nodes)
    total = torch.zeros_like(x)
    rows = table.inputs[table.training]
    for alpha, weight in zip((at + 1) / 2, weights / 2):
        points = (rows + alpha * (x - rows)).requires_grad_(True)
        score(net(points))[:, target].sum().backward()
        total += weight * ((x - rows) * points.grad).mean(dim=0)
    groups = torch.tensor(table.groups)
    return [total[groups == c].sum().item() for c in range(len(COLUMNS))]


def write_golden(path, net, table, checksum):
    """Logits, gradients and expected gradients of some held-out rows, the least certain one of all among them."""
    with torch.no_grad():
        sure = net(table.inputs).softmax(dim=1).max(dim=1).values
    held_out = torch.nonzero(~table.training)[:, 0].tolist()
    chosen = sorted(set(held_out[::10]) | {min(held_out, key=lambda row: sure[row].item())})
    scores = {"logit": log_odds, "probability": lambda z: z.softmax(dim=1)}

    def line(kind, values):
        return kind + "".join(" %.17g" % v for v in values) + "\n"

    with open(path, "w") as file:
        file.write("# Written by examples/train/train_table_net.py with PyTorch %s in double, for the weights with CRC-32 "
                   "%08x.\n# Rows are numbered as in penguins.csv, from 1; classes from 0.\n"
                   "#   logits ROW: outputs of the last layer, one per class\n"
                   "#   gradient ROW CLASS SCORE: one per input of the network; score logit is ln p / (1 - p)\n"
                   "#   expected ROW CLASS SCORE: expected gradients over the training rows, one per column\n"
                   % (torch.__version__, checksum))
        for row in chosen:
            x = table.inputs[row:row + 1].clone().requires_grad_(True)
            file.write(line("logits %d" % (row + 1), net(x)[0].tolist()))
            for name, score in scores.items():
                for target in range(len(table.classes)):
                    gradient, = torch.autograd.grad(score(net(x))[0, target], x)
                    file.write(line("gradient %d %d %s" % (row + 1, target, name), gradient[0].tolist()))
        for row in chosen[:3]:
            for name, score in scores.items():
                target = int(net(table.inputs[row:row + 1]).argmax())
                values = expected_gradients(net, score, table.inputs[row], target, table)
                file.write(line("expected %d %d %s" % (row + 1, target, name), values))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reuse", action="store_true", help="do not train: read the weights written before")
    parser.add_argument("--validate", action="store_true", help="cross-validate penalties and write nothing more")
    parser.add_argument("--source", help="penguins.csv of the R package palmerpenguins")
    parser.add_argument("--out", default=ROOT, help="folder that gets examples/data and tests/golden")
    options = parser.parse_args()

    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)        # one thread: no sum depends on how work was shared out
    data = os.path.join(options.out, "examples", "data", "penguins")
    golden = os.path.join(options.out, "tests", "golden")
    os.makedirs(data, exist_ok=True)
    os.makedirs(golden, exist_ok=True)
    path, weights = os.path.join(data, "penguins.csv"), os.path.join(data, "table_net.bin")
    if options.source:
        make_table(options.source, path)
    table = Table(path)
    net = Net(table.inputs.shape[1], len(table.classes))
    if options.validate:
        cross_validate(table)
        return 0
    if not options.reuse:
        train(net, table, table.training)
        write_weights(weights, net, table)
    checksum = read_weights(weights, net)
    print("CRC-32 of table_net.bin %08x" % checksum)
    measure(net, table)
    write_golden(os.path.join(golden, "table_net_vectors.txt"), net, table, checksum)
    return 0


if __name__ == "__main__":
    sys.exit(main())
