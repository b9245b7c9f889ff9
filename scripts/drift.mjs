// Gives redocly drift each recording of the suite's traffic and counts the defects that it sees:
// those whose traffic has a problem which that of the mock as it is does not have.
import {execFile} from 'node:child_process';
import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';

const [work, cli] = process.argv.slice(2);
const pairs = headers => Object.entries(headers ?? {}).flatMap(([name, values]) => values.map(value => ({name, value})));
const text = body => typeof body === 'string' ? body : body ? Buffer.from(body.base64 ?? '', 'base64').toString('latin1') : '';

function har(file) {
  const entries = readFileSync(file, 'utf8').split('\n').filter(Boolean).map(JSON.parse).filter(x => x.response && !x.cause).map(x => ({
    startedDateTime: x.timing.start, time: (x.timing.endNs ?? 0) / 1e6,
    request: {
      method: x.request.method, url: `${x.request.url}/${x.operation.action}`, httpVersion: 'HTTP/1.1', cookies: [], queryString: [],
      headers: pairs(x.request.headers), headersSize: -1, bodySize: -1, postData: {mimeType: 'application/json', text: text(x.request.body)},
    },
    response: {
      status: x.response.status, statusText: '', httpVersion: 'HTTP/1.1', cookies: [], headers: pairs(x.response.headers), redirectURL: '', headersSize: -1, bodySize: -1,
      content: {size: text(x.response.body).length, mimeType: 'application/json', text: text(x.response.body)},
    },
    cache: {}, timings: {send: 0, wait: 0, receive: 0},
  }));
  const out = file.replace(/ndjson$/, 'har');
  writeFileSync(out, JSON.stringify({log: {version: '1.2', creator: {name: 'suite', version: '1'}, entries}}));
  return out;
}

const run = promisify(execFile);

async function problems(file) {
  const traffic = har(file);
  const args = [join(work, 'node_modules/@redocly/cli/bin/cli.js'), 'drift', traffic, '--api', join(work, 'specs'), '--format', 'json', '--match-mode', 'basepath'];
  const {stdout} = await run(process.execPath, args, {maxBuffer: 1 << 30}).catch(e => e); // it exits by what it finds
  rmSync(traffic);
  return new Set(JSON.parse(stdout).problems.map(p => [p.ruleId, p.operationId, p.status, p.target, p.message.replace(/[0-9]+/g, '0')].join(' ')));
}

// Each of the files, as many at a time as there are processors.
async function each(files, use) {
  const left = [...files];
  await Promise.all(Array.from({length: availableParallelism()}, async () => {
    for (let file; (file = left.pop());) use(await problems(file));
  }));
}

const files = folder => readdirSync(join(work, folder)).filter(f => f.endsWith('.ndjson')).map(f => join(work, folder, f));
const usual = new Set();
await each(files('right'), found => found.forEach(p => usual.add(p)));
let drift = 0;
await each(files('traffic'), found => { if ([...found].some(p => !usual.has(p))) drift++; });
const score = JSON.parse(readFileSync(join(work, 'score.json'), 'utf8'));
const count = is => score.defects.filter(is).length;
console.log(`| of ${score.defects.length} defects, by their traffic | seen | named by their clause |\n|---|---|---|`);
console.log(`| \`redocly drift\` of ${cli} | ${drift} | it has no clauses |`);
console.log(`| \`conformance judge\` | ${count(d => d.passive.seen)} | ${count(d => d.passive.named)} |`);
console.log(`| the suite itself | ${count(d => d.caught)} | ${count(d => d.named)} |`);
