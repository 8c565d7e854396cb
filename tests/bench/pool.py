"""pool.py - expected gradients: the pool, the lattice and the default sampler under a tolerance, and i.i.d. sampling.

Of i.i.d. sampling nothing is drawn: the mean squared error of N draws is the variance of one, over N, and the variance
comes from the same dense rows as the reference, midpoints from every baseline. (The library's own sampler is held
against it in the column "drawn / expected".)"""
from statistics import median

import attrib_ctypes as attrib
import networks
import numpy
import runs
import torch
from adaptive import TOLERANCES, crossing
from reference import relative

MOST = 16384
SAMPLERS = {"pool": attrib.SAMPLER_POOLED, "lattice": attrib.SAMPLER_LATTICE, "default": attrib.SAMPLER_DEFAULT}
NAMES = {attrib.SAMPLER_STRATIFIED: "stratified", attrib.SAMPLER_LATTICE: "lattice", attrib.SAMPLER_POOLED: "pool"}
POINTS = {"mlp_bc": 1024, "mlp_diab": 256, "cnn_relu": 512}  # of the reference, per baseline
FULL = {"mlp_bc": range(16), "mlp_diab": range(16), "cnn_relu": (0, 5)}
QUICK = {"mlp_bc": (0, 3, 7, 13), "mlp_diab": (0, 5, 10)}
DRAWS, SEEDS = 256, 12


def dense(subject, points):
    """Mean over baselines and alphas, and the sum of the variances of its elements."""
    alphas = (torch.arange(points, dtype=torch.float32) + 0.5) / points
    x, n = torch.from_numpy(subject.input), subject.input.size
    total, squares = (torch.zeros(n, dtype=torch.float64) for _ in range(2))
    for baseline in torch.from_numpy(subject.baselines):
        for some in alphas.split(128 if n < 1000 else 16):
            rows = baseline + some[:, None] * (x - baseline)
            _, gradients = subject.network.gradients(rows, subject.target, subject.probability)
            values = (gradients * (x - baseline)).double()
            total += values.sum(0)
            squares += (values**2).sum(0)
    count = points * len(subject.baselines)
    mean = (total / count).numpy()
    return mean, float(squares.sum()) / count - float(mean @ mean)


def pool_curve(library, subject, reference):
    """(evaluations, true error) of the pool, looked at on its way."""
    curve = []
    with runs.Run(library, subject, sampler=attrib.SAMPLER_POOLED, tolerance=1e-12, max_evaluations=MOST) as run:
        while run.go(0.05 * curve[-1][0] if curve else 1):
            _, values, _, report = run.result()
            if numpy.isfinite(report.error_estimate):  # the start is in
                curve.append((report.evaluations, relative(values, reference)))
            if len(curve) > 3 and max(error for _, error in curve[-3:]) < 0.008:
                break
    return curve


def by_tolerance(library, subject, reference, sampler):
    found = []
    for tolerance in TOLERANCES:
        status, values, _, report = subject.expected(library, sampler=sampler, tolerance=tolerance, seed=1,
                                                     max_evaluations=MOST)
        found.append({"rows": report.evaluations, "certified": status == attrib.OK,
                      "error": relative(values, reference), "tolerance": tolerance,
                      "sampler": NAMES.get(report.sampler, str(report.sampler))})
    return found


def measure(library, network, index, probability):
    subject = network.subject(index, probability)
    points = POINTS[network.name]
    reference, variance = dense(subject, points)
    own = relative(subject.reference(points // 2), reference) / 2
    length = float(reference @ reference)
    drawn = [subject.expected(library, sampler=attrib.SAMPLER_IID, samples=DRAWS, seed=seed)[1] - reference
             for seed in range(1, SEEDS + 1)]
    curve = pool_curve(library, subject, reference)
    score = "probability" if probability else "logit" if network.logits.shape[1] > 1 else "output"
    return {"class": f"{network.name} {score}", "input": index, "own": own,
            "independent": [variance / length / tolerance**2 for tolerance in TOLERANCES],
            "drawn": numpy.mean([d @ d for d in drawn]) * DRAWS / variance, "curve": curve,
            "true": [crossing(curve, tolerance) for tolerance in TOLERANCES],
            **{name: by_tolerance(library, subject, reference, sampler) for name, sampler in SAMPLERS.items()}}


def measure_all(library, folder, quick):
    wanted = QUICK if quick else FULL
    found = []
    for network in networks.load_networks(folder, tuple(wanted)):
        for probability in (False, True):
            if probability and network.logits.shape[1] == 1:
                continue
            found += [measure(library, network, index, probability) for index in wanted[network.name]]
    return found


def by_class(found):
    classes = {}
    for one in found:
        classes.setdefault(one["class"], []).append(one)
    return classes


def certified_cell(cases, name, k):
    """Median rows, how many met the tolerance of those that say so, worst error over tolerance of these."""
    said = [one[name][k] for one in cases if one[name][k]["certified"]]
    if not said:
        return f"none within {MOST}"
    met = sum(one["error"] <= one["tolerance"] for one in said)
    worst = max(one["error"] / one["tolerance"] for one in said)
    some = "" if len(said) == len(cases) else f" of {len(cases)}"
    return f"{median(one[name][k]['rows'] for one in cases):.0f}, {met}/{len(said)}{some}, {worst:.2f}"


def print_tables(found):
    print("\n## Expected gradients: rows to a true error of 10 / 5 / 2 / 1 %, medians\n\n"
          "96 rows of the training set as baselines, of pictures the other 15. The pool: one run, looked at on its "
          "way. i.i.d.: from the variance of a draw, exactly; drawn / expected: its mean squared error as the library "
          f"draws it ({DRAWS} draws, {SEEDS} seeds) over that.\n\n"
          "| class | inputs | reference's own error, worst | pool | i.i.d. | i.i.d. / pool at 5 %: median, worst "
          "| drawn / expected, median |\n|---|---|---|---|---|---|---|")
    for name, cases in by_class(found).items():
        rows = [" / ".join(f"{median(one[key][k] for one in cases):.0f}" for k in range(4))
                for key in ("true", "independent")]
        fewer = [one["independent"][1] / one["true"][1] for one in cases]
        print(f"| {name} | {len(cases)} | {max(one['own'] for one in cases):.1e} | {rows[0]} | {rows[1]} "
              f"| **{median(fewer):.1f}**, {min(fewer):.1f} | {median(one['drawn'] for one in cases):.2f} |")
    print("\n## Expected gradients under a tolerance\n\nRows (median), how many met the tolerance of all that claim "
          f"it, worst error / tolerance. At most {MOST} rows. Lattice and stratified draws ask for f at each baseline, "
          "too: as many rows again without gradient as there are baselines.\n\n"
          "| class | sampler | 10 % | 5 % | 2 % | 1 % |\n|---|---|---|---|---|---|")
    for name, cases in by_class(found).items():
        for sampler in SAMPLERS:
            chosen = ", ".join(sorted({entry["sampler"] for one in cases for entry in one[sampler]}))
            cells = " | ".join(certified_cell(cases, sampler, k) for k in range(4))
            print(f"| {name} | {sampler if sampler != 'default' else f'default ({chosen})'} | {cells} |", flush=True)


def judge(found, bounds):
    for name, limit in (("mlp_bc probability", 10), ("mlp_bc logit", 2), ("mlp_diab output", 2)):
        bounds.at_least(f"{name}, 96 baselines, expected gradients to 5 %: i.i.d. / pool, median",
                        median(one["independent"][1] / one["true"][1] for one in by_class(found)[name]), limit)
    claims = [entry for one in found for entry in one["pool"] if entry["certified"]]
    met = sum(entry["error"] <= entry["tolerance"] for entry in claims)
    bounds.at_least(f"met the tolerance, % of what the pool claims, all {len(claims)}", 100 * met / len(claims), 97)
    bounds.at_most("worst error / tolerance of what the pool claims",
                   max(entry["error"] / entry["tolerance"] for entry in claims), 1.3)
