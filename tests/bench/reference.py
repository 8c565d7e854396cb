"""reference.py - dense reference attributions of a pair, and how far the rules that others use are from them.

By torch alone, without the library. The reference is the trapezoidal rule over 2520 or more gaps; its own error is
about |difference to every second node| / sqrt(3) where the path is rough, less where it is smooth. Midpoint rules and
the mean over evenly spaced points whose nodes are among those of the reference come with it at no cost; Gauss-Legendre
has rows of its own. Rows are shared by logit and probability.

Kept in the cache folder, by a hash of everything that goes in."""
import hashlib

import numpy
import torch

VERSION = 1  # of what is stored
# A rule's ladder ends where its error has been below this since two thirds of its points; others: 0.001.
SMALL = {"photographs": 0.006, "cnn_relu": 0.006}
MOST_GAUSS = {"photographs": 370, "cnn_relu": 532, "mlp_bc": 532}  # of each ladder; others: 150
GAPS = {"photographs": 2520, "cnn_relu": 2520, "mlp_bc": 5040, "mlp_diab": 2520}  # others: 1260


def kind_of(pair):
    return "photographs" if pair.photographs else pair.network.name


def small(pair):
    return SMALL.get(kind_of(pair), 0.001)


def is_fine(pair, quick):
    """The error goes up and down with the points: what it is for good is found by steps of a twentieth. Of photographs
    and in the quick form by steps of a fifth, which find too few points rather than too many."""
    return not quick and not pair.photographs


def ladder(most, fine):
    """10, 11, ...: up by a twentieth to 200, then by a fifth; or 10, 12, 14, ...: by a fifth from the start."""
    points = 10
    while points <= most:
        yield points
        points = max(points + 1, round(points * (1.05 if fine and points < 200 else 1.2)))


class Sums:
    """Weighted sums of gradients, many rules at a time."""

    def __init__(self, weights, size):
        self.weights, self.totals = weights, numpy.zeros((len(weights), size))

    def add(self, begin, gradients):
        part = self.weights[:, begin:begin + len(gradients)]
        used = numpy.flatnonzero(part.any(1))
        if len(used):
            self.totals[used] += part[used].astype(numpy.float32) @ gradients


def even_rules(gaps):
    """Name -> weights on the nodes 0, 1/gaps, ..., 1 of the rules whose nodes are among them; and of the reference and
    the same with every second node."""
    rules = {}
    for name, step in (("reference", 1), ("halved", 2)):
        rules[name] = numpy.zeros(gaps + 1)
        rules[name][::step] = step / gaps
        rules[name][[0, -1]] /= 2
    last = 8.0
    for points in range(10, 505):
        if points < 1.12 * last:
            continue
        if gaps % (2 * points) == 0:
            rules["midpoint", points] = numpy.zeros(gaps + 1)
            rules["midpoint", points][gaps // (2 * points)::gaps // points] = 1 / points
            last = points
    last = 8.0
    for points in range(10, 506):
        if points >= 1.12 * last and gaps % (points - 1) == 0:
            rules["linspace", points] = numpy.zeros(gaps + 1)
            rules["linspace", points][::gaps // (points - 1)] = 1 / points
            last = points
    return rules


def gradients_at(pair, alphas):
    """One batch of rows: a gradient array for each score."""
    x, b = (torch.from_numpy(v) for v in (pair.network.inputs[pair.index], pair.baseline))
    alphas = torch.from_numpy(alphas)[:, None]
    rows = (b + alphas * (x - b).double()).float().requires_grad_(True)
    outputs, target = pair.network.outputs(rows), pair.network.targets[pair.index]
    found = [torch.autograd.grad(outputs[:, target].sum(), rows, retain_graph=len(pair.scores) > 1)[0].numpy()]
    if len(pair.scores) > 1:
        found.append(torch.autograd.grad(torch.softmax(outputs, 1)[:, target].sum(), rows)[0].numpy())
    return found


def integrate(pair, alphas, weights):
    """For each score the integrals by each row of weights."""
    sums = [Sums(weights, pair.baseline.size) for _ in pair.scores]
    rows = 16 if pair.baseline.size > 1000 else 128  # what torch is fastest with
    for begin in range(0, len(alphas), rows):
        for one, gradients in zip(sums, gradients_at(pair, alphas[begin:begin + rows])):
            one.add(begin, gradients)
    displacement = pair.network.inputs[pair.index].astype(float) - pair.baseline
    return [one.totals * displacement for one in sums]


def relative(values, reference):
    return float(numpy.linalg.norm(values - reference) / numpy.linalg.norm(reference))


def gauss_legendre(pair, references, fine):
    """(points, error) up the ladder, for each score."""
    curves = [[] for _ in references]
    for points in ladder(MOST_GAUSS.get(kind_of(pair), 150), fine):
        nodes, weights = numpy.polynomial.legendre.leggauss(points)
        for curve, values, reference in zip(curves, integrate(pair, (nodes + 1) / 2, weights[None, :] / 2), references):
            curve.append((points, relative(values[0], reference)))
        late = [error for curve in curves for n, error in curve if 1.5 * n >= points]
        if points > 15 and max(late) < small(pair):
            break
    return curves


def measure(pair, fine):
    """Score -> reference, its own error, and a curve (points, error) for each of the others' rules."""
    gaps = GAPS.get(kind_of(pair), 1260)
    rules = even_rules(gaps)
    integrals = integrate(pair, numpy.linspace(0, 1, gaps + 1), numpy.stack(list(rules.values())))
    found, names = {}, list(rules)
    for score, totals in zip(pair.scores, integrals):
        reference = totals[0]
        curves = {"midpoint": [], "linspace": []}
        for name, values in zip(names[2:], totals[2:]):
            curves[name[0]].append((name[1], relative(values, reference)))
        found[score] = {"reference": reference.astype(numpy.float32),
                        "own": relative(totals[1], reference) / 3**0.5, **curves}
    for score, curve in zip(pair.scores, gauss_legendre(pair, [totals[0] for totals in integrals], fine)):
        found[score]["gauss"] = curve
    return found


def key(pair, fine):
    kind = kind_of(pair)
    plan = (VERSION, fine, small(pair), GAPS.get(kind, 1260), MOST_GAUSS.get(kind, 150),
            pair.network.targets[pair.index], torch.__version__)
    digest = hashlib.sha256(repr(plan).encode())
    for part in (pair.network.file.read_bytes(), pair.network.inputs[pair.index].tobytes(), pair.baseline.tobytes()):
        digest.update(part)
    return digest.hexdigest()[:32]


def find(pair, cache, quick=False):
    """measure(), out of the cache where it is there."""
    fine = is_fine(pair, quick)
    file = cache / f"{key(pair, fine)}.npz"
    if file.is_file():
        with numpy.load(file) as stored:
            found = {}
            for name in stored.files:
                found.setdefault(name.split(".")[0], {})[name.split(".")[1]] = stored[name]
            return found
    found = measure(pair, fine)
    partial = file.with_suffix(".part.npz")
    numpy.savez(partial, **{f"{score}.{name}": value for score, one in found.items() for name, value in one.items()})
    partial.rename(file)
    return {score: {name: numpy.asarray(value) for name, value in one.items()} for score, one in found.items()}
