// Holds a HAR against the published schema, and has a browser answer from it:
// har.mjs in.har chromium
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const validator = require("har-validator/lib/promise");
const [, , input, executablePath] = process.argv;
const archive = JSON.parse(readFileSync(input));
await validator.har(archive).catch((e) => {
  throw new Error(JSON.stringify(e.errors, null, 1));
});
const result = { entries: archive.log.entries.length, replayed: 0 };
if (executablePath) {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const context = await browser.newContext();
  await context.routeFromHAR(input, { notFound: "abort" });
  const page = await context.newPage();
  // Only what a page may send: the browser writes the other headers itself.
  const entry = archive.log.entries.find((e) => e.request.method === "POST" && e.response.status === 200 && e.request.postData);
  const origin = new URL(entry.request.url).origin;
  await context.route(origin + "/empty", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  await page.goto(origin + "/empty");
  const said = await page.evaluate(async ([url, body]) => {
    const answer = await fetch(url, { method: "POST", body });
    return { status: answer.status, body: await answer.text() };
  }, [entry.request.url, entry.request.postData.text]);
  // A POST of the same body may stand more than once: any of its answers will do.
  const same = archive.log.entries.filter((e) => e.request.postData?.text === entry.request.postData.text);
  if (!same.some((e) => e.response.status === said.status && e.response.content.text === said.body)) {
    throw new Error("the browser answers otherwise: " + JSON.stringify(said));
  }
  result.replayed = 1;
  await browser.close();
}
console.log(JSON.stringify(result));
