// traffic.mjs: starts Prism as a proxy before the gateway and sends it the calls of calls.mjs.
// Prism validates what passes against the description and says in a header what violates it; here
// what an answer violates fails the run. Prism alone judges: no call's answer is looked at otherwise.
import { spawn } from 'node:child_process';
import net from 'node:net';
import { calls, follow, post } from '../calls.mjs';

const free = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
const answers = async (url) => {
  for (;;) {
    try {
      return await fetch(url);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
};

const port = await free();
const base = `http://127.0.0.1:${port}`;
const prism = spawn(process.env.PRISM ?? 'prism', ['proxy', process.argv[2], process.env.GATEWAY, '--port', port, '--verboseLevel', 'silent'], { stdio: ['ignore', 'ignore', 'inherit'] });
prism.on('error', (error) => {
  console.error(error.message);
  process.exit(127);
});
await answers(`${base}/ready`);

let violated = 0;
const judge = (what) => (answer) => {
  for (const v of JSON.parse(answer.headers.get('sl-violations') ?? '[]')) {
    if (v.location[0] !== 'response') continue;
    violated++;
    console.log(`${what}: ${answer.status} ${v.location.join('.')}: ${v.message}`);
  }
};
for (const call of calls) {
  const what = `${call.action} ${JSON.stringify(call.body).slice(0, 80)} ${call.signing ?? ''}`;
  try {
    judge(what)(await post(base, call));
    if (call.then) await follow(base, call, judge(`after ${what}`));
  } catch (error) {
    violated++; // no answer, or no JSON
    console.log(`${what}: ${error.message}`);
  }
  if (violated) break;
}
prism.kill();
process.exit(violated ? 1 : 0);
