/* The value under the pointer, and under the cross-hair that keys move, is the attribution that was given. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { closeBrowser, givenValues, open, settle } from "./browser.js";

after(closeBrowser);

/* The value and the bound that the page states, against what was given. */
async function check(page, values, i) {
  const text = await page.textContent("#readout");
  const stated = /^(\S+) \u00b1 (\S+) at x (\d+), y (\d+): /.exec(text);
  assert.ok(stated, text);
  const largest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  const [value, bound] = [Number(stated[1]), Number(stated[2])];
  assert.ok(bound >= largest / 65534 && bound <= 1.3 * (largest / 65534), `bound ${bound} of ${largest}`);
  assert.ok(Math.abs(value - values[i]) <= bound, `${text}: given ${values[i]}`);
  return [Number(stated[3]), Number(stated[4])];
}

async function pointAt(page, x, y, side) {
  await page.locator("#canvas").scrollIntoViewIfNeeded(); // a click on a card may have scrolled
  const box = await page.locator("#canvas").boundingBox();
  await page.mouse.move(box.x + ((x + 0.5) / side) * box.width, box.y + ((y + 0.5) / side) * box.height);
}

for (const [name, side] of [
  ["real", 64],
  ["large", 224],
])
  test(`${name}: the value under the pointer, of every map`, async () => {
    const page = await open(name);
    const maps = givenValues(name, side * side);
    for (let m = 0; m < 6; m++) {
      await page.locator("#maps label").nth(m).click();
      for (const [x, y] of [
        [0, 0],
        [side - 1, m],
        [m, side - 1],
        [7 + m, 30],
        [33, 41 - m],
      ]) {
        await pointAt(page, x, y, side);
        assert.deepEqual(await check(page, maps[m], y * side + x), [x, y]);
        const cards = await page.locator("#maps .value").allTextContents();
        assert.equal(cards[m], await page.textContent("#value"));
        cards.forEach((text, k) => assert.ok(Math.abs(Number(text) - maps[k][y * side + x]) < 1e-4, text));
      }
    }
    assert.deepEqual(page.offences, []);
    await page.context().close();
  });

test("keys move the cross-hair, and stop at the sides", async () => {
  const page = await open("real");
  const values = givenValues("real", 64 * 64)[0];
  await page.locator("#stage").focus();
  let [x, y] = [32, 32];
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const keep = (at) => Math.max(0, Math.min(63, at));
  for (const key of [
    "ArrowLeft",
    "ArrowUp",
    "Shift+ArrowRight",
    "Shift+ArrowDown",
    "ArrowDown",
    ...Array(9).fill("Shift+ArrowLeft"),
    ...Array(9).fill("Shift+ArrowUp"),
  ]) {
    const by = key.startsWith("Shift+") ? 8 : 1;
    const way = ways[key.replace("Shift+", "")];
    [x, y] = [keep(x + by * way[0]), keep(y + by * way[1])];
    await page.keyboard.press(key);
    assert.deepEqual(await check(page, values, y * 64 + x), [x, y]);
  }
  assert.deepEqual([x, y], [0, 0]);
  await page.keyboard.press("End");
  assert.deepEqual(await check(page, values, 63), [63, 0]);
  await page.keyboard.press("Home");
  assert.deepEqual(await check(page, values, 0), [0, 0]);
  await page.keyboard.press("End");
  const scrolled = await page.evaluate(() => scrollY);
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => scrollY), scrolled);
  const frame = await page.locator("#frame").boundingBox();
  const canvas = await page.locator("#canvas").boundingBox();
  assert.ok(Math.abs(frame.x + frame.width / 2 - canvas.x - (63.5 / 64) * canvas.width) < 1);
  await page.context().close();
});

test("keys with control, alt or meta are the browser's, and move nothing", async () => {
  const page = await open("real");
  await page.locator("#stage").focus();
  for (const modifier of ["ctrlKey", "altKey", "metaKey"])
    for (const key of ["ArrowLeft", "ArrowDown", "Home", "End"]) {
      const prevented = await page.evaluate(
        ([name, pressed]) => {
          const event = new KeyboardEvent("keydown", { key: pressed, [name]: true, bubbles: true, cancelable: true });
          return !document.getElementById("stage").dispatchEvent(event);
        },
        [modifier, key],
      );
      assert.ok(!prevented, `${modifier} ${key}`);
      assert.match(await page.textContent("#readout"), / at x 32, y 32:/);
    }
  await page.context().close();
});

/* Where the marks on the cards are, as a share of their pictures. */
async function marks(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll(".thumb")].map((thumb) => {
      const [mark, of] = [thumb.querySelector("i"), thumb.querySelector("canvas")].map((one) => one.getBoundingClientRect());
      return [(mark.x + mark.width / 2 - of.x) / of.width, (mark.y + mark.height / 2 - of.y) / of.height];
    }),
  );
}

test("the marks on all cards and the frame on the map go where the pointer is", async () => {
  const page = await open("real");
  for (const [x, y] of [
    [5, 50],
    [60, 8],
  ]) {
    await pointAt(page, x, y, 64);
    const at = await marks(page);
    assert.equal(at.length, 6);
    for (const [left, top] of at)
      assert.ok(Math.abs(left - (x + 0.5) / 64) < 0.01 && Math.abs(top - (y + 0.5) / 64) < 0.01, `${left} ${top}`);
    const [frame, canvas] = [await page.locator("#frame").boundingBox(), await page.locator("#canvas").boundingBox()];
    assert.ok(Math.abs(frame.x + frame.width / 2 - canvas.x - ((x + 0.5) / 64) * canvas.width) < 1);
    assert.ok(Math.abs(frame.y + frame.height / 2 - canvas.y - ((y + 0.5) / 64) * canvas.height) < 1);
  }
  await page.context().close();
});

test("cards say what is to be thought of their maps", async () => {
  const page = await open("broken");
  const flags = await page.evaluate(() =>
    [...document.querySelectorAll(".card")].map((card) => card.querySelector(".flag")?.textContent ?? ""),
  );
  assert.deepEqual(flags, ["", "! see the table", "", "", "", "", "", "\u2717 failed"]);
  await page.context().close();
});

test("the buttons go to the highest and the lowest value", async () => {
  const page = await open("real");
  const values = givenValues("real", 64 * 64)[0];
  for (const [id, extreme] of [
    ["highest", Math.max],
    ["lowest", Math.min],
  ]) {
    await page.locator(`#${id}`).press("Enter");
    const [x, y] = await check(page, values, values.indexOf(extreme(...values)));
    assert.equal(values[y * 64 + x], extreme(...values));
  }
  await page.context().close();
});

test("a tap shows the value on a phone", async () => {
  const page = await open("real", { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const values = givenValues("real", 64 * 64)[0];
  await page.locator("#stage").scrollIntoViewIfNeeded();
  const box = await page.locator("#canvas").boundingBox();
  await page.touchscreen.tap(box.x + (10.5 / 64) * box.width, box.y + (20.5 / 64) * box.height);
  assert.deepEqual(await check(page, values, 20 * 64 + 10), [10, 20]);
  await page.context().close();
});

test("numbers of any size, and what is none", async () => {
  const page = await open("broken");
  const maps = givenValues("broken", 144);
  await page.locator("#stage").focus();
  for (let m = 0; m < maps.length; m++) {
    await page.locator("#maps label").nth(m).click();
    for (const [x, y] of [
      [0, 0],
      [1, 0],
      [5, 7],
      [11, 11],
      [9, 3],
    ]) {
      await pointAt(page, x, y, 12);
      const value = maps[m][12 * y + x];
      if (!Number.isFinite(value)) assert.match(await page.textContent("#readout"), /^not a number at x /);
      else if (m === 2 || m === 3) assert.equal(await page.textContent("#value"), "0");
      else await check(page, maps[m], 12 * y + x);
    }
    await settle(page);
  }
  assert.ok(await page.locator("#maps input").nth(7).isDisabled());
  assert.equal(await page.locator("#maps .value").nth(7).textContent(), "no map");
  assert.deepEqual(page.offences, []);
  await page.context().close();
});
