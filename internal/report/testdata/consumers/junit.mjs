// Reads a JUnit file by two readers that CI tools use: junit.mjs in.xml
import { readFileSync } from "node:fs";
import { parse } from "junit2json";
import { convertJUnitToCTRFReport } from "junit-to-ctrf";

const suites = await parse(readFileSync(process.argv[2], "utf8"));
const cases = (suites.testsuite ?? []).flatMap((s) => s.testcase ?? []);
const report = await convertJUnitToCTRFReport(process.argv[2]);
console.log(JSON.stringify({
  tests: suites.tests, failures: suites.failures, errors: suites.errors, skipped: suites.skipped ?? 0,
  cases: cases.length,
  withFailure: cases.filter((c) => c.failure?.length).length,
  withError: cases.filter((c) => c.error?.length).length,
  withSkip: cases.filter((c) => c.skipped !== undefined && c.skipped !== null).length,
  converted: report.results.summary,
}));
