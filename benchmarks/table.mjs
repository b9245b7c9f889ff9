// table.mjs FOLDER TOOL…: prints the scores that "conformance selftest --command … --json" wrote there as a table.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...tools] = process.argv.slice(2);
const { dependencies: version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url)));
const names = {
  respect: `Redocly Respect ${version['@redocly/cli']}`,
  newman: `newman ${version.newman}`,
  prism: `Prism ${version['@stoplight/prism-cli']}`,
  dredd: `Dredd ${version.dredd}`,
  specmatic: `Specmatic ${version.specmatic}`,
  conformance: 'this project',
};

const scores = tools.filter((tool) => existsSync(join(folder, `${tool}.json`))).map((tool) => ({ tool, ...JSON.parse(readFileSync(join(folder, `${tool}.json`))) }));
if (scores.length === 0) throw new Error(`${folder} has no scores`);
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const count = (c) => `${c.right} of ${c.total}${c.timeouts ? `, ${c.timeouts} not ended` : ''}`;

row('category', ...scores.map(({ tool }) => names[tool] ?? tool));
row('---', ...scores.map(() => '---'));
scores[0].categories.forEach(({ name }, i) => row(name, ...scores.map((s) => count(s.categories[i]))));
row('all defects detected', ...scores.map((s) => count(s.defects)));
row('variants cleared', ...scores.map((s) => count(s.variants)));
row('time', ...scores.map((s) => s.took));
for (const { tool, results } of scores) {
  const accused = results.filter((r) => r.kind === 'variant' && r.verdict !== 'cleared').map((r) => `${r.name} (${r.verdict})`);
  if (accused.length) console.log(`\n${names[tool] ?? tool} does not clear ${accused.join(', ')}.`);
}
