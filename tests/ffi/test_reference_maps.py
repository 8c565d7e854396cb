"""test_reference_maps.py LIBRARY [DATA] - a real network on real photographs: integrated gradients of MobileNetV1
against maps computed independently, by an adaptive rule in double precision.

DATA is the folder with mobilenet/ in it: $ATTRIB_SHARED_DATA, or shared/data beside the repository. Without it, or
without torch and numpy, there is nothing to run: exit status 77, and one line that says why.
"""
import ctypes
import os
import struct
import sys
import time
import zlib
from pathlib import Path

sys.dont_write_bytecode = True
import attrib_ctypes as attrib  # noqa: E402

SKIPPED = 77
# With the rule's own error in completeness, signed and relative: of 1000 midpoints in double precision, by torch alone.
# A network with kinks leaves this much, on one photograph more than 1 %; the library must add nothing to it.
PHOTOS = (("chelsea", 282, 0.002397), ("coffee", 968, 0.010669))
POINTS, MAX_ROWS = 1000, 32  # per row, torch takes half as long for 32 as for 8
SHAPE = (3, 224, 224)
MOST_ERROR = 0.01  # of the map, relative, L2
MOST_DEVIATION = 0.0005  # from the rule's own error in completeness: float32


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


try:
    import numpy
    import torch
except ImportError as error:
    skip(f"{error.name} is not installed for {sys.executable}")


def unfilter(kind, line, above, pixel):
    """One line of a PNG, in place. above: the line before it."""
    if kind == 0:
        return
    for i in range(len(line)):
        left = line[i - pixel] if i >= pixel else 0
        up = above[i]
        corner = above[i - pixel] if i >= pixel else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = up
        elif kind == 3:
            guess = (left + up) // 2
        else:
            distances = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            guess = (left, up, corner)[distances.index(min(distances))]
        line[i] = (line[i] + guess) & 255


def read_png(path):
    """8-bit RGB without interlacing, as an array height x width x 3."""
    data = path.read_bytes()
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError(f"{path} is not a PNG")
    at, packed, header = 8, b"", None
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        header = body if kind == b"IHDR" else header
        packed += body if kind == b"IDAT" else b""
        at += 12 + length
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", header)
    if (depth, colour, interlace) != (8, 2, 0):
        raise ValueError(f"{path}: depth {depth}, colour type {colour}, interlace {interlace}: not plain RGB")
    raw, stride = zlib.decompress(packed), 3 * width
    lines, above = [], bytes(stride)
    for y in range(height):
        begin = y * (stride + 1)
        line = bytearray(raw[begin + 1 : begin + 1 + stride])
        unfilter(raw[begin], line, above, 3)
        lines.append(line)
        above = line
    return numpy.frombuffer(b"".join(lines), numpy.uint8).reshape(height, width, 3)


def floats_at(address, count):
    return numpy.frombuffer((ctypes.c_float * count).from_address(address), numpy.float32)


def make_model(network, n_inputs):
    """The network behind the callback. An exception in it fails the call and is raised again behind it."""
    thrown = []

    def evaluate(batch, user):
        try:
            evaluate_batch(network, batch.contents)
            return 0
        except BaseException as error:  # nothing may be raised through C
            thrown.append(error)
            return -1

    model = attrib.Model(dtype=attrib.F32, n_inputs=n_inputs, n_outputs=1001, max_rows=MAX_ROWS,
                         evaluate=attrib.MODEL_FN(evaluate))
    return model, thrown


def evaluate_batch(network, b):
    wants_gradients = bool(b.flags & attrib.BATCH_GRADIENTS)
    if b.input_stride != b.n_inputs or b.gradient_stride != b.n_inputs:
        raise ValueError("this test knows rows back to back only")
    rows = torch.from_numpy(floats_at(b.inputs, b.rows * b.n_inputs).copy()).reshape(b.rows, *SHAPE)
    with torch.set_grad_enabled(wants_gradients):
        rows.requires_grad_(wants_gradients)
        outputs = network(rows)[:, b.target]
    for r, output in enumerate(outputs.tolist()):
        b.outputs[r * b.output_stride] = output
    if wants_gradients:
        (gradients,) = torch.autograd.grad(outputs.sum(), rows)
        floats_at(b.gradients, b.rows * b.n_inputs)[:] = gradients.reshape(-1).numpy()


def explain(library, network, photo, target):
    pixels = numpy.ascontiguousarray(photo.transpose(2, 0, 1), numpy.float32) / numpy.float32(255)
    black = numpy.zeros_like(pixels)
    model, thrown = make_model(network, pixels.size)
    baselines = attrib.Baselines(count=1, rows=black.ctypes.data)
    options = attrib.Options(rule=attrib.RULE_MIDPOINT, points=POINTS)
    message = ctypes.create_string_buffer(300)
    report = attrib.Report(message=ctypes.addressof(message), message_capacity=len(message))
    attributions = numpy.full(pixels.shape, numpy.nan)
    status = library.integrated_gradients(None, ctypes.byref(model), pixels.ctypes.data, target,
                                          ctypes.byref(baselines), ctypes.byref(options),
                                          attributions.ctypes.data_as(ctypes.POINTER(ctypes.c_double)),
                                          ctypes.byref(report))
    if thrown:
        raise thrown[0]
    if status != attrib.OK:
        raise RuntimeError(f"{library.status_name(status).decode()}: {message.value.decode()}")
    if (report.evaluations, report.output_evaluations) != (POINTS, 2):
        raise RuntimeError(f"{report.evaluations} gradient rows and {report.output_evaluations} others")
    return attributions, report


def find_data():
    given = sys.argv[2] if len(sys.argv) > 2 else os.environ.get("ATTRIB_SHARED_DATA")
    data = Path(given) if given else Path(__file__).resolve().parents[2].parent / "shared" / "data"
    if not (data / "mobilenet" / "mobilenet_v1_025_224.pt").is_file():
        skip(f"no mobilenet in {data}")
    return data / "mobilenet"


def main():
    folder = find_data()
    library = attrib.load(sys.argv[1])
    network = torch.jit.load(str(folder / "mobilenet_v1_025_224.pt")).eval()
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    failed = False
    for name, target, rule_error in PHOTOS:
        begin = time.monotonic()
        attributions, report = explain(library, network, read_png(folder / f"{name}.png"), target)
        expected = numpy.load(folder / f"{name}_ig_black.npy").astype(numpy.float64)
        error = numpy.linalg.norm(attributions - expected) / numpy.linalg.norm(expected)
        completeness = report.completeness_error / report.completeness_target
        good = error < MOST_ERROR and abs(completeness - rule_error) < MOST_DEVIATION
        failed = failed or not good
        print(f"{name}: target {target}, f {report.output:.6f}, baseline {report.baseline_output:.6f}, "
              f"relative L2 error {error:.2e}, completeness error {completeness:.2e} "
              f"(the rule's own: {rule_error:.2e}), {time.monotonic() - begin:.1f} s{'' if good else '  WRONG'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
