"""runs.py - calls of the library in the pull form, which can be looked at on the way and continued."""
import ctypes
from ctypes import POINTER, c_double, c_void_p

import attrib_ctypes as attrib
import numpy


class Run:
    """One call on a subject of networks.py: go() until it ends, result() at any time, extend() and go() again."""

    def __init__(self, library, subject, **options):
        self.library, self.subject, self.handle = library, subject, c_void_p()
        expected = "sampler" in options
        start = library.expected_gradients_start if expected else library.integrated_gradients_start
        given = attrib.EgOptions(**options) if expected else attrib.Options(**options)
        self.check(start(None, ctypes.byref(subject.model), subject.input.ctypes.data, subject.target,
                         ctypes.byref(subject.set), ctypes.byref(given), ctypes.byref(self.handle)))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.library.run_destroy(self.handle)

    def check(self, status):
        if status < 0:
            message = self.library.run_error(self.handle) if self.handle else b""
            raise RuntimeError(f"{self.library.status_name(status).decode()}: {message.decode()}")
        return status

    def go(self, rows=None):
        """To the end, or until about so many more rows are in."""
        batch, done = POINTER(attrib.Batch)(), 0
        while not self.library.run_done(self.handle) and (rows is None or done < rows):
            self.check(self.library.run_next(self.handle, ctypes.byref(batch)))
            if batch:
                done += batch.contents.rows
                self.subject.evaluate_batch(batch.contents)
                self.check(self.library.run_submit(self.handle, batch, 0))
        return done

    def extend(self, tolerance=0.0, max_evaluations=0):
        self.check(self.library.run_extend(self.handle, tolerance, max_evaluations, 0))

    def result(self):
        """Status, attributions, standard errors, report."""
        values, errors = (numpy.empty(self.subject.input.size) for _ in range(2))
        doubles = POINTER(c_double)
        report = attrib.Report(standard_errors=errors.ctypes.data_as(doubles))
        status = self.check(self.library.run_result(self.handle, values.ctypes.data_as(doubles),
                                                    ctypes.byref(report)))
        return status, values, errors, report
