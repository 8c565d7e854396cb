"""adaptive.py - one case under the library's adaptive rule: what it claims by itself for each tolerance, and its error
on the way, from one run that is continued round by round."""
import attrib_ctypes as attrib
import numpy
import runs
from reference import relative, small

TOLERANCES = (0.1, 0.05, 0.02, 0.01)
MOST = 4096  # rows of a certified call
MOST_CURVE = 640  # rows of a curve
START = 17


def coverage(values, errors, reference):
    """Share of the attributions within two standard errors of the truth. One that has neither says nothing."""
    off = numpy.abs(values - reference)
    says = (off > 0) | (errors > 0)
    return float(numpy.mean(off[says] <= 2 * errors[says])) if says.any() else 1.0


def certify(library, subject, reference):
    """One call for each tolerance."""
    found = []
    for tolerance in TOLERANCES:
        status, values, errors, report = subject.integrated(library, tolerance=tolerance, max_evaluations=MOST)
        found.append({"tolerance": tolerance, "certified": status == attrib.OK, "rows": report.evaluations,
                      "error": relative(values, reference), "estimate": report.error_estimate,
                      "coverage": coverage(values, errors, reference), "peak_bytes": report.peak_bytes})
    return found


def follow(library, subject, reference, rows, least):
    """(evaluations, true error, estimate) after each round: at least `rows` of them, and on until the error is
    below `least`."""
    curve = []
    with runs.Run(library, subject, tolerance=1e-12, max_evaluations=START) as run:
        while True:
            run.go()
            _, values, _, report = run.result()
            if curve and report.evaluations == curve[-1][0]:
                break  # nothing is left to refine
            curve.append((report.evaluations, relative(values, reference), report.error_estimate))
            if report.evaluations >= MOST_CURVE or (report.evaluations >= rows and curve[-1][1] < least):
                break
            run.extend(max_evaluations=report.evaluations + report.round_rows)
    return curve


def disagreement(curve, certified):
    """A run that was continued says the same as one call: what does not, or None."""
    for one in certified:
        stops = [(rows, error) for rows, error, estimate in curve if estimate <= one["tolerance"]]
        if stops and stops[0] != (one["rows"], one["error"]):
            return f"{one['tolerance']:g}: {stops[0]} continued, {one['rows'], one['error']} in one call"
    return None


def crossing(curve, tolerance):
    """Evaluations from which on the error stays at or below the tolerance: where the last step that crosses it does,
    on a power law between its two ends. The first of the curve where it starts below; infinite where it ends above."""
    above = [k for k, point in enumerate(curve) if point[1] > tolerance]
    if not above:
        return float(curve[0][0])
    last = above[-1]
    if last + 1 == len(curve):
        return float("inf")
    (rows, error), (more_rows, smaller_error) = (point[:2] for point in curve[last:last + 2])
    if smaller_error <= 0:
        return float(more_rows)
    return float(rows * (more_rows / rows) ** (numpy.log(error / tolerance) / numpy.log(error / smaller_error)))


def measure(library, pair, score, dense):
    """All of one case; dense: of reference.find()."""
    reference = dense["reference"].astype(float)
    subject = pair.subject(score)
    certified = certify(library, subject, reference)
    curve = follow(library, subject, reference, certified[-1]["rows"], small(pair))
    curves = {"ours": curve, **{name: dense[name] for name in ("gauss", "midpoint", "linspace")}}
    return {"class": pair.class_name(score), "network": pair.network.name, "input": pair.name, "baseline": pair.label,
            "score": score, "own": float(dense["own"]), "certified": certified, "curves": curves,
            "disagreement": disagreement(curve, certified),
            "crossings": {name: [crossing(c, t) for t in TOLERANCES] for name, c in curves.items()}}
