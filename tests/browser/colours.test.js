/* The colours on the page are those that the library gives the values, in every sign mode, at every percentile. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { closeBrowser, differing, folder, givenValues, open, pixels, settle } from "./browser.js";

after(closeBrowser);

const PERCENTILES = [70, 80, 99, 100];
const MODES = ["signed", "absolute", "positive", "negative"];

/* As write_colours of pages.h has it: map(m, percentile, mode), common(m) and ends as arrays of RGB. */
function givenColours(name, side, maps) {
  const bytes = readFileSync(`${folder}/${name}.html.colours`);
  const size = 3 * side * side;
  assert.equal(bytes.length, size * maps * (PERCENTILES.length * MODES.length + 1) + 15);
  const at = (i) => bytes.subarray(i * size, (i + 1) * size);
  const last = bytes.subarray(bytes.length - 15);
  const each = PERCENTILES.length * MODES.length;
  return {
    map: (m, percentile, mode) => at(m * each + PERCENTILES.indexOf(percentile) * MODES.length + MODES.indexOf(mode)),
    common: (m) => at(maps * each + m),
    ends: [0, 1, 2, 3, 4].map((i) => [...last.subarray(3 * i, 3 * i + 3)]),
  };
}

async function choose(page, name, value) {
  await page.locator(`input[name=${name}][value=${value}] + span`).click();
}

/* The most by which a channel differs, over pixels with a finite value; others are squares of two greys. */
function mostApart(shown, expected, values, side) {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const square = ((i % side) >> 1) + (Math.floor(i / side) >> 1);
    for (let c = 0; c < 3; c++) {
      const colour = Number.isFinite(values[i]) ? expected[3 * i + c] : square % 2 === 0 ? 96 : 160;
      most = Math.max(most, Math.abs(shown[4 * i + c] - colour));
    }
  }
  return most;
}

const CLOSE = 3;

const SHOWN = {
  signed: Math.abs,
  absolute: Math.abs,
  positive: (value) => Math.max(value, 0),
  negative: (value) => Math.max(-value, 0),
};

/* The value of full colour. */
function fullValue(values, percentile, mode) {
  const sorted = [...values].filter(Number.isFinite).map(SHOWN[mode]).sort((a, b) => a - b);
  if (sorted.length === 0) return 0;
  const position = (percentile * (sorted.length - 1)) / 100;
  const low = Math.floor(position);
  const high = Math.min(low + 1, sorted.length - 1);
  const value = sorted[low] + (position - low) * (sorted[high] - sorted[low]);
  return value > 0 ? value : sorted.at(-1);
}

/* 511 colours stand for all: three of 255 in a channel. Values are kept in 32767 steps, a part of the full colour that
 * grows as this shrinks; over it a channel passes through 255 at most about twice. */
function close(values, percentile, mode) {
  const full = fullValue(values, percentile, mode);
  return full > 0 ? CLOSE + (500 * fullValue(values, 100, "absolute")) / 32767 / full : CLOSE;
}

for (const [name, side, maps] of [
  ["real", 64, 6],
  ["broken", 12, 7],
])
  test(`${name}: every sign mode at every percentile`, async () => {
    const page = await open(name);
    const [given, values] = [givenColours(name, side, maps), givenValues(name, side * side)];
    await choose(page, "show", "map");
    for (let m = 0; m < maps; m++) {
      if (name === "broken" && m === 3) continue; // denormal: too small for a scale of 16 bits
      await page.locator("#maps label").nth(m).click();
      for (const percentile of PERCENTILES) {
        await page.locator("#percentile").fill(String(percentile));
        for (const mode of MODES) {
          await choose(page, "sign", mode);
          await settle(page);
          const apart = mostApart(await pixels(page, "#canvas"), given.map(m, percentile, mode), values[m], side);
          assert.ok(apart <= close(values[m], percentile, mode), `map ${m}, ${mode} at ${percentile} %: ${apart}`);
        }
      }
    }
    await page.context().close();
  });

test("one scale for all is the largest of the maps'", async () => {
  const page = await open("real");
  const [given, values] = [givenColours("real", 64, 6), givenValues("real", 64 * 64)];
  await choose(page, "show", "map");
  await choose(page, "scale", "common");
  for (let m = 0; m < 6; m++) {
    await page.locator("#maps label").nth(m).click();
    await settle(page);
    assert.ok(mostApart(await pixels(page, "#canvas"), given.common(m), values[m], 64) <= CLOSE, `map ${m}`);
  }
  await page.context().close();
});

test("opacity: so much of the map's colour as the root of the value says", async () => {
  const page = await open("real");
  const values = givenValues("real", 64 * 64)[0];
  await page.locator("#percentile").fill("100");
  await choose(page, "show", "map");
  await settle(page);
  const map = await pixels(page, "#canvas");
  await choose(page, "show", "overlay");
  const colours = await pixels(page, "#image-0");
  const largest = Math.max(...values.map(Math.abs));
  for (const opacity of [0, 40, 100]) {
    await page.locator("#opacity").fill(String(opacity));
    await settle(page);
    const shown = await pixels(page, "#canvas");
    values.forEach((value, i) => {
      const share = (opacity / 100) * Math.sqrt(Math.abs(value) / largest);
      const grey = 0.2126 * colours[4 * i] + 0.7152 * colours[4 * i + 1] + 0.0722 * colours[4 * i + 2];
      for (let c = 0; c < 3; c++)
        assert.ok(Math.abs(shown[4 * i + c] - ((1 - share) * grey + share * map[4 * i + c])) < 2, `${opacity} %, ${i}`);
    });
  }
  await page.context().close();
});

test("the key has the colours, the values and the words of each mode", async () => {
  const page = await open("real");
  const values = givenValues("real", 64 * 64)[0];
  const [blue, middle, red, first, last] = givenColours("real", 64, 6).ends;
  const expected = {
    signed: [blue, red, /^-([0-9.]+), against$/, "0", /^\+([0-9.]+), for the target$/],
    absolute: [first, last, /^0$/, "", /^([0-9.]+), either way$/],
    positive: [middle, red, /^0$/, "", /^\+([0-9.]+), for the target$/],
    negative: [middle, blue, /^0$/, "", /^-([0-9.]+), against$/],
  };
  for (const percentile of [70, 99])
    for (const mode of MODES) {
      await page.locator("#percentile").fill(String(percentile));
      await choose(page, "sign", mode);
      await settle(page);
      const [left, right, low, center, high] = expected[mode];
      const bar = await pixels(page, "#colours");
      for (const [i, colour] of [
        [0, left],
        [bar.length / 4 - 1, right],
      ])
        for (let c = 0; c < 3; c++) assert.ok(Math.abs(bar[4 * i + c] - colour[c]) <= CLOSE, `${mode}: ${bar.slice(4 * i, 4 * i + 3)}`);
      assert.match(await page.textContent("#low"), low);
      assert.equal(await page.textContent("#middle"), center);
      const stated = high.exec(await page.textContent("#high"));
      assert.ok(stated, await page.textContent("#high"));
      const full = fullValue(values, percentile, mode);
      assert.ok(Math.abs(Number(stated[1]) - full) <= 0.006 * full + 2e-5, `${mode}: ${stated[1]} for ${full}`);
    }
  await page.context().close();
});

test("in print and without scripts the colours are the same, whatever is not finite", async () => {
  const page = await open("broken");
  for (let m = 0; m < 7; m++) {
    await page.locator("#maps label").nth(m).click();
    await settle(page);
    const printed = await pixels(page, `#picture-0 .gallery figure:nth-child(${m + 2}) > img`);
    if (m !== 3) assert.equal(differing(await pixels(page, "#canvas"), printed, 2), 0, `map ${m}`);
  }
  await page.context().close();
});
