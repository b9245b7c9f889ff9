// Counts what the Cucumber formatter's page shows: rendered.mjs in.html chromium
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [, , input, executablePath] = process.argv;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage();
const errors = [];
page.on("pageerror", (e) => errors.push(String(e)));
await page.goto(pathToFileURL(input).href);
await page.waitForFunction(() => document.querySelector("#content")?.textContent.length > 0);
const text = await page.evaluate(() => document.body.innerText);
await browser.close();
console.log(JSON.stringify({ errors, text }));
