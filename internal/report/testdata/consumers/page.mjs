// Opens a page in a browser, as people do, and has axe look at it: page.mjs in.html chromium out.pdf
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const [, , input, executablePath, pdf] = process.argv;
const url = pathToFileURL(input).href;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const result = { violations: [], messages: [], requests: [], overflow: [], languages: [] };

async function open({ query, ...options }) {
  const page = await browser.newPage({ reducedMotion: "reduce", ...options });
  page.on("console", (m) => result.messages.push(m.text()));
  page.on("pageerror", (e) => result.messages.push(String(e)));
  page.on("request", (r) => r.url().split("?")[0] === url || result.requests.push(r.url()));
  await page.goto(url + (query ?? ""));
  return page;
}

for (const [colorScheme, width, locale] of [["light", 1280, "en-GB"], ["dark", 1280, "zh-CN"], ["light", 390, "zh-CN"], ["dark", 390, "en-GB"]]) {
  const page = await open({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true, locale });
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  await page.addScriptTag({ path: require.resolve("axe-core/axe.min.js") });
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  for (const v of found.violations) {
    result.violations.push(`${colorScheme} ${width} ${locale}: ${v.id} (${v.impact}): ${v.nodes.length} × ${v.nodes[0].html.slice(0, 200)} ${v.nodes[0].failureSummary}`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > width) {
    result.overflow.push(`${wide} px on ${width}`);
  }
  await page.close();
}

// With its script: find, fold, follow a link into what is folded.
const page = await open({});
const count = () => page.locator(".scenario:visible").count();
result.scenarios = await count();
const word = await page.locator(".scenario .id").last().textContent();
await page.fill("#find", word);
await page.waitForFunction(() => !document.getElementById("found").hidden);
result.found = await count();
await page.fill("#find", "");
await page.waitForFunction(() => document.getElementById("found").hidden);
result.again = await count();
const place = await page.locator(".inside").last().getAttribute("id");
await page.evaluate((id) => { location.hash = "#" + encodeURIComponent(id); }, place);
await page.waitForFunction((id) => document.getElementById(id).closest("details").open, place);
// The place and the line that it unfolds from are below the bar that stays at the top.
await page.waitForFunction((id) => {
  const line = document.getElementById(id).closest("details").querySelector("summary").getBoundingClientRect();
  return line.top >= document.querySelector("nav").getBoundingClientRect().bottom - 1 && line.top < innerHeight;
}, place);
await page.pdf({ path: pdf, format: "A4" });
await page.close();

// The language: the reader's own, another one by keyboard, or the one that the address asks for.
// "lang title" of the page, and whether a text of the other language shows.
async function language(page) {
  const of = await page.evaluate(() => `${document.documentElement.lang} ${document.title}`);
  const shown = async (name) => (await page.locator(`.${name}:visible`).count()) > 0;
  return `${of}${(await shown("en")) ? " en" : ""}${(await shown("zh")) ? " zh" : ""}`;
}
const chinese = await open({ locale: "zh-CN" });
result.languages.push(await language(chinese));
await chinese.locator(".languages input:checked").focus();
await chinese.keyboard.press("ArrowUp");
result.languages.push(await language(chinese));
result.kept = await chinese.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length);
await chinese.close();
for (const options of [{ locale: "fr-FR" }, { locale: "en-GB", query: "?lang=zh" }, { locale: "zh-CN", query: "?lang=en" }, { locale: "zh-CN", javaScriptEnabled: false }]) {
  const page = await open(options);
  result.languages.push(await language(page));
  await page.close();
}

// Without it: everything is there, folded, and unfolds.
const plain = await open({ javaScriptEnabled: false });
result.plain = await plain.locator(".scenario:visible").count();
await plain.locator(".scenario > summary").first().click();
result.unfolded = await plain.locator(".scenario .inside").first().isVisible();
await browser.close();
console.log(JSON.stringify(result));
