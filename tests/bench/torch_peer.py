"""torch_peer.py NETWORK PICTURE POINTS THREADS CHUNK - the same picture explained through PyTorch in Python, with the same
midpoints from black: CHUNK rows at a time, 0 for all of them at once, as captum does unless it is told otherwise. Prints
the seconds of the second of two calls, and by how much the process' high-water mark grew since the network was loaded, in
bytes."""
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ffi"))
import torch  # noqa: E402
from peak import high_water  # noqa: E402
from test_reference_maps import read_png  # noqa: E402


def explain(network, x, points, chunk, target=282):
    black, total = torch.zeros_like(x), 0
    alphas = (torch.arange(points, dtype=torch.float64) + 0.5) / points
    for part in alphas.float().split(chunk or points):
        rows = (black + part.view(-1, 1, 1, 1) * (x - black)).requires_grad_(True)
        outputs = network(rows)[:, target]
        total = total + torch.autograd.grad(outputs.sum(), rows)[0].sum(0)
    return total / points * (x - black)


def main(network, picture, points, threads, chunk):
    if threads:
        torch.set_num_threads(threads)
    before = high_water()
    network = torch.jit.load(network).eval()
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    x = torch.from_numpy(read_png(Path(picture)).copy()).permute(2, 0, 1).float().contiguous() / 255
    for _ in range(2):
        begin = time.monotonic()
        explain(network, x, points, chunk)
        seconds = time.monotonic() - begin
    print(f"{seconds:.6f} {high_water() - before:.0f}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *(int(a) for a in sys.argv[3:]))
