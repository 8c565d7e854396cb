"""sampling_nets.py [--quick] [--bundled=RATIO] LIBRARY [DATA] - what sampling costs on the networks of the shared data:
evaluations for a given true error. Two of tables, 96 rows of the training set as baselines, and three of pictures of
digits, the other 15 pictures as baselines.

Prints tables in Markdown, then the bounds; exit status 1 where one does not hold, 77 without the data or torch.
--quick: fewer inputs and seeds, logits only, the same bounds; a minute on one processor. --bundled: what smooth.c
measured on the bundled network, for the median over networks. Evaluations are gradient rows. The same measurements on
the bundled network: expected.c and smooth.c."""
import sys
import time
from pathlib import Path
from statistics import median

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ffi"))
import attrib_ctypes as attrib  # noqa: E402
import networks  # noqa: E402
import numpy  # noqa: E402  (networks has seen to it that it is there)

WANTED = 0.05
INDEPENDENT_DRAWS = 192  # of the one measurement of i.i.d. sampling: its error falls as 1 / sqrt(N) exactly
STRATIFIED_DRAWS = (32, 128, 512)
SMOOTH_SAMPLES = 20  # few and often: the ratio is the same for any number, and known better from many runs
FORMS = ("SmoothGrad", "squared", "variance", "times input", "SmoothTaylor")
QUICK = {"independent": 6, "seeds": 2, "runs": 1, "smooth": 15, "smooth_reference": 1500,
         "inputs": {"mlp_bc": 6, "mlp_diab": 6, "cnn_relu": 3, "cnn_gelu": 3, "vit": 2},
         "dense": {"mlp_bc": 256, "mlp_diab": 128, "cnn_relu": 128, "cnn_gelu": 64, "vit": 64}}
FULL = {"independent": 16, "seeds": 4, "runs": 3, "smooth": 30, "smooth_reference": 3000,
        "inputs": {"mlp_bc": 16, "mlp_diab": 16, "cnn_relu": 8, "cnn_gelu": 8, "vit": 4},
        "dense": {"mlp_bc": 1024, "mlp_diab": 256, "cnn_relu": 256, "cnn_gelu": 256, "vit": 128}}


def rms(values):
    return float(numpy.sqrt(numpy.mean(numpy.square(values))))


def percent(value):
    return f"{100 * value:.2g} %"


class Bounds:
    def __init__(self):
        self.lines, self.failed = [], False

    def add(self, holds, text):
        self.lines.append(f"| {text} | {'PASS' if holds else 'FAIL'} |")
        self.failed = self.failed or not holds


class Measurement:
    """Of one prediction: true errors against a dense reference."""

    def __init__(self, library, subject, plan):
        self.library, self.subject, self.plan = library, subject, plan
        dense = plan["dense"][subject.network.name]
        self.baselines = len(subject.baselines)
        self.reference = subject.reference(dense)
        # The reference's own error is at most about half of this, for the other's is twice as large.
        self.own_error = networks.relative_error(subject.reference(dense // 2), self.reference) / 2

    def error(self, sampler, samples, seeds):
        errors = []
        for seed in range(1, seeds + 1):
            values = self.subject.expected(self.library, sampler=sampler, samples=samples, seed=seed)[1]
            errors.append(networks.relative_error(values, self.reference))
        return rms(errors)

    def independent(self):
        error = self.error(attrib.SAMPLER_IID, INDEPENDENT_DRAWS, self.plan["independent"])
        return INDEPENDENT_DRAWS * (error / WANTED) ** 2

    def ladder(self, sampler, steps):
        """Between the two steps that have more and less than the error, or beyond the last two."""
        before = None
        for rows in steps:
            error = self.error(sampler, rows, self.plan["seeds"])
            if error <= WANTED:
                break
            if rows != steps[-1]:
                before = rows, error
        return rows if before is None else meet(*before, rows, error)

    def stratified(self):
        return self.ladder(attrib.SAMPLER_STRATIFIED, STRATIFIED_DRAWS)

    def lattice(self):
        return self.ladder(attrib.SAMPLER_LATTICE, [self.baselines << k for k in range(9)])

    def by_tolerance(self):
        runs = [self.subject.expected(self.library, tolerance=WANTED, seed=1000 + seed)
                for seed in range(self.plan["runs"])]
        return {"rows": numpy.mean([report.evaluations for _, _, _, report in runs]),
                "error": rms([networks.relative_error(values, self.reference) for _, values, _, _ in runs]),
                "estimate": rms([report.error_estimate for _, _, _, report in runs]),
                "converged": sum(status == attrib.OK for status, _, _, _ in runs)}


def meet(rows, error, more_rows, smaller_error):
    """Where a power law through two points meets the wanted error."""
    exponent = numpy.log(more_rows / rows) / numpy.log(smaller_error / error)
    return rows * (WANTED / error) ** exponent


def measure_expected(library, network, probability, plan):
    found = []
    for i in range(plan["inputs"][network.name]):
        m = Measurement(library, network.subject(i, probability), plan)
        found.append({"own": m.own_error, "independent": m.independent(), "stratified": m.stratified(),
                      "lattice": m.lattice(), **m.by_tolerance()})
    fewer = [f["independent"] / f["lattice"] for f in found]
    column = {key: [f[key] for f in found] for key in found[0]}
    rows, runs = median(column["rows"]), plan["runs"] * len(found)
    print(f"| {network.name} | {len(found)} | {percent(max(column['own']))} | {median(column['independent']):.0f} "
          f"| {median(column['stratified']):.0f} | {median(column['lattice']):.0f} "
          f"| **{median(fewer):.1f}**, {min(fewer):.1f} | {rows:.0f} "
          f"| {median(f['independent'] / f['rows'] for f in found):.1f} | {percent(median(column['error']))}, "
          f"{percent(max(column['error']))} | {percent(median(column['estimate']))} "
          f"| {sum(column['converged'])} of {runs} |", flush=True)
    return max(column["own"]), median(fewer)


def print_expected(library, loaded, plan, quick, bounds):
    for probability in (False,) if quick else (False, True):
        print(f"\n## Expected gradients of the {'probability' if probability else 'logit'}: evaluations for "
              f"{100 * WANTED:g} % error, medians over inputs\n\n"
              "| network | inputs | reference's own error, worst | i.i.d. | stratified | lattice "
              f"| i.i.d. / lattice: median, worst | with tolerance {WANTED:g} | i.i.d. / that "
              "| true error: median, worst | estimate | converged |\n|---|---|---|---|---|---|---|---|---|---|---|---|")
        for network in loaded:
            if probability and network.name == "mlp_diab":  # it has one output, no probability
                continue
            own, fewer = measure_expected(library, network, probability, plan)
            if probability:
                continue
            bounds.add(own < 0.01, f"{network.name}: own error of the logits' references < 1 %: {percent(own)}")
            bounds.add(fewer >= 5, f"{network.name}: expected gradients of logits to 5 %: i.i.d. / lattice >= 5 in the "
                                   f"median: {fewer:.1f}")


def smooth_errors(library, subject, form, plan):
    """Mean squared errors in pairs and of independent samples, against a long run of independent ones whose own mean
    squared error is taken off; relative to the square of what is explained."""
    _, reference, errors, _ = subject.smooth(library, form=form, flags=attrib.SMOOTH_INDEPENDENT,
                                             samples=plan["smooth_reference"], seed=999)
    found = []
    for flags in (0, attrib.SMOOTH_INDEPENDENT):
        squares = [numpy.sum((subject.smooth(library, form=form, flags=flags, samples=SMOOTH_SAMPLES, seed=seed)[1]
                              - reference) ** 2) for seed in range(1, plan["smooth"] + 1)]
        found.append((numpy.mean(squares) - numpy.sum(errors**2)) / numpy.sum(reference**2))
    return found


def print_smooth(library, loaded, plan, quick, bounds, bundled):
    print("\n## SmoothGrad: noise in pairs against independent noise, of 15 % of the input's range\n\n"
          f"Errors of {SMOOTH_SAMPLES} samples over {plan['smooth']} seeds against {plan['smooth_reference']} "
          "independent ones, whose own error is taken off. Not on tables: one noise for features of unlike units says "
          "nothing.\n\n"
          "| network | score | form | inputs | error in pairs, median | independent / pairs: median, worst |\n"
          "|---|---|---|---|---|---|")
    saved = dict(bundled)
    for network in loaded:
        if network.name.startswith("mlp"):
            continue
        for probability in (False,) if quick else (False, True):
            for form, name in enumerate(FORMS):
                if form > 0 and (quick or network.name == "vit"):
                    continue
                inputs = plan["inputs"][network.name]
                found = [smooth_errors(library, network.subject(i, probability), form, plan)
                         for i in range(inputs if form == 0 else inputs // 2)]
                ratios = [independent / paired for paired, independent in found]
                print(f"| {network.name} | {'probability' if probability else 'logit'} | {name} | {len(found)} "
                      f"| {percent(median(paired for paired, _ in found) ** 0.5)} "
                      f"| **{median(ratios):.2f}**, {min(ratios):.2f} |", flush=True)
                if form == 0 and not probability:
                    saved[network.name] = median(ratios)
    ratio, each = median(saved.values()), ", ".join(f"{name} {value:.2f}" for name, value in saved.items())
    bounds.add(ratio >= 1.3, "SmoothGrad of logits: independent / pairs >= 1.3 in the median over networks: "
                             f"{ratio:.2f} ({each})")


def main(arguments):
    quick = "--quick" in arguments
    bundled = [("bundled", float(a.partition("=")[2])) for a in arguments if a.startswith("--bundled=")]
    paths = [a for a in arguments if not a.startswith("--")]
    if not 1 <= len(paths) <= 2:
        print("usage: sampling_nets.py [--quick] [--bundled=RATIO] LIBRARY [DATA]", file=sys.stderr)
        return 2
    begin, plan, bounds = time.monotonic(), QUICK if quick else FULL, Bounds()
    loaded = list(networks.load_networks(networks.find_data(paths[1] if len(paths) > 1 else None)))
    library = attrib.load(paths[0])
    print(f"# Sampling on the networks of the shared data{', quick' if quick else ''}\n\n"
          "Reference: midpoints from each baseline, by torch. i.i.d.: scaled by 1 / sqrt(N) from the error of "
          f"{INDEPENDENT_DRAWS} draws over {plan['independent']} seeds; the others: a power law between the two "
          "numbers of draws that have more and less than the error, stratified of 32, 128, 512 (or beyond the last "
          f"two), lattice of M, 2M, 4M, ... for M baselines; {plan['seeds']} seeds each.")
    print_expected(library, loaded, plan, quick, bounds)
    print_smooth(library, loaded, plan, quick, bounds, bundled)
    print("\n## Bounds\n\n| bound and what was measured | |\n|---|---|", *bounds.lines, sep="\n")
    print(f"\n{time.monotonic() - begin:.0f} s")
    return 1 if bounds.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
