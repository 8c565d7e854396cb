"""plots.py - the benchmark's plots, as SVG written by hand: error against evaluations, and claimed against true error.
Both axes of both are logarithmic."""
from html import escape
from math import log10
from statistics import median

from adaptive import TOLERANCES

COLOURS = {"ours": "#0b5fa5", "gauss": "#c8501e", "midpoint": "#4d8f3a", "linspace": "#8a8a8a"}
LABELS = {"ours": "adaptive", "gauss": "Gauss–Legendre", "midpoint": "midpoint", "linspace": "mean of linspace"}
SHADES = ("#0b5fa5", "#c8501e", "#4d8f3a", "#8a3f9e", "#b8860b", "#138d90", "#c2185b", "#5d6d7e", "#6b4f2a")


class Axes:
    """A square of a plot with two logarithmic axes, at (left, top) of the picture."""

    def __init__(self, left, top, width, height, x_range, y_range):
        self.left, self.top, self.width, self.height = left, top, width, height
        self.x_range, self.y_range = x_range, y_range

    def x(self, value):
        low, high = self.x_range
        return self.left + self.width * (log10(value) - log10(low)) / (log10(high) - log10(low))

    def y(self, value):
        low, high = self.y_range
        return self.top + self.height * (1 - (log10(value) - log10(low)) / (log10(high) - log10(low)))

    def frame(self, x_ticks, y_ticks, title, x_label, y_label):
        right, bottom = self.left + self.width, self.top + self.height
        parts = [f'<rect x="{self.left}" y="{self.top}" width="{self.width}" height="{self.height}" fill="none" '
                 'stroke="#444"/>', text(self.left + self.width / 2, self.top - 8, title, "middle", 13, "bold")]
        for value, label in x_ticks:
            parts += [line(self.x(value), self.top, self.x(value), bottom, "#ddd"),
                      text(self.x(value), bottom + 15, label, "middle")]
        for value, label in y_ticks:
            parts += [line(self.left, self.y(value), right, self.y(value), "#ddd"),
                      text(self.left - 5, self.y(value) + 4, label, "end")]
        parts.append(text(self.left + self.width / 2, bottom + 31, x_label, "middle"))
        parts.append(f'<g transform="rotate(-90 {self.left - 44} {self.top + self.height / 2})">'
                     + text(self.left - 44, self.top + self.height / 2, y_label, "middle") + "</g>")
        return parts

    def inside(self, x, y):
        return self.x_range[0] <= x <= self.x_range[1] and self.y_range[0] <= y <= self.y_range[1]

    def curve(self, points, colour, width=2.0):
        kept = [(x, y) for x, y in points if self.inside(x, y)]
        path = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in kept)
        dots = [f'<circle cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="{width:g}" fill="{colour}"/>' for x, y in kept]
        return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>', *dots]


def text(x, y, content, anchor="start", size=11, weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" '
            f'fill="#222">{escape(content)}</text>')


def line(x, y, to_x, to_y, colour, more=""):
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}" {more}/>'


def picture(width, height, parts):
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
                      f'height="{height}" font-family="sans-serif">',
                      f'<rect width="{width}" height="{height}" fill="#fff"/>', *parts, "</svg>", ""])


def percent_ticks(values):
    return [(value, f"{100 * value:g} %") for value in values]


def median_curve(curves):
    """A curve that has ended did so with a small error, and counts with that; to where half of them have ended."""
    found, end = [], median(curve[-1][0] for curve in curves)
    for rows in sorted({point[0] for curve in curves for point in curve if point[0] <= end}):
        errors = [next((p[1] for p in curve if p[0] == rows), curve[-1][1] if rows > curve[-1][0] else None)
                  for curve in curves]
        if None in errors:
            continue
        found.append((rows, max(median(errors), 1e-9)))
    return found


def error_curves(classes):
    """One panel for each class: medians over its cases."""
    columns, wide, high = 3, 340, 290
    parts, rows = [], -(-len(classes) // columns)
    for k, (name, cases) in enumerate(classes.items()):
        axes = Axes(70 + k % columns * wide, 80 + k // columns * high, 250, 200, (9, 640), (0.0005, 1.0))
        ticks = [(v, str(v)) for v in (10, 20, 50, 100, 200, 500)]
        parts += axes.frame(ticks, percent_ticks((0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1)),
                            f"{name}, {len(cases)} cases", "evaluations", "relative L2 error, median")
        below = []
        for rule, colour in reversed(COLOURS.items()):
            curve = median_curve([case["curves"][rule] for case in cases])
            parts += axes.curve(curve, colour, 2.5 if rule == "ours" else 1.5)
            if not any(axes.inside(*point) for point in curve):
                below.append(LABELS[rule])
        for nth, label in enumerate(below):
            parts.append(text(axes.left + 8, axes.top + 60 - 16 * nth, f"{label}: below, from the start on"))
    parts.append(text(20, 24, "Integrated gradients: true error against evaluations", size=15, weight="bold"))
    for k, (rule, colour) in enumerate(COLOURS.items()):
        parts += [line(24 + 150 * k, 44, 54 + 150 * k, 44, colour, 'stroke-width="3"'),
                  text(60 + 150 * k, 48, LABELS[rule])]
    return picture(columns * wide + 20, rows * high + 90, parts)


def claims(classes):
    """What a run that stopped by itself claimed, and how far it was off."""
    axes = Axes(80, 60, 520, 520, (0.0004, 0.14), (0.00004, 0.14))
    ticks = percent_ticks((0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1))
    parts = axes.frame(ticks, percent_ticks((0.0001,)) + ticks, "Stopped by itself: true error against the estimate",
                       "error_estimate when it stopped", "true relative L2 error")
    for ratio, style, label in ((1, "", "equal"), (0.1, 'stroke-dasharray="2 4"', "a tenth")):
        parts += [line(axes.x(0.0005), axes.y(0.0005 * ratio), axes.x(0.12), axes.y(0.12 * ratio), "#444", style),
                  text(axes.x(0.0005), axes.y(0.0005 * ratio) - 7, label)]
    for tolerance in TOLERANCES:
        parts.append(line(axes.left, axes.y(tolerance), axes.left + axes.width, axes.y(tolerance), "#c00",
                          'stroke-dasharray="6 4" stroke-opacity="0.45"'))
    for k, (name, cases) in enumerate(classes.items()):
        colour = SHADES[k % len(SHADES)]
        for case in cases:
            for one in case["certified"]:
                x, y = one["estimate"], max(one["error"], 0.00004)
                if one["certified"] and axes.inside(x, y):
                    parts.append(f'<circle cx="{axes.x(x):.1f}" cy="{axes.y(y):.1f}" r="2.6" fill="{colour}" '
                                 'fill-opacity="0.55"/>')
        parts += [f'<circle cx="622" cy="{76 + 20 * k}" r="4" fill="{colour}"/>', text(632, 80 + 20 * k, name)]
    parts.append(text(622, 92 + 20 * len(classes), "dashed red: the tolerances"))
    return picture(800, 640, parts)
