"""make_networks.py FOLDER - small TorchScript networks for the tests of attrib_torch, with gradients known in closed form.

y_k(z) = sum_i W[k,i] z_i + V[k,i] z_i^2 / 2 over the 12 elements z of a 2 x 2 x 3 input, k < 3, with
W[k,i] = ((7 k + 3 i) % 11 - 5) / 4 and V[k,i] = ((5 k + 2 i) % 7 - 3) / 8: exact in float. Exit status 77 without torch.
"""
import sys
from pathlib import Path

try:
    import torch
except ImportError:
    print(f"skipped: torch is not installed for {sys.executable} (package python3-torch)")
    sys.exit(77)
from typing import Dict, List, Tuple

N, K = 12, 3


def linear_weights():
    return torch.tensor([[((7 * k + 3 * i) % 11 - 5) / 4 for i in range(N)] for k in range(K)])


def square_weights():
    return torch.tensor([[((5 * k + 2 * i) % 7 - 3) / 8 for i in range(N)] for k in range(K)])


class Quadratic(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(linear_weights())
        self.v = torch.nn.Parameter(square_weights())

    def forward(self, z):
        z = z.flatten(1)
        return z @ self.w.t() + (z * z) @ self.v.t() / 2


class Wrapped(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Quadratic()


class AsTuple(Wrapped):
    def forward(self, z) -> Tuple[torch.Tensor, torch.Tensor, int]:
        return z.flatten(1) * 2, self.inner(z), 3


class AsList(Wrapped):
    def forward(self, z) -> List[torch.Tensor]:
        return [z.flatten(1) * 2, self.inner(z)]


class AsDict(Wrapped):
    def forward(self, z) -> Dict[str, torch.Tensor]:
        return {"features": z.flatten(1) * 2, "logits": self.inner(z)}


class Scalar(Wrapped):
    def forward(self, z):
        return self.inner(z)[:, 1]


class Maps(Wrapped):
    def forward(self, z):
        return self.inner(z)[:, :, None, None]


class InPlace(Wrapped):
    def forward(self, z):
        z += 0.5
        z *= 2.0
        return self.inner(z)


class Forgetful(torch.nn.Module):
    """Left in training mode: dropout, and batch normalisation whose running values are not those of the batch."""

    def __init__(self):
        super().__init__()
        self.norm = torch.nn.BatchNorm2d(2, eps=0.0)
        self.norm.running_mean.copy_(torch.tensor([0.5, -1.0]))
        self.norm.running_var.copy_(torch.tensor([4.0, 0.25]))
        self.drop = torch.nn.Dropout(0.5)
        self.inner = Quadratic()

    def forward(self, z):
        return self.inner(self.drop(self.norm(z)))


class FixedBatch(Wrapped):
    def forward(self, z):
        return self.inner(z.reshape(1, 12))


class Gives(Wrapped):
    """Outputs that are no vector of numbers for each row."""

    def __init__(self, what: int):
        super().__init__()
        self.what = what

    def forward(self, z):
        y = self.inner(z)
        if self.what == 0:
            return y.sum()
        if self.what == 1:
            return y.argmax(1)
        if self.what == 2:
            return y[:, :, None] * y[:, None, :]
        if self.what == 3:
            return y[1:]
        if self.what == 4:
            return y.detach()
        return y


class GivesText(torch.nn.Module):
    def forward(self, z) -> str:
        return "three"


class Throws(Wrapped):
    """At evaluation, for large values: in its own words, by an operation, by another number of outputs."""

    def forward(self, z):
        largest = float(z.max())
        if largest > 1000:
            raise ValueError("the picture is\n far too bright")
        if largest > 100:
            return self.inner(z[:, :, :1])
        if largest > 10:
            return self.inner(z)[:, :2]
        if largest > 5:
            return self.inner(z).detach()
        return self.inner(z)


class Logarithm(Wrapped):
    def forward(self, z):
        return self.inner(z).log()


class TwoInputs(Wrapped):
    def forward(self, z, other):
        return self.inner(z) + other


class Branch(Wrapped):
    """Rows below zero on average do not reach the output: no gradient at all where the whole block is."""

    def forward(self, z):
        return self.inner(z * (z.flatten(1).mean(1) > 0).to(z.dtype)[:, None, None, None])


class StraightThrough(Wrapped):
    """Rounded forwards, and as if it were not backwards."""

    def forward(self, z):
        return self.inner(z + (z.round() - z).detach())


class NoForward(torch.nn.Module):
    @torch.jit.export
    def backwards(self, z):
        return z


class Standardised(torch.nn.Module):
    """Of rows of a table: 4 features."""

    def forward(self, z):
        return torch.stack([(z * z).sum(1), z[:, 0] - z[:, 3]], 1)


class Deep(torch.nn.Module):
    """Convolutions, batch normalisation and a dense layer with weights from a seed: for bits, threads and leaks."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(4)
        self.body = torch.nn.Sequential(
            torch.nn.Conv2d(3, 16, 3, padding=1), torch.nn.BatchNorm2d(16), torch.nn.ReLU(inplace=True),
            torch.nn.MaxPool2d(2), torch.nn.Conv2d(16, 32, 1), torch.nn.GELU(), torch.nn.Flatten(),
            torch.nn.Linear(32 * 8 * 8, 10))

    def forward(self, z):
        return self.body(z)


class OfPictures(torch.nn.Module):
    """Of pictures of 64 x 64, for the example."""

    def __init__(self):
        super().__init__()
        self.pool, self.deep = torch.nn.AvgPool2d(4), Deep()

    def forward(self, z):
        return self.deep(self.pool(z))


def main():
    import odd_networks  # which imports this file

    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)

    def save(name, module):
        torch.jit.script(module).save(str(folder / f"{name}.ts"))

    save("quadratic", Quadratic())
    save("tuple", AsTuple())
    save("list", AsList())
    save("dict", AsDict())
    save("scalar", Scalar())
    save("maps", Maps())
    save("in_place", InPlace())
    save("training", Forgetful().train())
    save("fixed_batch", FixedBatch())
    for what, name in enumerate(("sum", "integers", "squares", "fewer_rows", "detached")):
        save(name, Gives(what))
    save("text", GivesText())
    save("throws", Throws())
    save("logarithm", Logarithm())
    save("two_inputs", TwoInputs())
    save("branch", Branch())
    save("straight_through", StraightThrough())
    save("no_forward", NoForward())
    save("table", Standardised())
    save("deep", Deep().eval())
    save("pictures", OfPictures().eval())
    torch.jit.freeze(torch.jit.script(Quadratic().eval())).save(str(folder / "frozen.ts"))
    example = torch.zeros(2, 2, 2, 3)
    torch.jit.trace(Forgetful().train(), example, check_trace=False).save(str(folder / "traced_training.ts"))
    torch.jit.trace(Forgetful().eval(), example).save(str(folder / "traced.ts"))
    torch.save(Quadratic().state_dict(), str(folder / "state_dict.pt"))
    odd_networks.save_all(save)
    odd_networks.save_traced(folder)
    (folder / "empty.ts").write_bytes(b"")
    (folder / "text_file.ts").write_text("not a network\n" * 20)
    whole = (folder / "quadratic.ts").read_bytes()
    (folder / "cut.ts").write_bytes(whole[: len(whole) // 2])


if __name__ == "__main__":
    main()
