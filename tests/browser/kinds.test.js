/* Maps that are not signed sums: what the page says of their values and numbers is true, and what the terminal says. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { closeBrowser, folder, open, settle } from "./browser.js";

after(closeBrowser);

/* What the terminal said of each map: the numbers that the page has, NaN = it does not say it. */
function terminal(name) {
  const all = readFileSync(`${folder}/${name}.log`, "utf8").split(/\n(?=\S.* of the logit of )/).slice(1);
  const number = (text, pattern) => Number(pattern.exec(text)?.[1] ?? NaN);
  return all.map((text) => ({
    text,
    "f at the picture": number(text, /f\(picture\) (-?[0-9.]+)/),
    "f at the baseline": number(text, /f\((?:baseline|end of the path)\) (-?[0-9.]+)/),
    "Sum of the map": number(text, /sum (?:of attributions |of its interactions )?(-?[0-9.]+)/),
    "Off by": number(text, /(?:completeness|attribution) error ([-+][0-9.e+-]+)/),
    "Off by, relative": number(text, /(?:completeness|attribution) error .*?([0-9.]+) %/),
    "Error estimate": number(text, /error estimate ([0-9.]+) %/),
  }));
}

const COLUMNS = ["f at the picture", "f at the baseline", "Sum of the map", "Off by", "Off by, relative", "Error estimate"];

for (const name of ["kinds", "tool"])
  test(`${name}: the table has the numbers that the terminal has, and no other ones`, async () => {
    const page = await open(name);
    const rows = await page.evaluate(() =>
      [...document.querySelectorAll("section tbody")].map((body) =>
        Object.fromEntries([...body.querySelectorAll("td[data-label]")].map((cell) => [cell.dataset.label, cell.textContent])),
      ),
    );
    const said = terminal(name);
    assert.equal(rows.length, said.length);
    rows.forEach((row, m) => {
      for (const column of COLUMNS) {
        const [expected, shown] = [said[m][column], row[column]];
        const where = `${said[m].text.split("\n")[0]}: ${column}: ${shown} for ${expected}`;
        assert.equal(shown === "none", Number.isNaN(expected), where);
        if (shown !== "none") assert.ok(Math.abs(parseFloat(shown) - expected) <= 0.006 * Math.abs(expected) + 0.01, where);
      }
    });
    if (name === "kinds")
      for (const column of COLUMNS) assert.ok(rows.some((row) => row[column] === "none") && rows.some((row) => row[column] !== "none"));
    await page.context().close();
  });

const KINDS = {
  "integrated gradients": ["against", "for the target", /adds to the logit of \u2018star\u2019: red raises it, blue lowers it/],
  SmoothGrad: ["f falls", "f rises", /how sensitive it is, not what the pixel contributes/],
  "SmoothGrad-squared": ["0", "strongest", /never below 0 and says nothing of for and against/],
  VarGrad: ["0", "strongest", /varies under the noise/],
  gradient: ["f falls", "f rises", /how sensitive it is/],
  "IG-SQ": ["darker", "brighter", /which is not for and against/],
  "recalibrated attributions": ["0", "for the target", /only what raises it was kept/],
  interactions: ["lowers it", "raises that gradient", /of the integrated gradient of the (red|green|blue) of pixel \d+,\d+ is due/],
  XRAI: ["0", "ranked first", /rank of its region/],
  LayerCAM: ["0", "for the target", /nothing can speak against/],
  "difference map": ["below it", "above the baseline", /activations are above the baseline's/],
};

test("the key and a sentence say what the values are", async () => {
  const page = await open("kinds");
  const seen = new Set();
  for (const label of await page.locator("#maps label").all()) {
    await label.click();
    await settle(page);
    const [low, high, meaning] = await Promise.all(["#low", "#high", "#meaning"].map((of) => page.textContent(of)));
    const kind = KINDS[await label.locator("b").textContent()];
    if (kind === undefined) continue;
    seen.add(kind);
    assert.equal(low.replace(/^-[0-9.e-]+, /, ""), kind[0]);
    assert.equal(high.replace(/^\+[0-9.e-]+, /, ""), kind[1]);
    assert.match(meaning, kind[2]);
  }
  assert.equal(seen.size, Object.keys(KINDS).length);
  await page.context().close();
});

test("interactions say of which pixel, as the terminal does", async () => {
  const page = await open("kinds");
  const { text } = terminal("kinds").find((one) => one.text.startsWith("Interactions"));
  const whose = /of the (\w+ of pixel \d+,\d+): integrated gradient (-?[0-9.]+)/.exec(text);
  const card = page.locator("#maps label", { hasText: "interactions" });
  assert.equal(await card.locator(".baseline").textContent(), `black, ${whose[1]}`);
  const remark = await page.locator("td.remarks", { hasText: "Should sum" }).textContent();
  assert.equal(remark.split(/,? (?=-?[0-9.]+$)/)[0], `Should sum to the integrated gradient of the ${whose[1]}`);
  assert.ok(Math.abs(Number(/(-?[0-9.]+?)\.?$/.exec(remark)[1]) - Number(whose[2])) < 1e-4);
  await page.context().close();
});

/* "-0.12 against" and the like, into numbers; "0" is 0. */
const numberOf = (text) => Number(/^[-+]?[0-9.]+(e[-+]?\d+)?/.exec(text)[0]);

test("in print each map has its colours with values and words, and what they mean is there once for each kind", async () => {
  const page = await open("kinds");
  const keys = [];
  for (const label of await page.locator("#maps label").all()) {
    await label.click();
    await settle(page);
    keys.push([await page.textContent("#low"), await page.textContent("#high"), await page.textContent("#meaning")]);
  }
  await page.emulateMedia({ media: "print" });
  const bars = page.locator(".gallery .bar");
  assert.equal(await bars.count(), keys.length);
  for (const [m, key] of keys.entries()) {
    assert.ok(await bars.nth(m).locator("img").isVisible());
    const ends = await bars.nth(m).locator("span").allTextContents();
    for (const [i, end] of ends.entries()) {
      assert.ok(Math.abs(numberOf(end) - numberOf(key[i])) <= 0.011 * Math.abs(numberOf(key[i])), `${end}: ${key[i]}`);
      assert.equal(end.replace(/^\S+ ?/, ""), key[i].replace(/^[^ ]+ ?/, ""));
    }
  }
  const meanings = await page.locator(".gallery-how p").allTextContents();
  for (const [, , meaning] of keys) assert.equal(meanings.filter((one) => one === meaning).length, 1, meaning);
  await page.context().close();
});

test("every part has a sentence on how to read it", async () => {
  for (const name of ["kinds", "real"]) {
    const page = await open(name);
    const parts = await page.evaluate(() =>
      [...document.querySelectorAll("section.shown > h3")].map((title) => [
        title.textContent,
        title.nextElementSibling.matches("p.how") ? title.nextElementSibling.textContent.length : 0,
      ]),
    );
    assert.deepEqual(
      parts.map(([title]) => title),
      ["Does it add up, and what did it cost?", "Along the path", "Deletion and insertion", "Settings"],
    );
    for (const [title, length] of parts) assert.ok(length > 80, title);
    for (const of of ["#stage-how", "#meaning", ".viewer-how"]) assert.ok((await page.textContent(of)).length > 60, of);
    assert.match(await page.textContent(".shown"), /Pixels of equal value go in the order of their lines/);
    await page.context().close();
  }
});
