"""attrib_ctypes.py - the library's structs and functions as ctypes sees them. For the tests of this folder; standard
library only."""
import ctypes
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_double, c_int32, c_int64, c_uint8, c_uint32, c_uint64, c_void_p

OK, CANCELLED, NOT_CONVERGED, DISAGREE = 0, 1, 2, 4
E_ARGUMENT, E_STRUCT, E_CALLBACK, E_NONFINITE, E_BUSY = -1, -2, -4, -5, -7
F32, F64 = 1, 2
BATCH_GRADIENTS = 2
MODEL_CONCURRENT = 1
RULE_MIDPOINT, RULE_TRAPEZOID, RULE_GAUSS_LEGENDRE, RULE_ADAPTIVE = 3, 4, 5, 6
NOISE_UNIFORM = 1
REDUCE_SUM = 1
STOP_COMPLETE, STOP_TOLERANCE, STOP_BUDGET, STOP_DEADLINE, STOP_CANCEL, STOP_CALLBACK = 1, 2, 3, 4, 5, 7
SAMPLER_DEFAULT, SAMPLER_IID, SAMPLER_STRATIFIED, SAMPLER_LATTICE, SAMPLER_POOLED = 0, 1, 2, 3, 4
SMOOTH_MEAN, SMOOTH_SQUARED, SMOOTH_VARIANCE, SMOOTH_TIMES_INPUT, SMOOTH_TAYLOR = 0, 1, 2, 3, 4
SMOOTH_INDEPENDENT = 1
CHECKS, CHECK_GRADIENT = 15, 14
CHECK_PASSED, CHECK_FAILED, CHECK_SKIPPED = 1, 2, 3
CAUSE_SIGN = 12
NOTE_CONSTANT_INPUT, NOTE_WITHIN_ERRORS, NOTE_SIGMA_AT_END, NOTE_NO_STEP = 1, 2, 4, 8


class Struct(ctypes.Structure):
    """Sets its struct_size."""

    def __init__(self, **fields):
        super().__init__(**fields)
        if self._fields_[0][0] == "struct_size":
            self.struct_size = ctypes.sizeof(self)


class Batch(Struct):
    _fields_ = [
        ("struct_size", c_uint32), ("flags", c_uint32), ("rows", c_int64), ("n_inputs", c_int64),
        ("n_outputs", c_int64), ("target", c_int64), ("input_stride", c_int64), ("gradient_stride", c_int64),
        ("output_stride", c_int64), ("row_ids", POINTER(c_int64)), ("inputs", c_void_p),
        ("outputs", POINTER(c_double)), ("gradients", c_void_p), ("target_weights", POINTER(c_double)),
        ("reserved", c_void_p), ("dtype", c_uint32), ("worker", c_uint32),
    ]


MODEL_FN = CFUNCTYPE(c_int32, POINTER(Batch), c_void_p)
BASELINE_FN = CFUNCTYPE(c_int32, c_int64, c_void_p, c_void_p)
PATH_FN = CFUNCTYPE(c_int32, c_double, c_void_p, c_void_p, c_void_p)


class Model(Struct):
    _fields_ = [
        ("struct_size", c_uint32), ("flags", c_uint32), ("dtype", c_uint32), ("max_rows", c_uint32),
        ("n_inputs", c_int64), ("n_outputs", c_int64), ("evaluate", MODEL_FN), ("user", c_void_p),
    ]


class Baselines(Struct):
    _fields_ = [
        ("struct_size", c_uint32), ("flags", c_uint32), ("count", c_int64), ("stride", c_int64), ("rows", c_void_p),
        ("weights", POINTER(c_double)), ("fetch", c_void_p), ("fetch_user", c_void_p),
    ]


class Noise(Struct):
    _fields_ = [
        ("struct_size", c_uint32), ("flags", c_uint32), ("dtype", c_uint32), ("kind", c_uint32),
        ("n_inputs", c_int64), ("seed", c_uint64), ("low", c_double), ("high", c_double), ("sigma", c_double),
        ("around", c_void_p), ("reserved", c_void_p),
    ]


class Path(Struct):
    _fields_ = [
        ("struct_size", c_uint32), ("flags", c_uint32), ("knots", c_int64), ("stride", c_int64), ("rows", c_void_p),
        ("reserved", c_void_p), ("at", PATH_FN), ("user", c_void_p),
    ]


class Options(Struct):
    _fields_ = [
        ("struct_size", c_uint32), ("flags", c_uint32), ("rule", c_uint32), ("round_rows", c_uint32),
        ("points", c_int64), ("max_evaluations", c_int64), ("max_vectors", c_int64), ("n_groups", c_int64),
        ("tolerance", c_double), ("completeness_threshold", c_double), ("deadline_seconds", c_double),
        ("target_weights", POINTER(c_double)), ("groups", POINTER(c_int32)), ("absolute_tolerance", c_double),
        ("difference_step", c_double),
    ]


class EgOptions(Struct):
    _fields_ = [
        ("struct_size", c_uint32), ("flags", c_uint32), ("sampler", c_uint32), ("round_rows", c_uint32),
        ("seed", c_uint64), ("samples", c_int64), ("max_evaluations", c_int64), ("max_vectors", c_int64),
        ("n_groups", c_int64), ("tolerance", c_double), ("completeness_threshold", c_double),
        ("deadline_seconds", c_double), ("target_weights", POINTER(c_double)), ("groups", POINTER(c_int32)),
        ("absolute_tolerance", c_double), ("difference_step", c_double),
    ]


class SmoothgradOptions(Struct):
    _fields_ = [
        ("struct_size", c_uint32), ("flags", c_uint32), ("form", c_uint32), ("round_rows", c_uint32),
        ("seed", c_uint64), ("samples", c_int64), ("max_evaluations", c_int64), ("n_groups", c_int64),
        ("sigma", c_double), ("sigma_fraction", c_double), ("tolerance", c_double), ("deadline_seconds", c_double),
        ("target_weights", POINTER(c_double)), ("groups", POINTER(c_int32)), ("low", c_double), ("high", c_double),
        ("absolute_tolerance", c_double),
    ]


class TracePoint(Struct):
    _fields_ = [
        ("alpha", c_double), ("weight", c_double), ("output", c_double), ("slope", c_double), ("error", c_double),
        ("baseline", c_int64), ("row_id", c_int64),
    ]


class Report(Struct):
    _fields_ = [
        ("struct_size", c_uint32), ("filled_size", c_uint32), ("model_status", c_int32), ("rule", c_uint32),
        ("stop_reason", c_uint32), ("round_rows", c_uint32), ("points", c_int64), ("evaluations", c_int64),
        ("output_evaluations", c_int64), ("model_calls", c_int64), ("failed_row", c_int64), ("samples", c_int64),
        ("peak_bytes", c_int64), ("seed", c_uint64), ("output", c_double), ("baseline_output", c_double),
        ("attribution_sum", c_double), ("completeness_target", c_double), ("completeness_error", c_double),
        ("completeness_relative", c_double), ("error_estimate", c_double), ("error_from", c_double),
        ("error_to", c_double), ("tolerance", c_double), ("sigma", c_double), ("elapsed_seconds", c_double),
        ("trace_capacity", c_int64), ("trace_count", c_int64), ("trace_stride", c_int64),
        ("message_capacity", c_int64), ("trace", c_void_p), ("standard_errors", POINTER(c_double)),
        ("message", c_char_p), ("reserved", c_void_p), ("sampler", c_uint32), ("notes", c_uint32),
        ("objective", c_double), ("unassigned", c_double), ("positive", POINTER(c_double)),
        ("negative", POINTER(c_double)), ("kept_weight", POINTER(c_double)), ("kept", POINTER(c_int64)),
        ("difference_step", c_double), ("output_noise", c_double), ("truncation_error", c_double),
        ("roundoff_error", c_double), ("difference_nodes", c_int64),
    ]


class Image(Struct):
    _fields_ = [
        ("struct_size", c_uint32), ("flags", c_uint32), ("width", c_int64), ("height", c_int64),
        ("channels", c_int64), ("x_stride", c_int64), ("y_stride", c_int64), ("channel_stride", c_int64),
    ]


class CheckFinding(ctypes.Structure):
    _fields_ = [
        ("check", c_uint32), ("verdict", c_uint32), ("cause", c_uint32), ("reserved", c_uint32), ("element", c_int64),
        ("measured", c_double), ("bound", c_double),
    ]


class CheckOptions(Struct):
    _fields_ = [
        ("struct_size", c_uint32), ("flags", c_uint32), ("seed", c_uint64), ("max_evaluations", c_int64),
        ("tolerance", c_double), ("target_weights", POINTER(c_double)), ("shape", POINTER(Image)),
    ]


class CheckReport(Struct):
    _fields_ = [
        ("struct_size", c_uint32), ("filled_size", c_uint32), ("verdict", c_uint32), ("failed", c_uint32),
        ("skipped", c_uint32), ("stop_reason", c_uint32), ("model_status", c_int32), ("reserved0", c_uint32),
        ("evaluations", c_int64), ("output_evaluations", c_int64), ("model_calls", c_int64), ("peak_bytes", c_int64),
        ("output", c_double), ("baseline_output", c_double), ("noise", c_double), ("elapsed_seconds", c_double),
        ("finding_capacity", c_int64), ("finding_count", c_int64), ("finding_stride", c_int64),
        ("text_capacity", c_int64), ("text_length", c_int64), ("reserved1", c_int64), ("findings", c_void_p),
        ("text", c_char_p),
    ]


class ContextOptions(Struct):
    _fields_ = [
        ("struct_size", c_uint32), ("workers", c_uint32), ("in_flight", c_uint32), ("reserved0", c_uint32),
        ("allocator", c_void_p), ("reserved", c_void_p),
    ]


def load(path):
    """The library with the types of the functions that are used here."""
    library = ctypes.CDLL(path)
    status, context, run = c_int32, c_void_p, c_void_p
    doubles = POINTER(c_double)
    signatures = {
        "status_name": (c_char_p, status),
        "version_string": (c_char_p,),
        "context_create": (status, POINTER(ContextOptions), POINTER(context)),
        "context_destroy": (None, context),
        "context_cancel": (None, context),
        "context_error": (c_char_p, context),
        "context_memory": (c_int64, context),
        "model_check": (status, context, POINTER(Model), c_void_p, c_int64, c_void_p, POINTER(CheckOptions),
                        POINTER(CheckReport)),
        "noise_check": (status, context, POINTER(Noise)),
        "baseline_fill": (status, context, c_uint32, c_int64, c_double, c_void_p),
        "baseline_mean": (status, context, c_uint32, c_int64, POINTER(Baselines), c_void_p),
        "integrated_gradients": (status, context, POINTER(Model), c_void_p, c_int64, POINTER(Baselines),
                                 POINTER(Options), doubles, POINTER(Report)),
        "integrated_gradients_start": (status, context, POINTER(Model), c_void_p, c_int64, POINTER(Baselines),
                                       POINTER(Options), POINTER(run)),
        "path_gradients": (status, context, POINTER(Model), c_int64, POINTER(Path), POINTER(Options), doubles,
                           POINTER(Report)),
        "expected_gradients": (status, context, POINTER(Model), c_void_p, c_int64, POINTER(Baselines),
                               POINTER(EgOptions), doubles, POINTER(Report)),
        "expected_gradients_start": (status, context, POINTER(Model), c_void_p, c_int64, POINTER(Baselines),
                                     POINTER(EgOptions), POINTER(run)),
        "smoothgrad": (status, context, POINTER(Model), c_void_p, c_int64, POINTER(SmoothgradOptions), doubles,
                       POINTER(Report)),
        "smoothgrad_start": (status, context, POINTER(Model), c_void_p, c_int64, POINTER(SmoothgradOptions),
                             POINTER(run)),
        "run_set_trace": (status, run, c_void_p, c_int64, c_int64),
        "run_next": (status, run, POINTER(POINTER(Batch))),
        "run_submit": (status, run, POINTER(Batch), c_int32),
        "run_done": (c_int32, run),
        "run_result": (status, run, doubles, POINTER(Report)),
        "run_extend": (status, run, c_double, c_int64, c_double),
        "run_error": (c_char_p, run),
        "run_destroy": (None, run),
        "image_reduce": (status, context, POINTER(Image), doubles, c_uint32, doubles),
        "image_overlay": (status, context, c_int64, POINTER(c_uint8), c_double, POINTER(c_uint8)),
    }
    for name, (result, *arguments) in signatures.items():
        function = getattr(library, "attrib_" + name)
        function.restype = result
        function.argtypes = arguments
        setattr(library, name, function)
    return library


def doubles(*values):
    return (c_double * len(values))(*values)


def byref_or_none(struct):
    return None if struct is None else ctypes.byref(struct)
