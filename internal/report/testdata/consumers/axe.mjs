// Opens pages in a browser, in each language, light and dark, wide and narrow, unfolded, and has axe look at them: axe.mjs chromium page.html…
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const [, , executablePath, ...files] = process.argv;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const result = { violations: [], messages: [], requests: [], overflow: [], language: [], seen: 0 };
for (const file of files) {
  const url = pathToFileURL(file).href;
  for (const [colorScheme, width, locale] of [["light", 1280, "en-GB"], ["dark", 1280, "zh-CN"], ["light", 390, "zh-CN"], ["dark", 390, "en-GB"]]) {
    const page = await browser.newPage({ colorScheme, locale, viewport: { width, height: 900 }, bypassCSP: true });
    page.on("console", (m) => result.messages.push(m.text()));
    page.on("request", (r) => r.url() === url || result.requests.push(r.url()));
    await page.goto(url);
    // It begins in the language of its reader, and changes by keyboard to the other one and back.
    const spoken = () => page.evaluate(() => [document.documentElement.lang, document.title, ...[...document.querySelectorAll(".en, .zh")].filter((e) => e.checkVisibility()).map((e) => e.className)].join(" "));
    const [own, other] = locale === "zh-CN" ? ["zh", "en"] : ["en", "zh"];
    const first = await spoken();
    await page.focus(".languages input:checked");
    await page.keyboard.press("ArrowRight");
    const changed = await spoken();
    await page.keyboard.press("ArrowRight");
    const inOne = (what, language) => what.startsWith(language) && /\p{Script=Han}/u.test(what) === (language === "zh") && !what.split(" ").includes(language === "zh" ? "en" : "zh");
    if (!inOne(first, own) || !inOne(changed, other) || await spoken() !== first) result.language.push(`${file} ${locale}: ${first.slice(0, 80)}; ${changed.slice(0, 80)}`);
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
    await page.addScriptTag({ path: require.resolve("axe-core/axe.min.js") });
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    for (const v of found.violations) {
      result.violations.push(`${file} ${locale} ${colorScheme} ${width}: ${v.id} (${v.impact}): ${v.nodes.length} × ${v.nodes[0].html.slice(0, 200)} ${v.nodes[0].failureSummary}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) result.overflow.push(`${file} ${locale}: ${wide} px on ${width}`);
    result.seen++;
    await page.close();
  }
}
await browser.close();
console.log(JSON.stringify(result));
