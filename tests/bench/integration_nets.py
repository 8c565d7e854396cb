"""integration_nets.py [--quick] [--cache=FOLDER] [--into=FOLDER] LIBRARY [DATA] - the adaptive rule on the networks and
photographs of the shared data: evaluations to a true error and by its own claim, beside the rules that others use; the
pool of baselines beside i.i.d. sampling; SmoothGrad under a tolerance; peak memory beside captum's.

Prints tables in Markdown, then the bounds; exit status 1 where one does not hold, 77 without the data or torch. --into:
the cases as CSV and the plots as SVG go there. --cache: dense references are kept there, by their content; without it
they are computed anew. --quick: fewer inputs, no photographs, no SmoothGrad; a minute or two on one processor.
Evaluations are gradient rows."""
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ffi"))
import attrib_ctypes as attrib  # noqa: E402
import networks  # noqa: E402

import adaptive  # noqa: E402  (networks has seen to it that torch is there)
import cases  # noqa: E402
import peak  # noqa: E402
import peers  # noqa: E402
import plots  # noqa: E402
import pool  # noqa: E402
import reference  # noqa: E402
import smoothed  # noqa: E402
import tables  # noqa: E402
import variants  # noqa: E402


def check_rules(library, pair, score, dense):
    """What is measured as Gauss-Legendre and in the name of others is what the library and they do."""
    subject, points = pair.subject(score), int(dense["gauss"][0][0])
    _, values, _, _ = subject.integrated(library, rule=attrib.RULE_GAUSS_LEGENDRE, points=points)
    found = [("gauss", points, reference.relative(values, dense["reference"].astype(float)))]
    for rule, points, error in found + peers.errors(subject, dense, reference.relative):
        measured = dense[rule][0][1]
        if abs(error - measured) > 1e-3 * measured + 1e-4:
            raise RuntimeError(f"{pair.class_name(score)}, {rule} of {points} points: error {measured} as measured "
                               f"here, {error} by those who offer it")


def measure(library, folder, cache, quick):
    """All cases that count, and how many were left out."""
    found, left_out = [], 0
    for pair in cases.pairs(folder, quick):
        scores = [score for score in pair.scores if pair.changes(score)]
        left_out += len(pair.scores) - len(scores)
        if not scores:
            continue
        dense = reference.find(pair, cache, quick)
        for score in scores:
            if pair.label in ("black", "zeros") and pair.index == 0:
                check_rules(library, pair, score, dense[score])
            found.append(adaptive.measure(library, pair, score, dense[score]))
    return found, left_out


def judge_continued(measured, bounds):
    wrong = [f"{case['class']}, {case['input']}, {case['baseline']}: {case['disagreement']}" for case in measured
             if case["disagreement"]]
    bounds.add(not wrong, f"continued runs say what single calls say, in all {len(measured)} cases"
                          + "".join(f"; {text}" for text in wrong[:3]))


def integrated(library, folder, cache, into, quick, bounds):
    measured, left_out = measure(library, folder, cache, quick)
    more = [] if quick else variants.measure(library, folder, cache)
    classes, claims = tables.by_class(measured), tables.by_class(measured + more)
    print(f"\n{len(measured)} cases of integrated gradients, and {left_out} left out that change the output by less "
          f"than 2 % of its range; of mirrored and shifted photographs {len(more)} more, of which only what is claimed "
          "is measured.")
    tables.print_certified(claims)
    tables.print_true(classes, peers.describe())
    tables.print_photographs([case for name, of in classes.items() if name.startswith("photographs") for case in of])
    if into is not None:
        tables.write_csv(measured + more, into)
        (into / "integration_error.svg").write_text(plots.error_curves(classes))
        (into / "integration_claims.svg").write_text(plots.claims(classes))
    if not quick:
        bounds.at_least("cases in all", len(measured), 200)
    judge_continued(measured, bounds)
    tables.judge_claims(claims, bounds, quick)
    tables.judge(classes, bounds, quick)


def expected(library, folder, quick, bounds):
    found = pool.measure_all(library, folder, quick)
    pool.print_tables(found)
    pool.judge(found, bounds)


def main(arguments):
    flags = dict(a[2:].partition("=")[::2] for a in arguments if a.startswith("--"))
    paths = [a for a in arguments if not a.startswith("--")]
    if not 1 <= len(paths) <= 2 or set(flags) - {"quick", "cache", "into"}:
        print("usage: integration_nets.py [--quick] [--cache=FOLDER] [--into=FOLDER] LIBRARY [DATA]", file=sys.stderr)
        return 2
    begin, quick, bounds = time.monotonic(), "quick" in flags, tables.Bounds()
    folder = networks.find_data(paths[1] if len(paths) > 1 else None)
    library = attrib.load(paths[0])
    into = Path(flags["into"]) if "into" in flags else None
    print(f"# Integration on the networks of the shared data{', quick' if quick else ''}")
    with tempfile.TemporaryDirectory() as unkept:
        cache = Path(flags.get("cache", unkept))
        cache.mkdir(parents=True, exist_ok=True)
        integrated(library, folder, cache, into, quick, bounds)
    expected(library, folder, quick, bounds)
    if not quick:
        smoothed.print_table(library, folder)
    peak.print_table(paths[0], folder, [("cnn_relu", 3072)] + ([] if quick else [("photographs", 150528)]))
    bounds.show()
    print(f"\n{time.monotonic() - begin:.0f} s")
    return 1 if bounds.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
