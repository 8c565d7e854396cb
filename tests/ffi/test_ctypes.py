"""test_ctypes.py LIBRARY - the library from a language that has never seen its headers: plain Python and ctypes."""
import ctypes
import gc
import math
import sys
import threading

sys.dont_write_bytecode = True
import attrib_ctypes as attrib  # noqa: E402
from attrib_ctypes import byref_or_none, doubles  # noqa: E402

LIB = attrib.load(sys.argv[1])
INPUT = doubles(1, 1)
ZEROS = doubles(0, 0)


def product(batch):
    """f = x1 x2 for every row of a batch."""
    b = batch.contents
    inputs = ctypes.cast(b.inputs, ctypes.POINTER(ctypes.c_double))
    gradients = ctypes.cast(b.gradients, ctypes.POINTER(ctypes.c_double))
    assert bool(gradients) == bool(b.flags & attrib.BATCH_GRADIENTS)
    for r in range(b.rows):
        x1, x2 = inputs[r * b.input_stride], inputs[r * b.input_stride + 1]
        b.outputs[r * b.output_stride] = x1 * x2
        if gradients:
            gradients[r * b.gradient_stride] = x2
            gradients[r * b.gradient_stride + 1] = x1
    return 0


def make_model(function):
    return attrib.Model(dtype=attrib.F64, n_inputs=2, max_rows=4,
                        evaluate=attrib.MODEL_FN(lambda batch, user: function(batch)))


def black():
    return attrib.Baselines(count=1, rows=ctypes.cast(ZEROS, ctypes.c_void_p))


class Context:
    def __init__(self, workers=0):
        options = attrib.ContextOptions(workers=workers)
        self.handle = ctypes.c_void_p()
        assert LIB.context_create(ctypes.byref(options), ctypes.byref(self.handle)) == attrib.OK

    def error(self):
        return LIB.context_error(self.handle).decode()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        LIB.context_destroy(self.handle)


def explain(context, model, baselines=None, options=None, report=None, given=INPUT):
    attributions = doubles(7, 7)
    baselines = black() if baselines is None else baselines
    status = LIB.integrated_gradients(context.handle if context else None, ctypes.byref(model), given, 0,
                                      ctypes.byref(baselines), byref_or_none(options), attributions,
                                      byref_or_none(report))
    return status, list(attributions)


def assert_halves(attributions):
    assert all(abs(a - 0.5) < 1e-12 for a in attributions), attributions


def test_call():
    report = attrib.Report()
    for context in (None, Context(), Context(workers=3)):  # Python evaluates under its lock, so one at a time
        status, attributions = explain(context, make_model(product), report=report)
        assert status == attrib.OK
        assert_halves(attributions)
        assert report.filled_size == ctypes.sizeof(report)
        assert (report.points, report.evaluations, report.output_evaluations) == (50, 50, 2)
        assert report.stop_reason == attrib.STOP_COMPLETE and report.rule == attrib.RULE_MIDPOINT
        assert report.failed_row == -1 and abs(report.completeness_relative) < 1e-12
        assert report.output == 1 and report.baseline_output == 0 and math.isnan(report.error_estimate)
        if context:
            assert LIB.context_memory(context.handle) == report.peak_bytes > 0
            LIB.context_destroy(context.handle)


def test_pull():
    model = attrib.Model(dtype=attrib.F64, n_inputs=2, max_rows=4)  # no callback at all
    options = attrib.Options(points=10)
    for order in (0, -1):  # first out first back, and last out first back
        with Context(workers=2) as context:
            run = ctypes.c_void_p()
            baselines = black()
            status = LIB.integrated_gradients_start(context.handle, ctypes.byref(model), INPUT, 0,
                                                    ctypes.byref(baselines), ctypes.byref(options), ctypes.byref(run))
            assert status == attrib.OK
            assert explain(context, make_model(product))[0] == attrib.E_BUSY
            out = []
            while not LIB.run_done(run):
                batch = ctypes.POINTER(attrib.Batch)()
                assert LIB.run_next(run, ctypes.byref(batch)) == attrib.OK
                if batch:
                    out.append(batch)
                elif out:
                    back = out.pop(order)
                    assert LIB.run_submit(run, back, product(back)) == attrib.OK
            attributions = doubles(7, 7)
            assert LIB.run_result(run, attributions, None) == attrib.OK
            assert_halves(attributions)
            LIB.run_destroy(run)
            assert explain(context, make_model(product))[0] == attrib.OK


def test_errors():
    with Context() as context:
        wrong = make_model(product)
        wrong.dtype = 9
        message = ctypes.create_string_buffer(200)
        report = attrib.Report(message_capacity=200, message=ctypes.addressof(message))
        status, attributions = explain(context, wrong, report=report)
        assert status == attrib.E_ARGUMENT and attributions == [7, 7]
        assert LIB.status_name(status) == b"ATTRIB_E_ARGUMENT"
        assert "dtype" in context.error() and "9" in context.error() and "\n" not in context.error()
        assert message.value.decode() == context.error()

        small = make_model(product)
        small.struct_size = 4
        assert explain(context, small)[0] == attrib.E_STRUCT and "struct_size" in context.error()
        assert explain(context, make_model(product), given=doubles(1, math.nan))[0] == attrib.E_NONFINITE
        assert "input" in context.error()
        assert explain(context, make_model(lambda batch: -5), report=report)[0] == attrib.E_CALLBACK
        assert report.model_status == -5 and report.failed_row == 0
        assert explain(context, make_model(lambda batch: 5), report=report) == (attrib.CANCELLED, [0, 0])
        assert report.model_status == 5 and report.stop_reason == attrib.STOP_CALLBACK
        assert explain(context, make_model(lambda batch: 0), report=report)[0] == attrib.E_NONFINITE
        assert "unwritten" in context.error()
        assert explain(context, make_model(product))[0] == attrib.OK and context.error() == ""


def test_busy():
    with Context() as context:
        seen = []

        def nosy(batch):
            seen.append(explain(context, make_model(product)))
            thread = threading.Thread(target=lambda: seen.append(explain(context, make_model(product))))
            thread.start()
            thread.join()
            return product(batch)

        status, attributions = explain(context, make_model(nosy))
        assert status == attrib.OK
        assert_halves(attributions)
        assert seen and all(entry == (attrib.E_BUSY, [7, 7]) for entry in seen), seen


def test_cancel():
    with Context() as context:
        report = attrib.Report()
        LIB.context_cancel(context.handle)
        assert explain(context, make_model(product), report=report) == (attrib.CANCELLED, [0, 0])
        assert report.stop_reason == attrib.STOP_CANCEL and report.evaluations == 0

        def cancel_at_sixth(batch):
            if batch.contents.row_ids[0] >= 6:
                LIB.context_cancel(context.handle)
            return product(batch)

        status, attributions = explain(context, make_model(cancel_at_sixth), report=report)
        assert status == attrib.CANCELLED and report.stop_reason == attrib.STOP_CANCEL
        assert 0 < report.evaluations < 50
        assert 0 < attributions[0] < 0.5
        assert explain(context, make_model(product), report=report)[0] == attrib.OK
        LIB.context_cancel(None)


def test_noise():
    noise = attrib.Noise(dtype=attrib.F64, kind=attrib.NOISE_UNIFORM, n_inputs=2, seed=3, low=-1, high=1)
    fetch = ctypes.cast(LIB.attrib_noise_fetch, ctypes.c_void_p)  # a function of the library's as a callback
    random = attrib.Baselines(count=20, fetch=fetch, fetch_user=ctypes.addressof(noise))
    report = attrib.Report()
    with Context() as context:
        assert LIB.noise_check(context.handle, ctypes.byref(noise)) == attrib.OK
        status, attributions = explain(context, make_model(product), random, report=report)
        assert status == attrib.OK
        assert report.completeness_relative < 1e-9 and report.evaluations == 20 * 50
        assert (status, attributions) == explain(context, make_model(product), random)
        mean = doubles(7, 7)
        assert LIB.baseline_mean(context.handle, attrib.F64, 2, ctypes.byref(random), mean) == attrib.OK
        assert all(-1 < m < 1 and m != 0 for m in mean)

        def own(index, row, user):
            ctypes.cast(row, ctypes.POINTER(ctypes.c_double))[0] = 0.25 * index
            ctypes.cast(row, ctypes.POINTER(ctypes.c_double))[1] = -0.25 * index
            return 0

        own_fetch = attrib.BASELINE_FN(own)
        mine = attrib.Baselines(count=3, fetch=ctypes.cast(own_fetch, ctypes.c_void_p))
        assert LIB.baseline_mean(context.handle, attrib.F64, 2, ctypes.byref(mine), mean) == attrib.OK
        assert list(mean) == [0.25, -0.25]

        noise.low = 2
        assert explain(context, make_model(product), random)[0] == attrib.E_ARGUMENT and "low" in context.error()


def test_path():
    knots = doubles(0, 0, 1, 0, 1, 1)  # along one edge of the square, then the other: (0, 1) instead of (1/2, 1/2)
    path = attrib.Path(knots=3, rows=ctypes.cast(knots, ctypes.c_void_p))
    attributions = doubles(7, 7)
    model = make_model(product)
    assert LIB.path_gradients(None, ctypes.byref(model), 0, ctypes.byref(path), None, attributions, None) == attrib.OK
    assert abs(attributions[0]) < 1e-12 and abs(attributions[1] - 1) < 1e-12

    def quarter_circle(alpha, point, tangent, user):
        angle = alpha * math.pi / 2
        point = ctypes.cast(point, ctypes.POINTER(ctypes.c_double))
        point[0], point[1] = math.sin(angle), 1 - math.cos(angle)
        if tangent:
            tangent = ctypes.cast(tangent, ctypes.POINTER(ctypes.c_double))
            tangent[0], tangent[1] = math.cos(angle) * math.pi / 2, math.sin(angle) * math.pi / 2
        return 0

    curve = attrib.Path(at=attrib.PATH_FN(quarter_circle))
    options = attrib.Options(points=400)
    assert LIB.path_gradients(None, ctypes.byref(model), 0, ctypes.byref(curve), ctypes.byref(options), attributions,
                              None) == attrib.OK
    assert abs(attributions[0] - (1 - math.pi / 4)) < 1e-5 and abs(attributions[1] - math.pi / 4) < 1e-5


def test_image():
    shape = attrib.Image(width=2, height=1, channels=3)
    values = doubles(1, -2, 4, 0, 0.5, 0.25)
    pixels = doubles(7, 7)
    assert LIB.image_reduce(None, ctypes.byref(shape), values, attrib.REDUCE_SUM, pixels) == attrib.OK
    assert list(pixels) == [3, 0.75]
    shape.x_stride = shape.y_stride = 1
    assert LIB.image_reduce(None, ctypes.byref(shape), values, attrib.REDUCE_SUM, pixels) == attrib.E_ARGUMENT
    photo = (ctypes.c_uint8 * 4)(10, 20, 30, 0)
    rgba = (ctypes.c_uint8 * 4)(110, 120, 130, 255)
    assert LIB.image_overlay(None, 1, photo, 0.5, rgba) == attrib.OK
    assert list(rgba) == [60, 70, 80, 255]


def main():
    if not __debug__:
        sys.exit("this test consists of assertions: run it without -O")
    print("libattrib", LIB.version_string().decode(), "from Python", sys.version.split()[0])
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            test()
            gc.collect()  # what ctypes still holds must not be needed
            print("ok", name)


if __name__ == "__main__":
    main()
