// Holds a stream of Cucumber Messages against the published schema, and has the official
// HTML formatter render it: messages.mjs in.ndjson out.html
import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import formatter from "@cucumber/html-formatter";
import { NdjsonToMessageStream } from "./ndjson.mjs";

const [, , input, output] = process.argv;
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync("node_modules/@cucumber/messages/messages.schema.json")));
let envelopes = 0;
await pipeline(createReadStream(input), new NdjsonToMessageStream(), new Writable({
  objectMode: true,
  write(envelope, _, done) {
    envelopes++;
    done(validate(envelope) ? null : new Error(`envelope ${envelopes}: ${ajv.errorsText(validate.errors)}`));
  },
}));
const CucumberHtmlStream = formatter.CucumberHtmlStream ?? formatter.default ?? formatter;
await pipeline(createReadStream(input), new NdjsonToMessageStream(), new CucumberHtmlStream(), createWriteStream(output));
console.log(JSON.stringify({ envelopes }));
