/* node screenshot.js NAME: FOLDER/NAME.html as the README shows it, into FOLDER/NAME.png. FOLDER is $PAGES, the browser
 * $BROWSER_PROGRAM, as run.sh has them. */
import { closeBrowser, folder, open } from "./browser.js";

const [name] = process.argv.slice(2);
const page = await open(name, { viewport: { width: 1280, height: 1280 } });
await page.locator("#pictures label", { hasText: "star_black.png" }).click();
await page.locator("#highest").click();
await page.locator("h1").click(); // the focus goes, and its frame
await page.mouse.move(0, 0);
await page.screenshot({ path: `${folder}/${name}.png`, animations: "disabled" });
await closeBrowser();
