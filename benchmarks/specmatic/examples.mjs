// examples.mjs FOLDER: writes the calls of calls.mjs as Specmatic's examples: the request to send, and
// the status of the answer, whose schema is the description's. A call with several right answers is no example, and of an
// action's successes the first alone is one, since requests are generated from each.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calls } from '../calls.mjs';

const [folder] = process.argv.slice(2);
mkdirSync(folder);
const id = 'T05992D0C-7E8B-4047-B0C0-780F2CD549D3';
const rows = { DescribeInstances: { totalCount: 0, dataSet: [] }, DescribeInstancesStatus: { totalCount: 0, dataSet: [] } };
const codes = { 401: 'AUTHFAILURE_SIGNATURE_FAILURE' };

const succeeded = new Set();
calls.forEach((call, i) => {
  if (Array.isArray(call.status) || (call.status === 200 && succeeded.has(call.action))) return;
  if (call.status === 200) succeeded.add(call.action);
  const body = call.status === 200 ? { requestId: id, response: { requestId: id, ...rows[call.action] } } : { requestId: id, code: call.code ?? codes[call.status], message: 'refused' };
  const example = {
    name: `${String(i).padStart(3, '0')} ${call.action}`,
    'http-request': { method: 'POST', path: `/${call.action}`, headers: { 'Content-Type': 'application/json', ...(call.signing && { 'X-Signing': call.signing }) }, body: call.body },
    'http-response': { status: call.status, headers: { 'Content-Type': 'application/json' }, body },
  };
  writeFileSync(join(folder, `${String(i).padStart(3, '0')}.json`), JSON.stringify(example));
});
