/* For everybody: an accessibility checker in both schemes and at both widths, no scrolling to the side, print, no
 * script. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { closeBrowser, differing, folder, onEachPicture, open, pixels, settle } from "./browser.js";

after(closeBrowser);

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const sizes = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 900 } };

/* The page's policy forbids scripts of others, so it goes in as the developer tools would have it. */
async function inspect(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe });
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: `axe.run(document, { resultTypes: ["violations"] }).then((found) => JSON.stringify({
      broken: found.violations.map((one) => one.id + ": " + one.nodes.map((node) => node.html.slice(0, 150) + " " + node.failureSummary).join("; ")),
      passed: found.passes.map((one) => one.id) }))`,
    awaitPromise: true,
    returnByValue: true,
  });
  assert.equal(exceptionDetails, undefined);
  return JSON.parse(result.value);
}

async function expectNoViolations(name, colorScheme, size) {
  const page = await open(name, { colorScheme, viewport: sizes[size] });
  const found = await inspect(page);
  assert.deepEqual(found.broken, []);
  for (const rule of ["color-contrast", "label", "image-alt", "document-title"])
    assert.ok(found.passed.includes(rule), `${rule} was not looked at`);
  if (name === "real") await page.screenshot({ path: `${folder}/${size}_${colorScheme}.png`, fullPage: true });
  await page.context().close();
}

for (const colorScheme of ["light", "dark"])
  for (const size of ["phone", "desktop"])
    test(`axe-core finds nothing: ${colorScheme}, ${size}`, () => expectNoViolations("real", colorScheme, size));
for (const [name, colorScheme, size] of [
  ["broken", "light", "phone"],
  ["broken", "dark", "desktop"],
  ["hostile", "dark", "phone"],
  ["tool", "light", "phone"],
])
  test(`axe-core finds nothing: ${name}`, () => expectNoViolations(name, colorScheme, size));

test("axe-core notices: a control", async () => {
  const page = await open("real");
  await page.evaluate(() => {
    document.querySelector("label[for=opacity]").remove();
    document.querySelector("h1").style.color = "#eee";
  });
  const { broken } = await inspect(page);
  for (const rule of ["label", "color-contrast"])
    assert.ok(
      broken.some((one) => one.startsWith(rule)),
      `${broken}`,
    );
  await page.context().close();
});

/* What lies beyond the right side, where nobody would look for it. */
async function outside(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("main *, header *")]
      .filter((one) => one.checkVisibility() && !one.closest(".wide, svg, .stage, .thumb, thead"))
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
      .map((one) => `${one.tagName}.${one.className}`),
  );
}

for (const [name, widths] of Object.entries({
  real: [320, 360, 800, 1280],
  tool: [320, 1280],
  broken: [360],
  hostile: [320, 360, 1280],
  large: [360],
  shapes: [360, 1280],
}))
  for (const width of widths)
    test(`${name} does not scroll to the side at ${width} pixels`, async () => {
      const page = await open(name, { viewport: { width, height: 740 }, isMobile: width < 800 });
      await onEachPicture(page, async () => {
        const wide = await page.evaluate(() =>
          Math.max(document.documentElement.scrollWidth, document.body.scrollWidth),
        );
        assert.equal(wide, width);
        assert.deepEqual(await outside(page), []);
      });
      await page.context().close();
    });

test("pictures of any shape stay in sight, and show what is printed", async () => {
  const page = await open("shapes");
  await onEachPicture(page, async (p) => {
    const [stage, canvas] = [await page.locator("#stage").boundingBox(), await page.locator("#canvas").boundingBox()];
    assert.ok(stage.height <= 520 && stage.width <= 520, `${stage.width} x ${stage.height}`);
    const [width, height] = [
      [3, 300],
      [300, 3],
      [1, 1],
    ][p];
    assert.ok(Math.abs(canvas.height / canvas.width / (height / width) - 1) < 0.2);
    assert.equal(
      differing(await pixels(page, "#canvas"), await pixels(page, `#picture-${p} figure:nth-child(2) img`), 1),
      0,
    );
    await page.locator("#highest").click();
    const [x, y] = [width - 1, height - 1];
    assert.match(await page.textContent("#readout"), new RegExp(` at x ${x}, y ${y}:`));
    const [frame, card] = [
      await page.locator("#frame").boundingBox(),
      await page.locator(".card").first().boundingBox(),
    ];
    assert.ok(frame.y + frame.height / 2 < canvas.y + canvas.height && card.height < 420, `${card.height}`);
  });
  await page.context().close();
});

/* Names of the cards, of the printed maps, of the charts, of the settings. */
async function namesOfMaps(page) {
  return page.evaluate(() => {
    const shown = document.querySelector("section.shown");
    const texts = (from, of) => [...from.querySelectorAll(of)].map((one) => one.textContent);
    const cards = [...document.querySelectorAll(".card")].map((card) => texts(card, "b, .baseline, .target").join());
    return [
      cards,
      texts(shown, ".gallery figure + figure figcaption"),
      texts(shown, ".chart figcaption"),
      texts(shown, ".settings section + section h4"),
    ];
  });
}

test("maps are told apart: by their targets, too, where these differ", async () => {
  const tool = await open("tool", { viewport: { width: 1280, height: 1100 } });
  await onEachPicture(tool, async () => {
    const [cards, figures, charts, settings] = await namesOfMaps(tool);
    for (const names of [cards, figures, settings]) assert.deepEqual([names.length, new Set(names).size], [12, 12]);
    assert.deepEqual([charts.length, new Set(charts).size], [24, 12]); // the path, and deletion with insertion
    for (const names of [cards, figures, charts, settings])
      for (const name of names) assert.match(name, /for (star|heart)( ! .*)?$/);
  });
  await tool.context().close();
  const real = await open("real");
  for (const names of await namesOfMaps(real)) {
    assert.ok(names.length >= 5);
    for (const name of names) assert.doesNotMatch(name, /for /);
  }
  await real.context().close();
});

test("on a phone what is pressed is large enough, and text is", async () => {
  const page = await open("real", { viewport: sizes.phone, isMobile: true, hasTouch: true });
  const small = await page.evaluate(() =>
    [...document.querySelectorAll(".choice span, button, input[type=range], .card")]
      .filter((element) => element.checkVisibility())
      .map((element) => [element.outerHTML.slice(0, 60), element.getBoundingClientRect()])
      .filter(([, box]) => box.height < 24 || box.width < 24)
      .map(([what]) => what),
  );
  assert.deepEqual(small, []);
  const sizesOfText = await page.evaluate(() =>
    [...document.querySelectorAll(".chart svg text")]
      .filter((element) => element.checkVisibility())
      .map((element) => (12 * element.ownerSVGElement.getBoundingClientRect().width) / 360),
  );
  assert.ok(sizesOfText.length > 0 && Math.min(...sizesOfText) > 9, `${Math.min(...sizesOfText)}`);
  await page.context().close();
});

test("in print there is every picture with its maps, tables and curves, and no control", async () => {
  const page = await open("real", { colorScheme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await settle(page);
  for (const hidden of ["#viewer", "#pictures"]) assert.ok(!(await page.locator(hidden).isVisible()), hidden);
  for (const shown of [".gallery", "table", ".charts", ".settings"])
    for (let p = 0; p < 3; p++)
      assert.ok(await page.locator(`#picture-${p} ${shown}`).first().isVisible(), `${shown} of picture ${p}`);
  assert.equal(await page.locator(".gallery figure > img:visible").count(), 3 * 7);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll(".wide")].map((one) => one.scrollWidth - one.clientWidth),
  );
  await page.setViewportSize({ width: 718, height: 1000 });
  assert.deepEqual(wide, [0, 0, 0]);
  await page.screenshot({ path: `${folder}/print.png` });
  assert.ok((await page.pdf({ format: "A4", path: `${folder}/print.pdf` })).length > 10000);
  await page.context().close();
});

test("without scripts there is all but the viewer", async () => {
  const page = await open("real", { javaScriptEnabled: false });
  assert.equal(await page.locator(".gallery figure > img:visible").count(), 3 * 7);
  assert.equal(await page.locator("table:visible").count(), 3);
  assert.equal(await page.locator(".chart svg:visible").count(), 3 * 11);
  for (const hidden of ["#viewer", "#pictures"]) assert.ok(!(await page.locator(hidden).isVisible()), hidden);
  await page.context().close();
});

test("curves are drawn, inside their frames, and broken ones say so", async () => {
  for (const name of ["real", "broken", "hostile"]) {
    const page = await open(name);
    assert.equal(
      await page.locator(".chart svg[role=img][aria-label]").count(),
      { real: 33, broken: 3, hostile: 12 }[name],
    );
    const paths = await page.evaluate(() =>
      [...document.querySelectorAll(".chart svg path")].map((path) => path.getAttribute("d")),
    );
    assert.ok(paths.length > 0);
    for (const chart of await page.locator(".chart svg").all())
      assert.doesNotMatch(await chart.getAttribute("aria-label"), /\bnan\b|\binf\b/);
    for (const path of paths) {
      assert.doesNotMatch(path, /nan|inf/i);
      const numbers = path.match(/-?[0-9.]+/g) ?? [];
      assert.ok(
        numbers.every((number) => Number(number) >= 0 && Number(number) <= 360),
        path,
      );
    }
    if (name === "broken") assert.equal(await page.locator(".chart p", { hasText: "Too large" }).count(), 1);
    await page.context().close();
  }
});
