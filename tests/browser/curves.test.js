/* Curves on the page are those that were given, read back from the drawing. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { closeBrowser, folder, onEachPicture, open } from "./browser.js";
import { differs, readCharts } from "./charts.js";

after(closeBrowser);

const given = () => JSON.parse(readFileSync(`${folder}/real.html.curves`, "utf8"));

test("along the path: f, the attribution so far and the slope", async () => {
  const page = await open("real");
  await onEachPicture(page, async (p) => {
    const maps = given()[p];
    const charts = await readCharts(page, `#picture-${p}`, "f");
    assert.deepEqual(
      charts.map((chart) => chart.map),
      maps.flatMap((map, m) => (map.path ? [m] : [])),
    );
    for (const { map, lines } of charts) {
      const { start, end, sum, points } = maps[map].path;
      assert.ok(points.length > 10);
      const whole = (pick, first, last) => [[0, first], ...points.map((one) => [one[0], pick(one)]), [1, last]];
      const at = `picture ${p}, map ${map}: `;
      assert.equal(at + differs(lines.f, whole(([, output]) => output, start, end)), at);
      assert.equal(at + differs(lines.s, whole(([, , , attribution]) => start + attribution, start, start + sum)), at);
      assert.equal(at + differs(lines.d, points.map(([alpha, , slope]) => [alpha, slope])), at);
    }
  });
  await page.context().close();
});

test("deletion and insertion, and their areas", async () => {
  const page = await open("real");
  await onEachPicture(page, async (p) => {
    const charts = await readCharts(page, `#picture-${p}`, "x");
    assert.equal(charts.length, 6);
    for (const { map, lines, areas } of charts) {
      const { deletion, insertion, areas: expected } = given()[p][map].ablation;
      const along = (values) => values.map((value, i) => [(100 * i) / (values.length - 1), value]);
      const at = `picture ${p}, map ${map}: `;
      assert.equal(at + differs(lines.x, along(deletion)), at);
      assert.equal(at + differs(lines.i, along(insertion)), at);
      const stated = /^Area of deletion (\S+), of insertion (\S+); /.exec(areas).slice(1).map(Number);
      stated.forEach((area, i) => assert.ok(Math.abs(area - expected[i]) <= 0.0006 * Math.abs(expected[i]), areas));
    }
  });
  await page.context().close();
});
