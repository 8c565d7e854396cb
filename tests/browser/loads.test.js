/* Each page opens from disk with the network off, and its policy holds. */
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { after, test } from "node:test";
import { closeBrowser, folder, onEachPicture, open, violations } from "./browser.js";

after(closeBrowser);

for (const name of ["real", "tool", "hostile", "broken", "large", "shapes"])
  test(`${name} loads nothing, and says nothing on the console`, async () => {
    const page = await open(name);
    await page.mouse.wheel(0, 3000);
    let seen = 0;
    await onEachPicture(page, () => seen++);
    assert.equal(seen, { real: 3, tool: 2, hostile: 2, broken: 3, large: 1, shapes: 3 }[name]);
    assert.deepEqual(page.offences, []);
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  });

test("six maps of 224 x 224 that do not compress stay under 3 MB", () => {
  const { size } = statSync(`${folder}/large.html`);
  assert.ok(size > 1e6 && size < 3e6, `${size} bytes`);
});

/* Controls: what is asserted above could not fail if nothing were noticed. */
test("the policy stops scripts, handlers, styles, loading and markup from strings", async () => {
  const page = await open("real");
  const outcome = await page.evaluate(async () => {
    const script = document.createElement("script");
    let refused = 0;
    try {
      script.textContent = "window.hurt = 1";
    } catch {
      refused++;
    }
    try {
      document.body.innerHTML = "<b>";
    } catch {
      refused++;
    }
    script.append("window.hurt = 2");
    document.body.append(script);
    document.body.setAttribute("style", "color: red");
    const picture = document.createElement("img");
    picture.src = "https://example.invalid/a.png";
    document.body.append(picture);
    const loaded = await fetch("https://example.invalid/").then(
      () => true,
      () => false,
    );
    return { refused, hurt: window.hurt, loaded, style: getComputedStyle(document.body).color };
  });
  assert.equal(outcome.refused, 2);
  assert.equal(outcome.hurt, undefined);
  assert.equal(outcome.loaded, false);
  assert.notEqual(outcome.style, "rgb(255, 0, 0)");
  await page.waitForFunction(() => window.violations.includes("img-src"));
  const seen = await violations(page);
  for (const directive of ["connect-src", "img-src", "style-src-attr"]) assert.ok(seen.includes(directive), `${seen}`);
  assert.ok(page.offences.length > 0);
  await page.context().close();
});

test("what a script leaves on the console is noticed", async () => {
  const page = await open("real");
  await page.evaluate(() => console.warn("noticed"));
  assert.deepEqual(page.offences, ["console: noticed"]);
  await page.context().close();
});
