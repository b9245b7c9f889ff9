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
  selftest: 'this project',
  conformance: 'this project, as at any endpoint',
};

// read returns a tool's score.
function read(tool) {
  const file = join(folder, `${tool}.json`);
  if (!existsSync(file)) return [];
  const score = JSON.parse(readFileSync(file));
  return [{ tool, ...(tool === 'selftest' ? own(score) : score) }];
}

// own counts what the self-test says of the mocks that the others meet.
function own(score) {
  const others = tools.filter((tool) => tool !== 'selftest').flatMap(read);
  const met = new Set(others.flatMap((other) => other.results.map((r) => r.name)));
  const meets = (r) => met.size === 0 || met.has(r.name);
  const list = JSON.parse(readFileSync(join(folder, 'categories.json')));
  const category = new Map(list.defects.map((d) => [d.name, d.category]));
  const countOf = (results, right) => ({ total: results.length, right: results.filter(right).length });
  const defects = score.defects.filter(meets);
  const detected = (r) => r.verdict === 'non-conformant';
  const variants = score.variants.filter(meets).map((r) => ({ ...r, kind: 'variant', verdict: detected(r) ? 'accused' : 'cleared' }));
  return {
    categories: list.categories.map((name) => ({ name, ...countOf(defects.filter((d) => category.get(d.name) === name), detected) })),
    defects: countOf(defects, detected),
    variants: countOf(variants, (r) => r.verdict === 'cleared'),
    results: variants,
    took: `${Math.round(score.durationNs / 1e9)}s`,
  };
}

const scores = tools.flatMap(read);
if (scores.length === 0) throw new Error(`${folder} has no scores`);
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const count = (c) => `${c.right} of ${c.total}${c.unmet ? `, ${c.unmet} not met` : ''}${c.timeouts ? `, ${c.timeouts} not ended` : ''}`;

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
