"""networks.py - the networks of the shared data behind the library: two of tables, three of pictures of digits, one of
photographs. For test_coverage_nets.py and tests/bench. Without the data, or without torch and numpy, there is nothing
to run: exit status 77, and one line that says why.

The data's folder is the one with nets/ in it: given, or $ATTRIB_SHARED_DATA, or shared/data beside the repository."""
import ctypes
import os
import sys
from ctypes import POINTER, c_double, c_float
from pathlib import Path

import attrib_ctypes as attrib

SKIPPED = 77
ALL = ("mlp_bc", "mlp_diab", "cnn_relu", "cnn_gelu", "vit")
PHOTOGRAPHS = {"chelsea": 282, "coffee": 968}
MAX_ROWS = 128  # of a batch, everywhere: torch's time for a row falls until about there


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


try:
    import numpy
    import torch
except ImportError as error:
    skip(f"{error.name} is not installed for {sys.executable}")


def find_data(given):
    given = given or os.environ.get("ATTRIB_SHARED_DATA")
    data = Path(given) if given else Path(__file__).resolve().parents[2].parent / "shared" / "data"
    if not (data / "nets" / "vit.ts").is_file():
        skip(f"no nets in {data}")
    return data / "nets"


def view(address, kind, count):
    return numpy.frombuffer((kind * count).from_address(address), numpy.dtype(kind))


class Network:
    """A network, the rows it is asked to explain and the rows they are compared with; a row is flat."""

    max_rows = MAX_ROWS

    def __init__(self, file, inputs, baselines, shape, targets):
        self.name, self.file, self.inputs, self.baselines, self.shape = file.stem, file, inputs, baselines, shape
        self.module = torch.jit.load(str(file)).eval()
        for parameter in self.module.parameters():
            parameter.requires_grad_(False)
        self.logits = self.outputs(torch.from_numpy(inputs))
        self.targets = self.logits.argmax(1).tolist() if targets is None else targets
        self.probabilities = torch.softmax(self.logits, 1)[range(len(inputs)), self.targets].tolist()

    def outputs(self, rows):
        return self.module(rows.reshape(-1, *self.shape)).double()

    def explained(self, rows, target, probability):
        outputs = self.outputs(rows)
        return (torch.softmax(outputs, 1) if probability else outputs)[:, target]

    def gradients(self, rows, target, probability):
        rows = rows.requires_grad_(True)
        outputs = self.explained(rows, target, probability)
        return outputs.detach(), torch.autograd.grad(outputs.sum(), rows)[0]

    def subject(self, i, probability=False, baselines=None):
        """baselines: rows; None: those of the network, or of digits the other pictures."""
        if baselines is None:
            baselines = self.baselines if self.baselines is not None else numpy.delete(self.inputs, i, 0)
        return Subject(self, i, numpy.ascontiguousarray(baselines), probability)


class Photographs(Network):
    """MobileNetV1 on the photographs of the data. Channels last are faster here."""

    max_rows = 16

    def outputs(self, rows):
        rows = rows.reshape(-1, *self.shape).contiguous(memory_format=torch.channels_last)
        return self.module(rows).double()


class Asked:
    """A network behind the callback, as a user would write it who reads the strides."""

    sign = 1  # of its gradients

    def __init__(self, network, probability, **more):
        self.network, self.probability, self.thrown = network, probability, []
        self.model = attrib.Model(dtype=attrib.F32, n_inputs=network.inputs[0].size,
                                  evaluate=attrib.MODEL_FN(self.evaluate), **more)

    def evaluate(self, batch, user):
        try:
            self.evaluate_batch(batch.contents)
            return 0
        except BaseException as error:  # nothing may be raised through C
            self.thrown.append(error)
            return -1

    def evaluate_batch(self, b):
        def rows_at(address, kind, stride, length):
            flat = view(address, kind, (b.rows - 1) * stride + length)
            return numpy.lib.stride_tricks.as_strided(flat, (b.rows, length), (stride * flat.itemsize, flat.itemsize))

        rows = torch.from_numpy(rows_at(b.inputs, c_float, b.input_stride, b.n_inputs).copy())
        if b.flags & attrib.BATCH_GRADIENTS:
            outputs, gradients = self.network.gradients(rows, b.target, self.probability)
            gradients = gradients if self.sign == 1 else self.sign * gradients
            rows_at(b.gradients, c_float, b.gradient_stride, b.n_inputs)[:] = gradients.reshape(b.rows, -1).numpy()
        else:
            with torch.no_grad():
                outputs = self.network.explained(rows, b.target, self.probability)
        rows_at(ctypes.addressof(b.outputs.contents), c_double, b.output_stride, 1)[:, 0] = outputs.numpy()


class Subject(Asked):
    """One prediction to explain, through the library and by torch alone."""

    def __init__(self, network, i, baselines, probability):
        super().__init__(network, probability, max_rows=network.max_rows)
        self.target = network.targets[i]
        self.input, self.baselines = numpy.ascontiguousarray(network.inputs[i]), baselines
        self.saturated = network.probabilities[i] > 0.999
        self.set = attrib.Baselines(count=len(baselines), rows=baselines.ctypes.data)

    def call(self, function, *options):
        values, errors = numpy.empty(self.input.size), numpy.empty(self.input.size)
        doubles = POINTER(c_double)
        message = ctypes.create_string_buffer(300)
        report = attrib.Report(message=ctypes.addressof(message), message_capacity=len(message),
                               standard_errors=errors.ctypes.data_as(doubles))
        status = function(None, ctypes.byref(self.model), self.input.ctypes.data, self.target,
                          *(ctypes.byref(o) for o in options), values.ctypes.data_as(doubles), ctypes.byref(report))
        if self.thrown:
            raise self.thrown[0]
        self.message = message.value
        if status < 0:
            raise RuntimeError(self.message.decode())
        return status, values, errors, report

    def integrated(self, library, **options):
        return self.call(library.integrated_gradients, self.set, attrib.Options(**options))

    def expected(self, library, **options):
        return self.call(library.expected_gradients, self.set, attrib.EgOptions(**options))

    def smooth(self, library, **options):
        return self.call(library.smoothgrad, attrib.SmoothgradOptions(**options))

    def reference(self, points):
        """Expected gradients without chance and without the library: midpoints from every baseline, by torch."""
        alphas = (torch.arange(points, dtype=torch.float32) + 0.5) / points
        x, total = torch.from_numpy(self.input), torch.zeros(self.input.size, dtype=torch.float64)
        for baseline in torch.from_numpy(self.baselines):
            for some in alphas.split(self.network.max_rows):
                rows = baseline + some[:, None] * (x - baseline)
                _, gradients = self.network.gradients(rows, self.target, self.probability)
                total += (x - baseline).double() * gradients.double().sum(0)
        return (total / (points * len(self.baselines))).numpy()


def relative_error(values, reference):
    return float(numpy.linalg.norm(values - reference) / numpy.linalg.norm(reference))


def load_networks(folder, wanted=ALL):
    """One thread: of two tests at a time, and on small networks, more are slower."""
    torch.set_num_threads(1)
    digits = numpy.load(folder / "digits_16x3x32x32.npy").reshape(16, -1)
    for name in wanted:
        if name.startswith("mlp"):
            table = name[4:]
            rows = [numpy.load(folder / f"{kind}.npy").astype(numpy.float32)
                    for kind in (f"inputs_{table}_16", f"background_{table}_100")]
            targets = [0] * 16 if table == "diab" else None
            yield Network(folder / f"{name}.ts", rows[0], rows[1][:96], rows[0].shape[1:], targets)
        else:
            yield Network(folder / f"{name}.ts", digits, None, (3, 32, 32), None)


def load_photographs(folder):
    """None where the data have none. Targets: tabby cat, espresso."""
    from test_reference_maps import read_png
    file = folder.parent / "mobilenet" / "mobilenet_v1_025_224.pt"
    if not file.is_file():
        return None
    torch.set_num_threads(1)
    photos = [read_png(file.parent / f"{name}.png").transpose(2, 0, 1) for name in PHOTOGRAPHS]
    rows = numpy.ascontiguousarray(photos, numpy.float32).reshape(len(photos), -1) / numpy.float32(255)
    return Photographs(file, rows, None, (3, 224, 224), list(PHOTOGRAPHS.values()))
