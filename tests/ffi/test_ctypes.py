"""test_ctypes.py LIBRARY - the library from a language that has never seen its headers: plain Python and ctypes."""
import ctypes
import gc
import math
import statistics
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
        status, attributions = explain(context, make_model(product), report=report, options=attrib.Options(points=50))
        assert status == attrib.OK
        assert_halves(attributions)
        assert report.filled_size == ctypes.sizeof(report)
        assert (report.points, report.evaluations, report.output_evaluations) == (50, 50, 2)
        assert report.stop_reason == attrib.STOP_COMPLETE and report.rule == attrib.RULE_MIDPOINT
        assert report.failed_row == -1 and abs(report.completeness_relative) < 1e-12
        assert report.output == 1 and report.baseline_output == 0 and math.isnan(report.error_estimate)
        if context:
            assert LIB.context_memory(context.handle) == report.peak_bytes > 0
        status, attributions = explain(context, make_model(product), report=report)  # to a tolerance
        assert status == attrib.OK and report.stop_reason == attrib.STOP_TOLERANCE
        assert_halves(attributions)
        assert report.rule == attrib.RULE_ADAPTIVE and report.error_estimate <= report.tolerance == 0.05
        assert report.points == report.evaluations <= 17 and report.output_evaluations == 0
        if context:
            LIB.context_destroy(context.handle)


def drive(run, order):
    """Brings a run to its end in the pull form; the rows with gradients as (inputs, gradient), by row id."""
    out, rows = [], {}
    while not LIB.run_done(run):
        batch = ctypes.POINTER(attrib.Batch)()
        assert LIB.run_next(run, ctypes.byref(batch)) == attrib.OK
        if batch:
            out.append(batch)
        elif out:
            back = out.pop(order)
            b = back.contents
            assert product(back) == 0
            for r in range(b.rows if b.gradients else 0):
                at = [ctypes.cast(p, ctypes.POINTER(ctypes.c_double))[2 * r:2 * r + 2] for p in (b.inputs, b.gradients)]
                rows[b.row_ids[r]] = at
            assert LIB.run_submit(run, back, 0) == attrib.OK
    return [rows[k] for k in sorted(rows)]


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
            assert len(drive(run, order)) == 10
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

        status, attributions = explain(context, make_model(cancel_at_sixth), report=report, options=attrib.Options(points=50))
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
        assert report.completeness_relative < 1e-9 and report.evaluations == 1 + 20 * 4
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


def close(a, b, tolerance=1e-12):
    return len(a) == len(b) and all(abs(x - y) <= tolerance for x, y in zip(a, b))


POINTS = [(0, 0), (-1, 0.5), (0.25, -2), (3, 1), (0.5, 0.5)]
HERE = (1.0, 2.0)


def background():
    rows = doubles(*(value for point in POINTS for value in point))
    return attrib.Baselines(count=len(POINTS), rows=ctypes.cast(rows, ctypes.c_void_p)), rows


def test_expected_gradients():
    model = make_model(product)
    here = doubles(*HERE)
    baselines, rows = background()
    errors = doubles(7, 7)
    attributions = doubles(7, 7)
    # On the line from b the gradient of x1 x2 runs evenly from (b2, b1) to (x2, x1).
    exact = [statistics.fmean((HERE[i] - b[i]) * (HERE[1 - i] + b[1 - i]) / 2 for b in POINTS) for i in (0, 1)]
    for sampler in (0, attrib.SAMPLER_IID, attrib.SAMPLER_STRATIFIED, attrib.SAMPLER_LATTICE):
        options = attrib.EgOptions(sampler=sampler, samples=400, seed=3)
        report = attrib.Report(standard_errors=errors)
        with Context(workers=2) as context:
            assert LIB.expected_gradients(context.handle, ctypes.byref(model), here, 0, ctypes.byref(baselines),
                                          ctypes.byref(options), attributions, ctypes.byref(report)) == attrib.OK
        assert (report.samples, report.evaluations, report.seed) == (400, 400, 3)
        assert report.sampler == (sampler or attrib.SAMPLER_LATTICE) and report.stop_reason == attrib.STOP_COMPLETE
        assert report.output == 2 and report.output_evaluations == 1 + len(POINTS)
        for i in (0, 1):
            assert 0 < errors[i] < 0.2 and abs(attributions[i] - exact[i]) < 4 * errors[i], (sampler, i)
        relative = math.hypot(*errors) / math.hypot(*attributions)
        assert abs(report.error_estimate - relative) < 1e-12 and math.isnan(report.tolerance)


def test_expected_gradients_pulled():
    """Recomputed from the rows and the trace: the mean of (x - b) times the gradient, and its standard error."""
    model = attrib.Model(dtype=attrib.F64, n_inputs=2, max_rows=3)
    here = doubles(*HERE)
    baselines, rows = background()
    options = attrib.EgOptions(sampler=attrib.SAMPLER_STRATIFIED, samples=12, seed=9)
    called, attributions, errors = doubles(7, 7), doubles(7, 7), doubles(7, 7)
    own = make_model(product)
    assert LIB.expected_gradients(None, ctypes.byref(own), here, 0, ctypes.byref(baselines), ctypes.byref(options),
                                  called, None) == attrib.OK
    for order in (0, -1):
        trace = (attrib.TracePoint * 12)()
        with Context(workers=2) as context:
            run = ctypes.c_void_p()
            assert LIB.expected_gradients_start(context.handle, ctypes.byref(model), here, 0, ctypes.byref(baselines),
                                                ctypes.byref(options), ctypes.byref(run)) == attrib.OK
            assert LIB.run_set_trace(run, trace, 12, 0) == attrib.OK
            drawn = drive(run, order)
            report = attrib.Report(standard_errors=errors)
            assert LIB.run_result(run, attributions, ctypes.byref(report)) == attrib.OK
            LIB.run_destroy(run)
        assert list(attributions) == list(called) and len(drawn) == report.samples == report.trace_count == 12
        values = []
        for (point, gradient), traced in zip(drawn, trace):
            start = POINTS[traced.baseline]
            assert close(point, [b + traced.alpha * (x - b) for b, x in zip(start, HERE)])
            assert gradient == [point[1], point[0]] and traced.weight == 1 / 12
            values.append([(x - b) * g for x, b, g in zip(HERE, start, gradient)])
            assert abs(traced.slope - math.fsum(values[-1])) < 1e-12
        columns = list(zip(*values))
        assert close(attributions, [statistics.fmean(column) for column in columns])
        assert close(errors, [statistics.stdev(column) / math.sqrt(12) for column in columns])


def test_smoothgrad():
    here = doubles(*HERE)
    attributions, errors = doubles(7, 7), doubles(7, 7)
    model = make_model(product)
    report = attrib.Report(standard_errors=errors)
    options = attrib.SmoothgradOptions(samples=9, sigma=0.5, seed=4)  # 5 pairs: of a gradient like e nothing is left
    assert LIB.smoothgrad(None, ctypes.byref(model), here, 0, ctypes.byref(options), attributions,
                          ctypes.byref(report)) == attrib.OK
    assert close(attributions, [2, 1]) and close(errors, [0, 0]) and report.samples == 10 and report.sigma == 0.5
    assert report.notes == 0
    for notes, given in ((0, here), (attrib.NOTE_CONSTANT_INPUT, INPUT)):
        assert LIB.smoothgrad(None, ctypes.byref(model), given, 0, None, attributions,
                              ctypes.byref(report)) == attrib.OK
        assert report.notes == notes and report.samples == (1 if notes else 50)
        assert report.sigma == (0 if notes else 0.15)


def test_smoothgrad_pulled():
    """Every form recomputed from the rows; of the variance the error is for others to check."""
    here = doubles(*HERE)
    model = attrib.Model(dtype=attrib.F64, n_inputs=2, max_rows=4)
    attributions, errors = doubles(7, 7), doubles(7, 7)
    for form in range(attrib.SMOOTH_TAYLOR + 1):
        options = attrib.SmoothgradOptions(form=form, flags=attrib.SMOOTH_INDEPENDENT, samples=7, sigma=0.5, seed=form)
        run = ctypes.c_void_p()
        assert LIB.smoothgrad_start(None, ctypes.byref(model), here, 0, ctypes.byref(options),
                                    ctypes.byref(run)) == attrib.OK
        drawn = drive(run, -1)
        report = attrib.Report(standard_errors=errors)
        assert LIB.run_result(run, attributions, ctypes.byref(report)) == attrib.OK
        LIB.run_destroy(run)
        assert len(drawn) == report.samples == report.evaluations == 7 and report.output == 2
        assert abs(report.baseline_output - statistics.fmean(z[0] * z[1] for z, _ in drawn)) < 1e-12
        values = {
            attrib.SMOOTH_SQUARED: lambda z, g, x: g * g,
            attrib.SMOOTH_TIMES_INPUT: lambda z, g, x: z * g,
            attrib.SMOOTH_TAYLOR: lambda z, g, x: (x - z) * g,
        }.get(form, lambda z, g, x: g)
        columns = [[values(z[i], g[i], HERE[i]) for z, g in drawn] for i in (0, 1)]
        assert len(set(columns[0])) == 7
        if form == attrib.SMOOTH_VARIANCE:
            assert close(attributions, [statistics.pvariance(column) for column in columns])
        else:
            assert close(attributions, [statistics.fmean(column) for column in columns])
            widened = 1 + 10 / 7 if form == attrib.SMOOTH_SQUARED else 1
            assert close(errors, [widened * statistics.stdev(column) / math.sqrt(7) for column in columns])


def test_tolerance():
    here = doubles(*HERE)
    model = make_model(product)
    baselines, rows = background()
    attributions = doubles(7, 7)
    message = ctypes.create_string_buffer(300)
    report = attrib.Report(message_capacity=300, message=ctypes.addressof(message))
    options = attrib.EgOptions(sampler=attrib.SAMPLER_STRATIFIED, tolerance=0.05, seed=1)
    drawn = []
    for most, status, stop in ((0, attrib.OK, attrib.STOP_TOLERANCE), (100, attrib.NOT_CONVERGED, attrib.STOP_BUDGET)):
        options.max_evaluations = most
        assert LIB.expected_gradients(None, ctypes.byref(model), here, 0, ctypes.byref(baselines),
                                      ctypes.byref(options), attributions, ctypes.byref(report)) == status
        assert report.stop_reason == stop and report.tolerance == 0.05
        assert (report.error_estimate <= 0.05) == (status == attrib.OK)
        assert ("max_evaluations = 100" in message.value.decode()) == (status == attrib.NOT_CONVERGED)
        drawn.append(report.samples)
    assert drawn[0] >= 128 and drawn[1] == 64
    for options in (attrib.EgOptions(samples=1 << 53), attrib.EgOptions(sampler=5), attrib.EgOptions(round_rows=1)):
        assert LIB.expected_gradients(None, ctypes.byref(model), here, 0, ctypes.byref(baselines),
                                      ctypes.byref(options), attributions, ctypes.byref(report)) < 0
        assert "options->" in message.value.decode()


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
