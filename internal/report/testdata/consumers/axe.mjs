// Opens pages in a browser, light and dark, wide and narrow, unfolded, and has axe look at them: axe.mjs chromium page.html…
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const [, , executablePath, ...files] = process.argv;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const result = { violations: [], messages: [], requests: [], overflow: [], seen: 0 };
for (const file of files) {
  const url = pathToFileURL(file).href;
  for (const [colorScheme, width] of [["light", 1280], ["dark", 1280], ["light", 390], ["dark", 390]]) {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
    page.on("console", (m) => result.messages.push(m.text()));
    page.on("request", (r) => r.url() === url || result.requests.push(r.url()));
    await page.goto(url);
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
    await page.addScriptTag({ path: require.resolve("axe-core/axe.min.js") });
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    for (const v of found.violations) {
      result.violations.push(`${file} ${colorScheme} ${width}: ${v.id} (${v.impact}): ${v.nodes.length} × ${v.nodes[0].html.slice(0, 200)} ${v.nodes[0].failureSummary}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) result.overflow.push(`${file}: ${wide} px on ${width}`);
    result.seen++;
    await page.close();
  }
}
await browser.close();
console.log(JSON.stringify(result));
