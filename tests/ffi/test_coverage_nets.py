"""test_coverage_nets.py LIBRARY [DATA] - are standard errors honest on the networks of the shared data? The share of
attributions within two of them of the truth over 200 seeded runs, on logits; and what is claimed on probabilities that
are saturated, where the draws that matter are rare. test_coverage.c does the same on the bundled network.

SmoothGrad is for pictures alone: one strength of noise for features of unlike units says nothing. An attribution that
has no error and a standard error of 0 says nothing either and is left out; there are none on these networks. Without
the data or torch: exit status 77."""
import sys
import time

sys.dont_write_bytecode = True
import attrib_ctypes as attrib  # noqa: E402
import networks  # noqa: E402
import numpy  # noqa: E402  (networks has seen to it that it is there)

RUNS, USED = 200, (0, 4, 9, 13)
LEAST_SHARE = 0.93  # of a normal distribution 0.954 lies within two standard errors
TOLERANCE = 0.05
SAMPLERS = {"lattice": 0, "i.i.d.": attrib.SAMPLER_IID, "stratified": attrib.SAMPLER_STRATIFIED}

# Ways to sample of a network over M baselines, and midpoints per baseline of the truth.
TABLE = ({"sampler": attrib.SAMPLER_LATTICE, "samples": 2 * 96}, {"samples": 4 * 96}, {"tolerance": 0.03},
         {"sampler": attrib.SAMPLER_STRATIFIED, "samples": 64}, {"sampler": attrib.SAMPLER_IID, "samples": 128})
EXPECTED = {"mlp_bc": (1024, TABLE), "mlp_diab": (256, TABLE),
            "cnn_relu": (128, ({"sampler": attrib.SAMPLER_LATTICE, "samples": 30},
                               {"sampler": attrib.SAMPLER_STRATIFIED, "samples": 12})),
            "cnn_gelu": (64, ({"samples": 60},)),
            "vit": (64, ({"samples": 30},))}
SMOOTH = {"cnn_relu": 100, "cnn_gelu": 100, "vit": 50}  # samples


class Coverage:
    def __init__(self, name):
        self.name, self.inside, self.counted, self.left_out, self.rows = name, 0, 0, 0, 0
        self.error, self.estimate = [], []

    def count(self, values, errors, truth, rows):
        off = numpy.abs(values - truth)
        says = (off > 0) | (errors > 0)
        self.inside += int(numpy.sum(off[says] <= 2 * errors[says]))
        self.counted += int(numpy.sum(says))
        self.left_out += int(numpy.sum(~says))
        self.rows += rows
        self.error.append(numpy.sum(off**2) / numpy.sum(truth**2))
        self.estimate.append(numpy.sum(errors**2) / numpy.sum(truth**2))

    def report(self):
        share, runs = self.inside / self.counted, len(self.error)
        good = share >= LEAST_SHARE
        error, estimate = (100 * numpy.mean(squares) ** 0.5 for squares in (self.error, self.estimate))
        print(f"{self.name}: {runs} runs of {self.rows / runs:.0f} rows, error {error:.1f} %, "
              f"estimated {estimate:.1f} %: {share:.3f} within two standard errors, "
              f"{self.left_out} left out{'' if good else '  TOO FEW'}", flush=True)
        return good


def describe(options):
    return ", ".join(f"{key} {value}" for key, value in options.items())


def cover_expected(library, network):
    """Against dense integrated gradients, by torch."""
    dense, ways = EXPECTED[network.name]
    subjects = [network.subject(i) for i in USED]
    truths = [subject.reference(dense) for subject in subjects]
    good = True
    for options in ways:
        coverage = Coverage(f"{network.name}, expected gradients, {describe(options)}")
        for subject, truth in zip(subjects, truths):
            for seed in range(RUNS // len(USED)):
                status, values, errors, report = subject.expected(library, seed=seed, **options)
                assert status == attrib.OK, status
                coverage.count(values, errors, truth, report.evaluations)
        good = coverage.report() and good
    return good


def cover_smooth(library, network):
    """Against the mean of the other runs, whose own error adds 1 / (runs - 1) to the square of what is measured."""
    coverage = Coverage(f"{network.name}, SmoothGrad")
    each = RUNS // len(USED)
    for i in USED:
        subject = network.subject(i)
        runs = [subject.smooth(library, seed=seed, samples=SMOOTH[network.name]) for seed in range(each)]
        total = sum(values for _, values, _, _ in runs)
        for _, values, errors, report in runs:
            coverage.count(values, errors, (total - values) / (each - 1), report.evaluations)
    return coverage.report()


def judge(library, network, sampler, budgets, seeds, inputs, dense):
    """No claim of convergence is far from the truth; without one the message says why."""
    claims = calls = false = 0
    for i in inputs:
        subject = network.subject(i, probability=True)
        if not subject.saturated:
            continue
        truth = None
        for budget in budgets:
            for seed in range(seeds):
                status, values, _, report = subject.expected(library, sampler=sampler, seed=seed, tolerance=TOLERANCE,
                                                             max_evaluations=budget)
                calls += 1
                if status == attrib.NOT_CONVERGED:
                    assert report.stop_reason == attrib.STOP_BUDGET and report.error_estimate > TOLERANCE
                    assert b"is above options->tolerance = 0.05" in subject.message, subject.message
                    continue
                claims += 1
                truth = subject.reference(dense) if truth is None else truth
                error = networks.relative_error(values, truth)
                if error > 2 * TOLERANCE:
                    false += 1
                    print(f"  FALSE: {network.name} input {i} seed {seed}, {report.evaluations} rows: estimate "
                          f"{report.error_estimate:.3f}, true {error:.3f}")
    return calls, claims, false


def claims_are_true(library, network):
    good = True
    table = network.name == "mlp_bc"
    for name, sampler in SAMPLERS.items():
        if not table and sampler != 0:
            continue
        seeds = 4 if not table else 40 if sampler == 0 else 10
        calls, claims, false = judge(library, network, sampler, (256, 1024), seeds,
                                     range(16) if table else USED[:2], 1024 if table else 256)
        print(f"{network.name}, saturated probabilities, {name}: {claims} of {calls} calls claim a tolerance of "
              f"{TOLERANCE:g}, {false} of them are more than twice that off", flush=True)
        good = good and calls > 0 and false == 0 and 2 * claims <= calls
    return good


def main():
    folder = networks.find_data(sys.argv[2] if len(sys.argv) > 2 else None)
    library, good, begin = attrib.load(sys.argv[1]), True, time.monotonic()
    for network in networks.load_networks(folder):
        good = cover_expected(library, network) and good
        if network.name in SMOOTH:
            good = cover_smooth(library, network) and good
        if network.name in ("mlp_bc", "cnn_gelu"):
            good = claims_are_true(library, network) and good
    print(f"{time.monotonic() - begin:.0f} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
