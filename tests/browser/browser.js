/* What the tests share: a page opened from disk with the network off, and everything it did that it should not. */
import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

export const folder = process.env.PAGES;

let running;

export async function browser() {
  running ??= await chromium.launch({ executablePath: process.env.BROWSER_PROGRAM });
  return running;
}

export async function closeBrowser() {
  await running?.close();
  running = undefined;
}

/* Opens FOLDER/NAME.html. page.offences: requests but for the file itself, messages on the console, errors, dialogs,
 * violations of the policy. */
export async function open(name, options = {}) {
  const context = await (
    await browser()
  ).newContext({ offline: true, viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const address = pathToFileURL(`${folder}/${name}.html`).href;
  page.offences = [];
  page.on("request", (request) => {
    if (request.url() !== address && !request.url().startsWith("data:")) page.offences.push(`request ${request.url()}`);
  });
  page.on("console", (message) => page.offences.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => page.offences.push(`error: ${error}`));
  page.on("dialog", async (dialog) => {
    page.offences.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.effectiveDirective));
  });
  await page.goto(address);
  if (options.javaScriptEnabled !== false) {
    await page.waitForSelector("html.scripted");
    await settle(page);
  }
  return page;
}

/* Until what was asked for is drawn: drawing waits for a frame. */
export async function settle(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/* Does something with each picture of the page chosen in turn. */
export async function onEachPicture(page, act) {
  for (let p = 0; p === 0 || p < (await page.locator("#pictures label:visible").count()); p++) {
    if (await page.locator("#pictures").isVisible()) await page.locator("#pictures label").nth(p).click();
    await settle(page);
    await act(p);
  }
}

export async function violations(page) {
  return page.evaluate(() => window.violations);
}

/* RGBA of a canvas, or of a picture as large as it is. */
export async function pixels(page, selector) {
  return page.evaluate((of) => {
    const element = document.querySelector(of);
    const canvas = document.createElement("canvas");
    canvas.width = element.naturalWidth ?? element.width;
    canvas.height = element.naturalHeight ?? element.height;
    const context = canvas.getContext("2d");
    context.drawImage(element, 0, 0);
    return Array.from(context.getImageData(0, 0, canvas.width, canvas.height).data);
  }, selector);
}

/* How many pixels differ in red, green or blue by more than `by`. */
export function differing(one, other, by = 0) {
  let count = 0;
  for (let i = 0; i < one.length; i += 4) if ([0, 1, 2].some((c) => Math.abs(one[i + c] - other[i + c]) > by)) count++;
  return count;
}

/* The attributions that make_page handed to the page, summed over channels, map by map. */
export function givenValues(name, pixelsOfMap) {
  const bytes = readFileSync(`${folder}/${name}.html.values`);
  const all = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const maps = [];
  for (let i = 0; i < all.length; i += pixelsOfMap) maps.push(all.subarray(i, i + pixelsOfMap));
  return maps;
}
