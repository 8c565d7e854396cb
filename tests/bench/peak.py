"""peak.py MODE STEPS LIBRARY NETS NETWORK - peak memory of integrated gradients: ours, and the algorithm of captum's
IntegratedGradients beside it, each in a process of its own. Without arguments of its own: measure() starts them.

captum scales the input by all steps at once and runs the model on all of them (with internal_batch_size in chunks of
it), multiplies the gradients by the weights and sums. That is what is written here with torch; captum itself runs where
it can be imported."""
import os
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ffi"))
import peers  # noqa: E402

STEPS = (50, 500)
BATCH = 16
MODES = {"ours": f"ours, {BATCH} rows to a batch", "chunks": f"captum, internal_batch_size {BATCH}",
         "all": "captum, all steps at once"}
NEEDED = 12 << 30  # bytes free, for all steps at once on photographs


def high_water():
    """Bytes, of this process so far."""
    try:
        with open("/proc/self/status") as status:
            return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except OSError:
        import resource
        return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def scaled(network, x, baseline, target, alphas, weights):
    """One chunk of captum's: weighted sum of the gradients at these steps."""
    import torch
    rows = torch.cat([baseline + alpha * (x - baseline) for alpha in alphas]).requires_grad_(True)
    gradients = torch.autograd.grad(torch.unbind(network.outputs(rows)[:, target]), rows)[0]
    return (gradients.view(len(alphas), -1) * weights.view(-1, 1)).view(len(alphas), -1).sum(0)


def like_captum(network, steps, chunk):
    import numpy
    import torch
    x = torch.from_numpy(network.inputs[:1].copy())
    baseline, target = torch.zeros_like(x), network.targets[0]
    if peers.captum() is not None:
        explain = peers.captum()(lambda rows: network.outputs(rows)[:, target])
        return explain.attribute(x, baseline, n_steps=steps, internal_batch_size=chunk)
    nodes, weights = (torch.from_numpy(v / 2).float() for v in numpy.polynomial.legendre.leggauss(steps))
    total = 0
    for at in range(0, steps, chunk or steps):
        total = total + scaled(network, x, baseline, target, (nodes + 0.5)[at:at + (chunk or steps)],
                               weights[at:at + (chunk or steps)])
    return total * (x - baseline)[0]


def child(mode, steps, library, nets, name):
    """Prints the increase of the high-water mark, and the library's own figure."""
    import attrib_ctypes as attrib
    import networks
    folder = Path(nets)
    if name == "photographs":
        network = networks.load_photographs(folder)
    else:
        network = next(networks.load_networks(folder, (name,)))
    subject = network.subject(0, baselines=0 * network.inputs[:1])
    library = attrib.load(library)
    subject.model.max_rows = BATCH
    network.gradients(networks.torch.from_numpy(network.inputs[:1].copy()), network.targets[0], False)
    before, own = high_water(), 0
    if mode == "ours":
        # one batch at a time: one worker, one in flight
        own = subject.integrated(library, tolerance=1e-9, max_evaluations=steps)[3].peak_bytes
    else:
        like_captum(network, steps, BATCH if mode == "chunks" else None)
    print(high_water() - before, own)


def measure(library, nets, name):
    """(mode, steps) -> bytes, and bytes by the library's own account."""
    found = {}
    for mode in MODES:
        for steps in STEPS:
            if mode == "all" and name == "photographs" and os.sysconf("SC_AVPHYS_PAGES") * os.sysconf(
                    "SC_PAGE_SIZE") < NEEDED * steps // max(STEPS):
                continue
            done = subprocess.run([sys.executable, "-B", __file__, mode, str(steps), library, str(nets), name],
                                  capture_output=True, text=True)
            if done.returncode == 0:
                found[mode, steps] = [int(part) for part in done.stdout.split()[-2:]]
    return found


def print_table(library, nets, names):
    which = "itself" if peers.captum() else "its algorithm, written with torch: it is not installed"
    print(f"\n## Peak memory at {STEPS[0]} and {STEPS[1]} steps\n\nIncrease of a process' largest resident set over "
          "one gradient before, in MB: the model's own activations are in it. In brackets what the library needed by "
          f"its own account (report.peak_bytes). captum: {which}.\n\n"
          f"| network | inputs | {' | '.join(MODES.values())} |\n|---|---|---|---|---|")
    for name, size in names:
        found = measure(library, nets, name)
        cells = []
        for mode in MODES:
            parts = [f"{found[mode, steps][0] / 1e6:.0f}" + (f" ({found[mode, steps][1] / 1e6:.1f})" if mode == "ours"
                                                             else "") if (mode, steps) in found else "not enough memory"
                     for steps in STEPS]
            cells.append(" / ".join(parts))
        print(f"| {name} | {size} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    child(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
