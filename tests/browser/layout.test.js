/* Where things lie: nothing over anything else, nothing cut off. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { closeBrowser, open, settle } from "./browser.js";

after(closeBrowser);

/* Boxes of what is in the page's flow, outside of the column that stays while the page is scrolled. */
async function underTheColumn(page) {
  return page.evaluate(() => {
    const column = document.querySelector(".stage-column");
    const box = column.getBoundingClientRect();
    return [...document.querySelectorAll("main p, main h3, main .controls, main .maps, main .wide, main .charts")]
      .filter((one) => one.checkVisibility() && !column.contains(one))
      .filter((one) => {
        const other = one.getBoundingClientRect();
        const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
        return across > 1 && Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 1;
      })
      .map((one) => one.className || one.tagName);
  });
}

for (const [name, width, height] of [
  ["real", 1280, 800],
  ["real", 1920, 1080],
  ["real", 390, 844],
  ["tool", 1280, 800],
  ["tool", 1366, 768],
])
  test(`${name}: scrolled at ${width} x ${height}, the picture lies over no text`, async () => {
    const page = await open(name, { viewport: { width, height } });
    const end = await page.evaluate(() => document.querySelector("section.shown h3").offsetTop);
    const tops = new Set();
    for (let y = 0; y < end; y += 90) {
      await page.evaluate((to) => scrollTo(0, to), y);
      await settle(page);
      tops.add(await page.evaluate(() => Math.round(document.querySelector(".stage-column").getBoundingClientRect().top)));
      assert.deepEqual(await underTheColumn(page), [], `scrolled to ${y}`);
    }
    assert.ok(tops.size > 3);
    await page.context().close();
  });
