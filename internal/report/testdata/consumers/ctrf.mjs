// Holds a CTRF report against the format's own implementation: ctrf.mjs in.json
import { readFileSync } from "node:fs";
import { validate } from "ctrf";

const report = JSON.parse(readFileSync(process.argv[2]));
const result = validate(report);
if (!result.valid) {
  throw new Error(JSON.stringify(result.errors, null, 1));
}
console.log(JSON.stringify(report.results.summary));
