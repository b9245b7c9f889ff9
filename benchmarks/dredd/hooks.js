// Dredd makes one request for each documented answer of an action, from its examples, and skips those
// that are no success. Here each call of calls.mjs becomes a transaction beside the answer that it should get.
const hooks = require('hooks');

const calls = import('../calls.mjs');
let templates;

hooks.beforeAll(async (transactions, done) => {
  templates = Object.fromEntries(transactions.map((t) => [`${t.fullPath.slice(1)} ${t.expected.statusCode}`, structuredClone(t)]));
  const made = (await calls).calls.flatMap((call, i) => {
    const template = templates[`${call.action} ${[call.status].flat()[0]}`];
    if (!template) return [];
    const t = structuredClone(template);
    Object.assign(t, { name: `${t.name} > ${i}`, id: `${t.id} ${i}`, skip: false, call });
    t.request.body = JSON.stringify(call.body);
    t.request.headers['Content-Type'] = 'application/json';
    if (call.signing) t.request.headers['X-Signing'] = call.signing;
    return t;
  });
  transactions.splice(0, transactions.length, ...made);
  done();
});

// Where several answers are right, the one that came is held against its own description.
hooks.beforeEachValidation((t, done) => {
  const status = Number(t.real.statusCode);
  // A media type may have parameters; Dredd compares the whole value.
  if (/^application\/json\s*;/i.test(t.real.headers['content-type'])) t.real.headers['content-type'] = 'application/json';
  if ([t.call.status].flat().includes(status)) t.expected = structuredClone(templates[`${t.call.action} ${status}`]?.expected ?? t.expected);
  done();
});

const ids = new Set();
hooks.afterEach(async (t, done) => {
  try {
    const body = JSON.parse(t.real.body);
    if (t.call.code && body.code !== t.call.code) t.fail = `code ${body.code}, want ${t.call.code}`;
    if (ids.has(body.requestId)) t.fail = `request id ${body.requestId} a second time`;
    ids.add(body.requestId);
    if (body.response && body.response.requestId !== body.requestId) t.fail = 'two request ids in one answer';
    if (!t.fail && t.call.then) t.fail = (await (await calls).follow(process.env.GATEWAY, t.call)) ?? t.fail;
  } catch (error) {
    t.fail = String(error);
  }
  done();
});
