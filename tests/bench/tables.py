"""tables.py - integrated gradients: tables in Markdown, cases as CSV, and the bounds that they must keep."""
import csv
from statistics import median

import numpy
from adaptive import TOLERANCES

RULES = ("gauss", "midpoint", "linspace", "ours")
ENOUGH = 20  # cases of a class, for a share of 95 % to mean anything in the quick form


class Bounds:
    def __init__(self):
        self.lines, self.failed = [], []

    def add(self, holds, text):
        self.lines.append(f"| {text} | {'PASS' if holds else 'FAIL'} |")
        if not holds:
            self.failed.append(text)

    def at_most(self, text, value, limit):
        self.add(value <= limit, f"{text} <= {limit:g}: {value:.3g}")

    def at_least(self, text, value, limit):
        self.add(value >= limit, f"{text} >= {limit:g}: {value:.3g}")

    def not_judged(self, text, why):
        self.lines.append(f"| {text} | not judged: {why} |")

    def show(self):
        print("\n## Bounds\n\n| bound and what was measured | |\n|---|---|", *self.lines, sep="\n")
        for text in self.failed:
            print(f"\nFAILED: {text}")


def by_class(cases):
    classes = {}
    for case in cases:
        classes.setdefault(case["class"], []).append(case)
    return dict(sorted(classes.items()))


def number(value):
    return f"{value:.0f}" if numpy.isfinite(value) else "more"


def said(cases, k):
    return [case["certified"][k] for case in cases if case["certified"][k]["certified"]]


def met(claims):
    return sum(one["error"] <= one["tolerance"] for one in claims)


def worst(claims):
    return max((one["error"] / one["tolerance"] for one in claims), default=0.0)


def certified_cell(cases, k):
    claims, all_of_them = said(cases, k), [case["certified"][k] for case in cases]
    rows = [one["rows"] for one in all_of_them]
    open_ones = "" if len(claims) == len(cases) else f" ({len(cases) - len(claims)} did not converge)"
    return (f"**{median(rows):.0f}** ({max(rows)}), {met(claims)}/{len(claims)}{open_ones}, {worst(claims):.2f}, "
            f"{median(one['coverage'] for one in all_of_them):.2f} ({min(one['coverage'] for one in all_of_them):.2f})")


def print_certified(classes):
    print("\n## Integrated gradients, stopped by itself\n\nMedian evaluations (most), how many met the tolerance of "
          "all that claim it, worst error / tolerance, share of the attributions within two standard errors: median "
          "(least).\n\n| class | cases | reference's own error, worst | 10 % | 5 % | 2 % | 1 % |\n"
          "|---|---|---|---|---|---|---|")
    for name, cases in classes.items():
        cells = " | ".join(certified_cell(cases, k) for k in range(len(TOLERANCES)))
        print(f"| {name} | {len(cases)} | {max(case['own'] for case in cases):.1e} | {cells} |")


def print_true(classes, stand_ins):
    print(f"\n## Integrated gradients: evaluations to a true error of 10 / 5 / 2 / 1 %, medians\n\n{stand_ins}\n\n"
          "From the last crossing of the error on, on a power law between the two steps around it. Gauss-Legendre from "
          "10 points up by a twentieth, of photographs and in the quick form by a fifth; midpoint and linspace from 10 "
          "up by an eighth or more; ours from 17 by its rounds.\n\n"
          "| class | Gauss-Legendre | midpoint | mean of linspace | ours | Gauss-Legendre / ours: median (worst) at "
          "10 % | 5 % | 2 % | 1 % | midpoint / ours at 1 % |\n|---|---|---|---|---|---|---|---|---|---|")
    for name, cases in classes.items():
        cells = [" / ".join(number(median(case["crossings"][rule][k] for case in cases)) for k in range(4))
                 for rule in RULES]
        cells += [f"{median(ratios(cases, k)):.2f} ({min(ratios(cases, k)):.2f})" for k in range(4)]
        cells.append(f"{median(ratios(cases, 3, 'midpoint')):.2f}")
        print(f"| {name} | {' | '.join(cells)} |")


def ratios(cases, k, rule="gauss"):
    """At equal true error. A rule that did not get there on its ladder counts with the ladder's end, which is too
    few; ours with infinity."""
    found = []
    for case in cases:
        rows = case["crossings"][rule][k]
        rows = rows if numpy.isfinite(rows) else float(case["curves"][rule][-1][0])
        found.append(rows / case["crossings"]["ours"][k])
    return found


def print_photographs(cases):
    if not cases:
        return
    print("\n## Photographs\n\nEvaluations to a true error of 5 / 2 / 1 %, and of ours where it stopped by itself, "
          "with the true error.\n\n| photograph, baseline, score | Gauss-Legendre | midpoint | ours | tolerance 5 % "
          "| 2 % | 1 % |\n|---|---|---|---|---|---|---|")
    for case in cases:
        cells = [" / ".join(number(rows) for rows in case["crossings"][rule][1:])
                 for rule in ("gauss", "midpoint", "ours")]
        cells += [f"{one['rows']} ({100 * one['error']:.2f} %)" for one in case["certified"][1:]]
        print(f"| {case['input']}, {case['baseline']}, {case['score']} | {' | '.join(cells)} |")


def write_csv(cases, folder):
    with open(folder / "integration_cases.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["class", "network", "input", "baseline", "score", "reference_error", "tolerance", "certified",
                      "evaluations", "true_error", "estimate", "coverage",
                      *(f"{rule}_to_true_error" for rule in RULES)])
        for case in cases:
            for k, one in enumerate(case["certified"]):
                out.writerow([case["class"], case["network"], case["input"], case["baseline"], case["score"],
                              f"{case['own']:.3g}", one["tolerance"], int(one["certified"]), one["rows"],
                              f"{one['error']:.5g}", f"{one['estimate']:.5g}", f"{one['coverage']:.4f}",
                              *(f"{case['crossings'][rule][k]:.4g}" if case["crossings"] else "" for rule in RULES)])
    with open(folder / "integration_curves.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["class", "network", "input", "baseline", "score", "rule", "evaluations", "true_error"])
        for case in cases:
            for rule in RULES:
                for point in case["curves"].get(rule, ()):
                    out.writerow([case["class"], case["network"], case["input"], case["baseline"], case["score"], rule,
                                  int(point[0]), f"{point[1]:.5g}"])


def judge_claims(classes, bounds, quick):
    for k, tolerance in enumerate(TOLERANCES):
        of, claims = f"of what stopped by itself at {100 * tolerance:g} %", said(sum(classes.values(), []), k)
        bounds.at_least(f"met the tolerance, % {of}, all {len(claims)}", 100 * met(claims) / len(claims), 97)
        bounds.at_most(f"worst error / tolerance {of}", worst(claims), 1.3)
        few = {name: len(cases) for name, cases in classes.items() if quick and len(cases) < ENOUGH}
        share = {name: 100 * met(said(cases, k)) / max(len(said(cases, k)), 1)
                 for name, cases in classes.items() if name not in few}
        if share:
            least = min(share, key=share.get)
            bounds.at_least(f"met the tolerance, % {of}, every class, the least being {least}", share[least], 95)
        if few:
            bounds.not_judged(f"met the tolerance in 95 % {of}: " + ", ".join(few), f"under {ENOUGH} cases each")
    coverage = [one["coverage"] for cases in classes.values() for case in cases for one in case["certified"]]
    bounds.at_least("attributions within two standard errors, median over all cases", median(coverage), 0.9)


def judge_photographs(classes, bounds):
    logit = [case for case in classes.get("photographs logit", []) if case["baseline"] != "uniform"]
    if not logit:
        bounds.not_judged("photographs", "none in the quick form, or none in the data")
        return
    for k, limit in ((1, 52), (2, 120)):
        bounds.at_most(f"photographs (black and mid-grey, logit) at {100 * TOLERANCES[k]:g} %: certified evaluations, "
                       "median", median(case["certified"][k]["rows"] for case in logit), limit)
    for name in ("photographs logit", "photographs probability"):
        bounds.at_least(f"{name} at 5 %: Gauss-Legendre / ours, median", median(ratios(classes[name], 1)), 1.2)
    espresso = [case for case in logit if (case["input"], case["baseline"]) == ("coffee", "black")]
    bounds.at_least("espresso from black, logit, at 5 %: Gauss-Legendre / ours", ratios(espresso, 1)[0], 2)


def judge(classes, bounds, quick):
    for name, limit in (("cnn_relu logit", 120), ("cnn_relu probability", 90), ("smooth logit", 41),
                        ("smooth probability", 41)):
        bounds.at_most(f"{name} at 1 %: certified evaluations, median",
                       median(case["certified"][3]["rows"] for case in classes[name]), limit)
    for name, limit in (("cnn_relu logit", 1.3), ("cnn_relu probability", 3)):
        text, ratio = f"{name} at 1 %: Gauss-Legendre / ours, median", median(ratios(classes[name], 3))
        if quick:
            bounds.not_judged(f"{text} >= {limit:g}: {ratio:.3g}", "coarse steps and few cases")
        else:
            bounds.at_least(text, ratio, limit)
    judge_photographs(classes, bounds)
