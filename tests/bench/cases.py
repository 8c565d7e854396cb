"""cases.py - what integrated gradients are measured on: a network, one of its inputs, one baseline, logit or
probability. Everything is seeded.

Baselines: black, mid-grey and uniform noise for pictures; the training mean, zeros and one row of the training set for
tables. Cases whose output changes by less than 2 % of its range from baseline to input are left out: there is little to
attribute, and nothing for a relative error to refer to. The range is 1 for a probability; for a logit the input's
largest logit less its least; for a network with one output what it spans over the training rows."""
from dataclasses import dataclass

import networks
import numpy
import torch

LEAST_CHANGE = 0.02
SMOOTH = ("cnn_gelu", "vit")
# Inputs used.
FULL = {"cnn_relu": range(16), "cnn_gelu": range(12), "vit": range(8), "mlp_bc": range(16), "mlp_diab": range(16),
        "photographs": (0, 1)}
QUICK = {"cnn_relu": range(0, 16, 4), "cnn_gelu": (0, 4, 8), "vit": (1,), "mlp_bc": range(0, 16, 2),
         "mlp_diab": range(0, 16, 2), "photographs": ()}


@dataclass
class Pair:
    """An input and a baseline of a network."""
    network: networks.Network
    index: int
    label: str  # of the baseline
    baseline: numpy.ndarray

    @property
    def photographs(self):
        return isinstance(self.network, networks.Photographs)

    @property
    def scores(self):
        return ("logit", "probability") if self.network.logits.shape[1] > 1 else ("output",)

    @property
    def name(self):
        return list(networks.PHOTOGRAPHS)[self.index] if self.photographs else f"input {self.index}"

    def class_name(self, score):
        kind = self.network.name
        if kind in SMOOTH:
            kind = "smooth"
        elif self.photographs:
            kind = "photographs"
        return f"{kind} {score}"

    def subject(self, score):
        return self.network.subject(self.index, score == "probability", self.baseline[None, :])

    def changes(self, score):
        """Whether the output changes enough for the case to count."""
        with torch.no_grad():
            rows = torch.from_numpy(numpy.stack([self.network.inputs[self.index], self.baseline]))
            at, before = self.network.explained(rows, self.network.targets[self.index], score == "probability")
        return abs(float(at - before)) >= LEAST_CHANGE * output_range(self.network, self.index, score)


def output_range(network, index, score):
    if score == "probability":
        return 1.0
    if score == "logit":
        return float(network.logits[index].max() - network.logits[index].min())
    with torch.no_grad():
        outputs = network.outputs(torch.from_numpy(numpy.concatenate([network.inputs, network.baselines])))
    return float(outputs.max() - outputs.min())


def baselines_of(network, folder, index):
    """Label and row of each."""
    n, chance = network.inputs.shape[1], numpy.random.default_rng(1000 + index)
    if network.baselines is None:
        yield "black", numpy.zeros(n, numpy.float32)
        yield "mid-grey", numpy.full(n, 0.5, numpy.float32)
        yield "uniform", chance.random(n, numpy.float32)
        return
    mean = numpy.load(folder / f"train_mean_{network.name[4:]}.npy").astype(numpy.float32)
    yield "training mean", mean.reshape(-1)
    yield "zeros", numpy.zeros(n, numpy.float32)
    yield "training row", network.baselines[chance.integers(len(network.baselines))].copy()


def pairs(folder, quick):
    """All of them, network by network."""
    wanted = QUICK if quick else FULL
    loaded = list(networks.load_networks(folder))
    photographs = networks.load_photographs(folder) if wanted["photographs"] else None
    if photographs is not None:
        loaded.append(photographs)
    for network in loaded:
        for index in wanted["photographs" if network is photographs else network.name]:
            for label, row in baselines_of(network, folder, index):
                yield Pair(network, index, label, row)
