"""smoothed.py - SmoothGrad under a tolerance: rows, and the true error against a long run whose own error is taken off.
What pairs save against independent noise, sampling_nets.py measures. Logits alone: on saturated probabilities
the samples that matter are so rare that 16,384 leave a reference 8 % (cnn_gelu) to 36 % (cnn_relu) off, too much to
judge a claim by; two claims of 10 % on cnn_gelu were about twice that off."""
from statistics import median

import attrib_ctypes as attrib
import networks
import numpy

TOLERANCES = (0.1, 0.05)
NETWORKS = ("cnn_relu", "cnn_gelu")
INPUTS = (0, 4, 9)
REFERENCE = 8192  # samples


def measure(library, subject):
    _, reference, errors, _ = subject.smooth(library, samples=REFERENCE, seed=999)
    length, found = numpy.linalg.norm(reference), []
    for tolerance in TOLERANCES:
        status, values, _, report = subject.smooth(library, tolerance=tolerance, seed=1, max_evaluations=REFERENCE)
        off = max(float(numpy.sum((values - reference) ** 2) - numpy.sum(errors**2)), 0.0) ** 0.5
        found.append({"rows": report.evaluations, "certified": status == attrib.OK, "ratio": off / length / tolerance})
    return found, float(numpy.linalg.norm(errors) / length)


def print_table(library, folder):
    print("\n## SmoothGrad of logits under a tolerance, noise of 15 % of the input's range\n\nRows (median), how many "
          f"met the tolerance of all that claim it, worst error / tolerance. Reference: {REFERENCE} samples. "
          "Probabilities are left out: on saturated ones the samples that matter are too rare for such a reference, "
          "and claims too early (see the source).\n\n"
          "| network | inputs | reference's own error, worst | 10 % | 5 % |\n|---|---|---|---|---|")
    for network in networks.load_networks(folder, NETWORKS):
        measured = [measure(library, network.subject(index)) for index in INPUTS]
        cells = []
        for k in range(len(TOLERANCES)):
            one = [found[k] for found, _ in measured]
            said = [entry for entry in one if entry["certified"]]
            cells.append(f"{median(entry['rows'] for entry in one):.0f}, "
                         f"{sum(entry['ratio'] <= 1 for entry in said)}/{len(said)}, "
                         f"{max((entry['ratio'] for entry in said), default=0):.2f}")
        print(f"| {network.name} logit | {len(INPUTS)} | {max(own for _, own in measured):.1e} | {' | '.join(cells)} |",
              flush=True)
