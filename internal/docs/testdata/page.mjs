// Opens pages in a browser and has axe look at them: page.mjs chromium page.html…
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const [, , executablePath, ...pages] = process.argv;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const result = { violations: [], messages: [], requests: [], overflow: [], search: [], hidden: [] };
for (const file of pages) {
  const url = pathToFileURL(file).href;
  for (const [colorScheme, width] of [["light", 1280], ["dark", 390]]) {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
    page.on("console", (m) => result.messages.push(m.text()));
    page.on("request", (r) => r.url() === url || result.requests.push(r.url()));
    await page.goto(url);
    if (width > 390) {
      // By keyboard: a word, the first result, and the place that it leads to.
      await page.focus("#search");
      await page.keyboard.type("m-gpu-denied");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      result.search.push(await page.evaluate(() => location.hash + " " + document.querySelector("[role=status]").textContent));
      await page.waitForFunction(() => document.querySelector("#m-gpu-denied").getBoundingClientRect().bottom < innerHeight);
      await page.keyboard.press("Escape");
    }
    // A link into the page leads to where nothing covers it.
    for (const id of ["violated", "m-gpu-denied", "every-operation-errors"]) {
      await page.evaluate((to) => { location.hash = to; }, id);
      const covered = await page.waitForFunction((of) => {
        const at = document.getElementById(of).getBoundingClientRect();
        const top = document.elementFromPoint(at.left + 2, at.top + at.height / 2);
        return top && (top.id === of || document.getElementById(of).contains(top) || top.contains(document.getElementById(of)));
      }, id, { timeout: 5000 }).then(() => false, () => true);
      if (covered) result.hidden.push(`${file} ${width}: ${id}`);
    }
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
    await page.addScriptTag({ path: require.resolve("axe-core/axe.min.js") });
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    for (const v of found.violations) {
      result.violations.push(`${file} ${colorScheme} ${width}: ${v.impact} ${v.id}: ${v.nodes.length} × ${v.nodes[0].html.slice(0, 200)} ${v.nodes[0].failureSummary}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) result.overflow.push(`${file}: ${wide} px on ${width}`);
    await page.close();
  }
}
await browser.close();
console.log(JSON.stringify(result));
