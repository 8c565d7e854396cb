/* The program's own page holds what the program wrote beside it: the arrays, the curves, what was doubtful. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { closeBrowser, folder, onEachPicture, open } from "./browser.js";
import { differs, readCharts } from "./charts.js";

after(closeBrowser);

const record = JSON.parse(readFileSync(`${folder}/tool_record.json`, "utf8"));
const hostile = 'a <img src=x onerror=alert(1)> & "b".png';

/* Prefixes of the map's files, in the order of the page: pairs of method and baseline, then targets. */
function prefixes() {
  const all = [];
  for (const picture of ["star_black", hostile.replace(".png", "")]) {
    const maps = [];
    for (const method of ["ig", "guided-ig"])
      for (const baseline of ["black", "white", "blur"])
        for (const target of ["star", "heart"]) maps.push(`${folder}/tool_${picture}_${method}_from_${baseline}_${target}`);
    all.push(maps);
  }
  return all;
}

/* An array of doubles, summed over its first axis of three. */
function readSums(path) {
  const bytes = readFileSync(path);
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, start);
  const [channels, rows, columns] = /'shape': \((\d+), (\d+), (\d+)\)/.exec(header).slice(1).map(Number);
  assert.match(header, /'<f8'/);
  assert.equal(bytes.length, start + 8 * channels * rows * columns);
  const sums = new Float64Array(rows * columns);
  for (let i = 0; i < channels * rows * columns; i++) sums[i % sums.length] += bytes.readDoubleLE(start + 8 * i);
  return sums;
}

test("every map's values are those of its .npy file", async () => {
  const page = await open("tool");
  const { pictures } = JSON.parse(await page.textContent("#data"));
  for (const [p, maps] of prefixes().entries())
    for (const [m, prefix] of maps.entries()) {
      const expected = readSums(`${prefix}.npy`);
      const bytes = Buffer.from(await page.textContent(`#values-${p}-${m}`), "base64");
      const { scale } = pictures[p].maps[m];
      assert.equal(bytes.length, 2 * expected.length);
      assert.ok(expected.some((value) => Math.abs(value) > 1000 * scale));
      expected.forEach((value, i) =>
        assert.ok(Math.abs(scale * bytes.readInt16LE(2 * i) - value) <= 0.5001 * scale, `${prefix}: ${i}`),
      );
    }
  await page.context().close();
});

test("every curve is that of its _alpha.csv", async () => {
  const page = await open("tool");
  await onEachPicture(page, async (p) => {
    const charts = await readCharts(page, `#picture-${p}`, "f");
    assert.equal(charts.length, 12);
    for (const { map, lines } of charts) {
      const [, ...text] = readFileSync(`${prefixes()[p][map]}_alpha.csv`, "utf8").trim().split("\n");
      const rows = text.map((row) => row.split(",").map(Number));
      const start = rows[0][1] - rows[0][4];
      const within = (line, skip) => ({ ...line, points: line.points.slice(skip, line.points.length - skip) });
      const at = `picture ${p}, map ${map}: `;
      assert.ok(rows.length > 5);
      assert.equal(at + differs(within(lines.f, 1), rows.map(([alpha, output]) => [alpha, output])), at);
      assert.equal(at + differs(within(lines.s, 1), rows.map((row) => [row[0], start + row[3]])), at);
      assert.equal(at + differs(lines.d, rows.map((row) => [row[0], row[2]])), at);
    }
  });
  await page.context().close();
});

test("deletion begins, and insertion ends, at the picture's own probability; they are two curves", async () => {
  const page = await open("tool");
  await onEachPicture(page, async (p) => {
    const charts = await readCharts(page, `#picture-${p}`, "x");
    assert.equal(charts.length, 12);
    const probable = Number(/star ([0-9.]+) %/.exec(await page.textContent(`#picture-${p} .pairs`))[1]) / 100;
    for (const { map, lines, areas } of charts) {
      const [deletion, insertion] = [lines.x.points, lines.i.points];
      const close = (one, other) => Math.abs(one - other) < 0.4 * lines.x.yUnit;
      assert.deepEqual([deletion.length, insertion.length], [21, 21]);
      if (map % 2 === 0) assert.ok(close(deletion[0][1], probable) && close(insertion[20][1], probable), `${p}, ${map}`);
      assert.ok(close(deletion[20][1], insertion[0][1]), "both are the replacement's");
      for (const [, y] of [...deletion, ...insertion]) assert.ok(y > -0.01 && y < 1.01);
      const area = (points) => points.slice(1).reduce((sum, [, y], i) => sum + (y + points[i][1]) / 40, 0);
      const stated = /^Area of deletion (\S+), of insertion (\S+); /.exec(areas).slice(1).map(Number);
      assert.ok(Math.abs(area(deletion) - stated[0]) < lines.x.yUnit, areas);
      assert.ok(Math.abs(area(insertion) - stated[1]) < lines.x.yUnit, areas);
    }
  });
  await page.context().close();
});

test("what the terminal doubts is flagged: in the table, on the card, in print", async () => {
  const page = await open("tool");
  const said = readFileSync(`${folder}/tool.log`, "utf8").split(/\n(?=\S.* of the logit of )/).slice(1);
  const doubted = said.map((text) => /^ {2}(! |Not converged)/m.test(text));
  assert.ok(doubted.includes(true) && doubted.includes(false));
  await onEachPicture(page, async (p) => {
    const expected = doubted.slice(12 * p, 12 * p + 12);
    const flags = await page.evaluate((of) => {
      const all = (selector, has) => [...document.querySelectorAll(selector)].map((one) => one.querySelector(has) !== null);
      return [all(`#picture-${of} tbody`, ".doubtful"), all(".card", ".flag"), all(`#picture-${of} .gallery figure`, "strong").slice(1)];
    }, p);
    for (const shown of flags) assert.deepEqual(shown, expected);
  });
  await page.context().close();
});

test("what the page says it was made with is what the record says", async () => {
  const page = await open("tool");
  const digests = JSON.stringify(record).match(/[0-9a-f]{64}/g);
  const shown = (await page.locator(".pairs dd").allTextContents()).filter((one) => /^[0-9a-f]{64}$/.test(one));
  assert.equal(new Set(shown).size, 3); // two pictures and the network
  for (const digest of shown) assert.ok(digests.includes(digest), digest);
  await page.context().close();
});
