/* Every control does what it says, by mouse and by keyboard alone. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { closeBrowser, differing, givenValues, open, pixels, settle } from "./browser.js";

const SIDE = 64;
const MAPS = 6;
let page;

before(async () => {
  page = await open("real");
});
after(closeBrowser);

async function drawn() {
  await settle(page);
  return pixels(page, "#canvas");
}

/* Tab until the element has the focus. */
async function tabTo(selector, most = 40) {
  await page.evaluate(() => document.activeElement.blur());
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((of) => document.activeElement.matches(of), selector)) return;
  }
  assert.fail(`${selector} is not reached by tab`);
}

async function choose(name, value) {
  await page.locator(`input[name=${name}][value=${value}] + span`).click();
}

test("at the start the canvas shows what is printed", async () => {
  const printed = await pixels(page, "#picture-0 .gallery figure:nth-child(2) img");
  assert.equal(printed.length, 4 * SIDE * SIDE);
  assert.equal(differing(await drawn(), printed, 1), 0);
});

for (const [id, key] of [
  ["opacity", "ArrowLeft"],
  ["percentile", "ArrowLeft"],
]) {
  test(`${id} changes the picture by keyboard`, async () => {
    const first = await drawn();
    const text = await page.textContent(`#${id}-text`);
    await tabTo(`#${id}`);
    for (let i = 0; i < 12; i++) await page.keyboard.press(key);
    assert.ok(differing(first, await drawn()) > 100);
    assert.notEqual(await page.textContent(`#${id}-text`), text);
    for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowRight");
    assert.equal(differing(first, await drawn()), 0);
  });
  test(`${id} changes the picture by mouse`, async () => {
    const first = await drawn();
    const box = await page.locator(`#${id}`).boundingBox();
    await page.mouse.click(box.x + 0.3 * box.width, box.y + box.height / 2);
    assert.ok(differing(first, await drawn()) > 100);
    await page.evaluate((of) => {
      document.getElementById(of).value = document.getElementById(of).defaultValue;
      document.getElementById(of).dispatchEvent(new Event("input"));
    }, id);
    assert.equal(differing(first, await drawn()), 0);
  });
}

test("without opacity the overlay is the picture in grey", async () => {
  const opacity = page.locator("#opacity");
  await opacity.fill("0");
  const grey = await drawn();
  const colours = await pixels(page, "#image-0");
  for (let i = 0; i < grey.length; i += 4) {
    const luma = 0.2126 * colours[i] + 0.7152 * colours[i + 1] + 0.0722 * colours[i + 2];
    for (let c = 0; c < 3; c++) assert.ok(Math.abs(grey[i + c] - luma) <= 0.51);
  }
  await opacity.fill("90");
});

test("sign modes show what they say", async () => {
  const values = givenValues("real", SIDE * SIDE)[0];
  await page.locator("#opacity").fill("0");
  const grey = await drawn();
  await page.locator("#opacity").fill("90");
  const looks = { signed: () => true, absolute: () => true, positive: (v) => v > 0, negative: (v) => v < 0 };
  const seen = [];
  for (const [mode, isShown] of Object.entries(looks)) {
    await choose("sign", mode);
    const image = await drawn();
    seen.forEach((other) => assert.ok(differing(other, image) > 50, mode));
    seen.push(image);
    values.forEach((value, i) => {
      const coloured = [0, 1, 2].some((c) => image[4 * i + c] !== grey[4 * i + c]);
      if (coloured) assert.ok(isShown(value), `${mode}: a colour for ${value}`);
      if (isShown(value) && Math.abs(value) > 0.02) assert.ok(coloured, `${mode}: none for ${value}`);
      if (coloured && mode === "signed" && Math.abs(value) > 0.02)
        assert.equal(image[4 * i] > image[4 * i + 2], value > 0, `red for ${value}`);
    });
  }
  await choose("sign", "signed");
});

test("sign modes, views and scale go by arrow keys", async () => {
  for (const name of ["sign", "show", "scale"]) {
    const first = await drawn();
    const value = await page.locator(`input[name=${name}]:checked`).inputValue();
    await tabTo(`input[name=${name}]:checked`);
    await page.keyboard.press("ArrowRight");
    if (name !== "scale") assert.ok(differing(first, await drawn()) > 50, name);
    assert.notEqual(await page.locator(`input[name=${name}]:checked`).inputValue(), value);
    await page.keyboard.press("ArrowLeft");
    assert.equal(differing(first, await drawn()), 0, name);
  }
});

test("the picture alone is the picture, the map alone has no grey of it", async () => {
  await choose("show", "picture");
  assert.equal(differing(await drawn(), await pixels(page, "#image-0"), 1), 0);
  assert.ok(await page.locator("#opacity").isDisabled());
  await choose("show", "map");
  const first = await drawn();
  const values = givenValues("real", SIDE * SIDE)[0];
  values.forEach((value, i) => {
    if (value === 0) assert.deepEqual(first.slice(4 * i, 4 * i + 3), [246, 246, 246]);
  });
  await choose("show", "overlay");
});

test("one scale for all is the largest", async () => {
  const ends = [];
  for (let m = 0; m < MAPS; m++) {
    await page.locator("#maps label").nth(m).click();
    await drawn();
    ends.push(parseFloat(await page.textContent("#high")));
  }
  await choose("scale", "common");
  for (let m = 0; m < MAPS; m++) {
    await page.locator("#maps label").nth(m).click();
    await drawn();
    assert.equal(parseFloat(await page.textContent("#high")), Math.max(...ends));
  }
  await choose("scale", "own");
  await page.locator("#maps label").first().click();
});

test("maps are chosen by mouse and by keyboard, and their charts and rows are marked", async () => {
  const seen = [await drawn()];
  for (let m = 1; m < MAPS; m++) {
    await page.locator("#maps label").nth(m).click();
    seen.push(await drawn());
    assert.ok(differing(seen[m - 1], seen[m]) > 100);
    assert.equal(await page.locator("#picture-0 tbody.chosen").getAttribute("data-map"), String(m));
    for (const chart of await page.locator("#picture-0 .chart.chosen").all())
      assert.equal(await chart.getAttribute("data-map"), String(m));
  }
  await tabTo("input[name=map]");
  for (let m = MAPS - 2; m >= 0; m--) {
    await page.keyboard.press("ArrowUp");
    assert.equal(differing(seen[m], await drawn()), 0);
  }
});

test("pictures are chosen by mouse and by keyboard", async () => {
  for (const p of [1, 2, 0]) {
    await page.locator("#pictures label").nth(p).click();
    await settle(page);
    assert.deepEqual(await page.locator("section.picture:visible").evaluateAll((all) => all.map((one) => one.id)), [
      `picture-${p}`,
    ]);
    const printed = await pixels(page, `#picture-${p} .gallery figure:nth-child(2) img`);
    assert.equal(differing(await drawn(), printed, 1), 0);
  }
  await tabTo("input[name=picture]");
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.locator("#picture-1").isVisible());
  await page.keyboard.press("ArrowLeft");
  assert.ok(await page.locator("#picture-0").isVisible());
});

test("every focus can be seen", async () => {
  await page.evaluate(() => document.activeElement.blur());
  const seen = new Set();
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      const drawn = element.type === "radio" ? element.nextElementSibling : element;
      const style = getComputedStyle(drawn);
      return {
        name: element.id || element.name || element.className || element.tagName,
        style: style.outlineStyle,
        width: parseFloat(style.outlineWidth),
      };
    });
    if (focus.name === "BODY") continue; // once around
    seen.add(focus.name);
    assert.ok(focus.style === "solid" && focus.width >= 2, `${focus.name}: ${focus.style} ${focus.width}`);
  }
  for (const name of ["picture", "stage", "highest", "lowest", "show", "sign", "scale", "opacity", "percentile", "map"])
    assert.ok(seen.has(name), `${name} has no focus among ${[...seen]}`);
});

test("nothing went wrong meanwhile", () => assert.deepEqual(page.offences, []));
