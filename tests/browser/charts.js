/* Charts of a page read back into numbers: by the numbers at their axes, as a reader would. */

/* The line through two of the points [pixel, value]. */
function scaleThrough(marks) {
  const [first, last] = [marks[0], marks.at(-1)];
  const unit = (last[1] - first[1]) / (last[0] - first[0]);
  return { unit: Math.abs(unit), at: (pixel) => first[1] + (pixel - first[0]) * unit };
}

/* Of each chart with a line of class `of` in the section: its map, and per class of line its points in the axes'
 * numbers, with xUnit and yUnit, how much a pixel is. */
export async function readCharts(page, section, of) {
  const charts = await page.evaluate(
    ([where, line]) =>
      [...document.querySelectorAll(`${where} .chart`)]
        .filter((chart) => chart.querySelector(`path.${line}`))
        .map((chart) => {
          const place = (text, axis) => Number(text.getAttribute(axis));
          const number = (text) => Number(text.textContent);
          return {
            map: Number(chart.dataset.map),
            middle: place(chart.querySelector("text.name") ?? chart.querySelector("svg"), "y") || Infinity,
            rows: [...chart.querySelectorAll("text.row")].map((text) => [place(text, "y") - 4, number(text)]),
            columns: [...chart.querySelectorAll("text.column")].map((text) => [place(text, "x"), number(text)]),
            lines: [...chart.querySelectorAll("svg path:not(.grid)")].map((path) => [
              path.getAttribute("class"),
              path.getAttribute("d"),
            ]),
            areas: chart.querySelector(".areas")?.textContent,
          };
        }),
    [section, of],
  );
  return charts.map((chart) => {
    const x = scaleThrough(chart.columns);
    const read = { map: chart.map, areas: chart.areas, lines: {} };
    for (const [name, path] of chart.lines) {
      const y = scaleThrough(chart.rows.filter(([at]) => (name === "d") === at > chart.middle));
      read.lines[name] = {
        points: [...path.matchAll(/[ML](-?[0-9.]+) (-?[0-9.]+)/g)].map((one) => [x.at(Number(one[1])), y.at(Number(one[2]))]),
        xUnit: x.unit,
        yUnit: y.unit,
      };
    }
    return read;
  });
}

/* A line's points against those expected, to a fifth of a pixel. What differs, in words, or "". */
export function differs(line, expected) {
  if (line === undefined) return "there is no line";
  if (line.points.length !== expected.length) return `${line.points.length} points for ${expected.length}`;
  for (const [i, [x, y]] of expected.entries()) {
    const [a, b] = line.points[i];
    if (Math.abs(a - x) > 0.2 * line.xUnit || Math.abs(b - y) > 0.2 * line.yUnit) return `point ${i}: ${a}, ${b} for ${x}, ${y}`;
  }
  return "";
}
