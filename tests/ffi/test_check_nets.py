"""test_check_nets.py LIBRARY [DATA] - the self-test on every network of the shared data, which are right behind the
callback here: all inputs that are given, as logits and probabilities, from several baselines. No false alarm; and with
the sign of the gradient turned around it is named. Without the data or torch: exit status 77."""
import ctypes
import sys
import time

sys.dont_write_bytecode = True
import attrib_ctypes as attrib  # noqa: E402
import networks  # noqa: E402
import numpy  # noqa: E402  (networks has seen to it that it is there)
import torch  # noqa: E402

MOST_ROWS = 40
LEAST_JUDGED = 0.9  # of the calls; in others f is a probability of 1 all the way, and has no slope


class Checked(networks.Asked):
    """Counts the rows it is asked for."""

    def __init__(self, network, probability, sign=1):
        super().__init__(network, probability, n_outputs=network.logits.shape[1])
        self.sign, self.rows = sign, 0

    def evaluate_batch(self, b):
        self.rows += b.rows
        super().evaluate_batch(b)

    def check(self, library, row, target, baseline, seed):
        findings, text = (attrib.CheckFinding * attrib.CHECKS)(), ctypes.create_string_buffer(8192)
        options = attrib.CheckOptions(seed=seed)
        report = attrib.CheckReport(findings=ctypes.addressof(findings), finding_capacity=attrib.CHECKS,
                                    text=ctypes.addressof(text), text_capacity=len(text))
        self.rows = 0
        status = library.model_check(None, ctypes.byref(self.model), row.ctypes.data, target, baseline.ctypes.data,
                                     ctypes.byref(options), ctypes.byref(report))
        if self.thrown:
            raise self.thrown[0]
        assert self.rows == report.evaluations + report.output_evaluations <= MOST_ROWS, self.rows
        return status, findings[attrib.CHECK_GRADIENT - 1], text.value.decode()


def baselines_of(network, i):
    """Means and other rows of tables; of pictures black, white and another picture."""
    row = network.inputs[i]
    if network.baselines is not None:
        return [network.baselines.mean(0, dtype=numpy.float32), numpy.ascontiguousarray(network.baselines[i])]
    others = [numpy.zeros_like(row), numpy.ones_like(row)]
    if len(network.inputs) > 1:
        others.append(numpy.ascontiguousarray(network.inputs[(i + 1) % len(network.inputs)]))
    return others


def check_network(library, network, several):
    scores = (False, True) if network.logits.shape[1] > 1 else (False,)
    calls = judged = wrong = 0
    for probability in scores:
        checked = Checked(network, probability)
        for i, row in enumerate(network.inputs):
            row = numpy.ascontiguousarray(row)
            for k, baseline in enumerate(baselines_of(network, i)[: None if several else 1]):
                status, gradient, text = checked.check(library, row, network.targets[i], baseline, 10 * i + k)
                calls += 1
                judged += gradient.verdict == attrib.CHECK_PASSED
                if status != attrib.OK:
                    wrong += 1
                    print(f"  FALSE: {network.name}, input {i}, baseline {k}, probability {probability}\n{text}")
    row = numpy.ascontiguousarray(network.inputs[0])
    turned = Checked(network, False, sign=-1)
    status, gradient, text = turned.check(library, row, network.targets[0], baselines_of(network, 0)[0], 1)
    named = status == attrib.DISAGREE and gradient.cause == attrib.CAUSE_SIGN
    good = wrong == 0 and named and judged >= LEAST_JUDGED * calls
    print(f"{network.name}: {calls} calls, slopes judged in {judged}, {wrong} false alarms, a wrong sign is "
          f"{'' if named else 'NOT '}named{'' if good else '  WRONG'}", flush=True)
    if not named:
        print(text)
    return good


def main():
    folder = networks.find_data(sys.argv[2] if len(sys.argv) > 2 else None)
    library, begin = attrib.load(sys.argv[1]), time.monotonic()
    good = True
    for network in networks.load_networks(folder):
        good = check_network(library, network, True) and good
    photographs = networks.load_photographs(folder)
    if photographs is not None:
        good = check_network(library, photographs, True) and good
    print(f"{time.monotonic() - begin:.0f} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
