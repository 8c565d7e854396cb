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

test("remarks have a row as wide as the table", async () => {
  const page = await open("kinds", { viewport: { width: 1280, height: 800 } });
  const widths = await page.evaluate(() =>
    [...document.querySelectorAll(".shown td.remarks")].map(
      (cell) => cell.getBoundingClientRect().width / cell.closest("table").getBoundingClientRect().width,
    ),
  );
  assert.ok(widths.length > 5);
  for (const width of widths) assert.ok(width > 0.9, `${width}`);
  await page.context().close();
});

for (const width of [320, 390, 1280])
  test(`no text of a chart is cut off at ${width} pixels`, async () => {
    const page = await open("kinds", { viewport: { width, height: 800 } });
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll(".shown .chart :is(text, .axis, .areas, figcaption)")]
        .filter((text) => text.checkVisibility())
        .map((text) => {
          const box = text.getBoundingClientRect();
          const frame = (text.ownerSVGElement ?? text.closest(".chart")).getBoundingClientRect();
          return [text.textContent, box.left - frame.left, frame.right - box.right, frame.bottom - box.bottom];
        })
        .filter(([, ...room]) => room.some((one) => one < -1)),
    );
    assert.deepEqual(cut, []);
    const axes = await page.locator(".shown .chart .axis").allTextContents();
    assert.ok(axes.includes("alpha: 0 = baseline, 1 = picture; f along the image of the path in the layer"), `${axes}`);
    await page.context().close();
  });

test("a picture that the network saw squeezed is shown as it was, with a word", async () => {
  const page = await open("kinds", { viewport: { width: 1280, height: 800 } });
  const ratio = async (selector) => {
    const box = await page.locator(selector).first().boundingBox();
    return box.width / box.height;
  };
  for (const selector of ["#canvas", ".thumb canvas"]) assert.ok(Math.abs((await ratio(selector)) - 4 / 3) < 0.02);
  const canvas = await page.locator("#canvas").boundingBox();
  await page.mouse.move(canvas.x + 0.5 * canvas.width, canvas.y + (63.5 / 64) * canvas.height);
  assert.match(await page.textContent("#readout"), / at x 32, y 63:/);
  await page.emulateMedia({ media: "print" });
  await settle(page);
  assert.ok(Math.abs((await ratio(".gallery figure > img")) - 4 / 3) < 0.02);
  const facts = await page.locator(".shown .pairs div").allTextContents();
  assert.ok(facts.includes("size256 \u00d7 192"), `${facts}`);
  assert.ok(facts.includes("as the network sees it64 \u00d7 64, resized, its sides by different factors"), `${facts}`);
  await page.context().close();
});
