/* Names, labels and remarks of any bytes are shown, and do nothing. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { closeBrowser, open, violations } from "./browser.js";

after(closeBrowser);

const SHOWN =
  "</script></style></title><script>window.hurt=1;alert(1)</script><img src=x onerror=window.hurt=2>" +
  "<!--<script> \" onmouseover=\"window.hurt=3\" ' onfocus='window.hurt=4' &lt;b&gt; {{script}} " +
  "\u2028\u2029 \ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd \ufffd\ufffd[31m \ufffdgnp.exe \u00e4 \u{1f332}";

const MADE =
  "svg, p, i, b, em, span, div, dl, dt, dd, label, input, canvas, figure, figcaption, table, thead, tbody, tr, th, td";

/* What there is, without texts: tags, and which attributes they have. */
async function structure(page) {
  return page.evaluate(() => {
    const parts = {};
    for (const element of document.querySelectorAll("*")) {
      const key = [element.tagName, ...[...element.attributes].map((one) => one.name).sort()].join(" ");
      parts[key] = (parts[key] ?? 0) + 1;
    }
    return parts;
  });
}

test("nothing runs, nothing is loaded, no dialog opens", async () => {
  const page = await open("hostile");
  for (const choice of await page.locator("#pictures label, #maps label").all()) await choice.click({ force: true });
  for (const element of await page.locator("h1, .shown h2, .shown td, .shown figcaption, .shown .chart svg").all())
    if (await element.isVisible()) await element.dispatchEvent("mouseover");
  assert.equal(await page.evaluate(() => window.hurt), undefined);
  assert.deepEqual(page.offences, []);
  assert.deepEqual(await violations(page), []);
  await page.context().close();
});

test("no element and no attribute comes from a text", async () => {
  const page = await open("hostile");
  const found = await structure(page);
  const tags = Object.keys(found).map((key) => key.split(" ")[0].toLowerCase());
  const known = new Set([
    ...MADE.split(", "),
    ..."html head meta link title style body header h1 h2 h3 h4 main fieldset legend strong output button section img footer script ul li path text".split(
      " ",
    ),
  ]);
  assert.deepEqual(
    tags.filter((tag) => !known.has(tag)),
    [],
  );
  assert.ok(!Object.keys(found).some((key) => / on[a-z]+/.test(key)), "an event handler");
  const counts = await page.evaluate(() => ({
    scripts: [...document.scripts].map((script) => script.type),
    pictures: [...document.images].filter((image) => !image.src.startsWith("data:image/png;base64,")).length,
    styles: document.styleSheets.length,
  }));
  assert.deepEqual(counts, {
    scripts: ["application/json", ...Array(4).fill("text/plain"), "module"],
    pictures: 0,
    styles: 1,
  });
  await page.context().close();
});

test("every text is shown as it is", async () => {
  const page = await open("hostile");
  const texts = await page.evaluate(() => {
    const all = (selector) => [...document.querySelectorAll(selector)].map((element) => element.textContent);
    const section = "#picture-0 ";
    return {
      title: [document.title, ...all("h1"), ...all("header p")],
      names: [
        ...all("#picture-0 h2"),
        ...all("#picture-0 dt").slice(0, 1),
        ...all("footer dd").slice(0, 1),
        ...all("#pictures b").slice(0, 1),
      ],
      card: [
        ...all("#maps b"),
        ...all("#maps .baseline"),
        ...all(section + "td[data-label=Target]"),
        ...all(section + ".remarks"),
      ],
      settings: all(section + ".settings dd").filter((text) => text !== "constructor"),
      rows: all(section + "tbody th"),
      axes: all(section + ".axis").filter((text) => text !== "% of the pixels"),
      meanings: all(section + ".gallery-how p").slice(1),
      labels: [...document.querySelectorAll(section + ".charts svg")].map((svg) => svg.getAttribute("aria-label")),
    };
  });
  const plain = (text) => text.replaceAll("\n", "");
  for (const group of ["names", "card", "settings", "axes", "meanings"]) {
    assert.ok(texts[group].length > 0, group);
    texts[group].forEach((text) => assert.equal(text, SHOWN, group));
  }
  /* A title has its spaces stripped and joined. */
  assert.equal(texts.title[0].replace(/\s+/g, " "), SHOWN.replace(/\s+/g, " "));
  texts.title.slice(1).forEach((text) => assert.equal(text, SHOWN));
  texts.rows.forEach((text) => assert.equal(plain(text), `${SHOWN}, ${SHOWN}`));
  assert.equal(texts.labels.filter((label) => label === `${SHOWN} as pixels are replaced`).length, 3);
  await page.context().close();
});

test("without scripts, too", async () => {
  const page = await open("hostile", { javaScriptEnabled: false });
  assert.equal(await page.locator("h1").textContent(), SHOWN);
  assert.equal(await page.locator("img").count(), 10);
  assert.deepEqual(page.offences, []);
  await page.context().close();
});
