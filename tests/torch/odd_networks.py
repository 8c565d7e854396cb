"""Networks whose graph is what matters: those that store, turn gradients off, are quantised or of another precision."""
from typing import Dict, List

import torch
from make_networks import Quadratic, Wrapped


class Remembers(Wrapped):
    """Stores the last features, counts its calls: in a number, in a buffer, in a view of one, in a list."""

    calls: int

    def __init__(self, how: int):
        super().__init__()
        self.how, self.calls, self.last, self.rows = how, 0, torch.zeros(1), [torch.zeros(1)]
        self.register_buffer("counts", torch.zeros(2, 2))

    def forward(self, z):
        y = self.inner(z)
        if self.how == 0:
            self.last = y
            return self.last * 1.0
        if self.how == 1:
            self.calls += 1
            return y * self.calls
        if self.how == 2:
            self.counts += 1.0
            return y * self.counts[0, 0]
        if self.how == 3:
            self.counts[1].view(2)[:1].fill_(float(y.sum()))
            return y * self.counts[1, 0]
        if self.how == 4:
            self.rows.append(y)
            return y * len(self.rows)
        if self.how == 5:
            for i in range(2):
                k = self.counts
                if i == 1:
                    k = self.counts.t()
                k += 1
            return y * self.counts[0, 0]
        return y


class Works(Wrapped):
    """Stores much, but nothing that is there at the next call; in training mode it would remember."""

    def __init__(self):
        super().__init__()
        self.norm = torch.nn.BatchNorm2d(2, eps=0.0)
        self.calls = 0
        self.register_buffer("start", torch.zeros(2, 3))

    def forward(self, z):
        if self.training:
            self.calls += 1
        h = self.start.clone()
        h += 1.0
        parts: List[torch.Tensor] = []
        for c in range(2):
            parts.append(self.norm(z)[:, c] * h)
        out = torch.empty_like(z)
        out[:, 0] = parts[0]
        out[:, 1] = parts[1]
        return self.inner(out)


class NoGrad(Wrapped):
    """y (1 + s), s the sum of y without gradients; frozen, y would be computed once, without gradients."""

    def forward(self, z):
        with torch.no_grad():
            s = self.inner(z).sum(1, keepdim=True)
        return self.inner(z) * (1 + s)


class NoGradBeside(Wrapped):
    def forward(self, z):
        with torch.no_grad():
            s = self.inner(z).sum(1, keepdim=True)
        return self.inner(z) + s * z.flatten(1)[:, :3]


class OfData(Wrapped):
    def forward(self, z):
        return self.inner(z) * (1 + self.inner(z.data).sum(1, keepdim=True))


class OddKey(Wrapped):
    def forward(self, z) -> Dict[str, torch.Tensor]:
        return {"a\nb\x1b[31m\x7f": self.inner(z)}


class Differentiates(Wrapped):
    """Its outputs are gradients, which it takes by itself."""

    def forward(self, z):
        slopes = torch.autograd.grad([self.inner(z).sum()], [z], create_graph=True)[0]
        assert slopes is not None
        return slopes.flatten(1)


class Attributes(torch.nn.Module):
    """The quadratic from plain attributes, neither parameters nor buffers; it detaches, so it is not frozen."""

    def __init__(self):
        super().__init__()
        quadratic = Quadratic()
        self.w, self.parts = quadratic.w.detach().clone(), [quadratic.v.detach().clone()]

    def forward(self, z):
        z = z.flatten(1)
        return z @ self.w.t() + (z * z) @ self.parts[0].t() / 2 + (z.detach() - z.detach())[:, :1]


class Recurrent(torch.nn.Module):
    """Two layers with dropout between them, over the two rows of a picture."""

    def __init__(self, kind, layers=2):
        super().__init__()
        self.body = kind(6, 3, num_layers=layers, dropout=0.5 if layers > 1 else 0.0, batch_first=True)

    def forward(self, z):
        return self.body(z.flatten(2))[0][:, 1]


def save_traced(folder):
    """What tracing leaves of training mode."""
    example = torch.ones(2, 2, 2, 3)

    def traced(name, module):
        torch.jit.trace(module, example, check_trace=False).save(str(folder / f"{name}.ts"))

    for name, kind in (("lstm", torch.nn.LSTM), ("gru", torch.nn.GRU), ("rnn_tanh", torch.nn.RNN)):
        traced(f"training_{name}", Recurrent(kind).train())
        traced(f"evaluation_{name}", Recurrent(kind).eval())
        traced(f"one_layer_{name}", Recurrent(kind, 1).train())
    flat = torch.nn.Flatten()
    traced("training_instance_norm", torch.nn.Sequential(torch.nn.InstanceNorm2d(2, track_running_stats=True), flat))
    traced("instance_norm", torch.nn.Sequential(torch.nn.InstanceNorm2d(2), flat))


def save_all(save):
    for how, name in enumerate(("last", "calls", "counter", "view", "rows", "loop")):
        save(f"stores_{name}", Remembers(how))
    save("works", Works())
    save("odd_key", OddKey())
    save("differentiates", Differentiates())
    save("by_batch", torch.nn.Sequential(torch.nn.BatchNorm2d(2, track_running_stats=False), torch.nn.Flatten()).eval())
    save("attributes", Attributes())
    save("of_double", Quadratic().double())
    save("of_half", Quadratic().half())
    save("of_bfloat16", Quadratic().bfloat16())
    torch.manual_seed(7)
    dense = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(12, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
    try:
        save("quantised", torch.quantization.quantize_dynamic(dense.eval(), {torch.nn.Linear}))
    except RuntimeError as error:  # no engine for this processor
        print(f"not made: quantised.ts: {error}")
    save("no_grad", NoGrad())
    save("no_grad_beside", NoGradBeside())
    save("of_data", OfData())
