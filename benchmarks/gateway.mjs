// gateway.mjs URL CMD…: runs CMD with GATEWAY in its environment, the address of a gateway to the
// API at URL for tools that neither sign requests nor tell operations on one path apart.
//
//   POST /ACTION        → POST /api/v2/zec, with the action's header, its version and a signature
//   anything else       → as it came, signed where X-Signing asks for it
//
// X-Signing says how a request is signed: one of the names below, "right" for /ACTION without it.
// Answers go back as they came.
import { spawn } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import http from 'node:http';

const [url, command, ...words] = process.argv.slice(2);
const target = new URL(url);
const env = process.env;
const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');

const signings = {
  none: {},
  token: { Authorization: `Bearer ${env.ZENLAYER_TOKEN}` },
  'wrong-token': { Authorization: 'Bearer not-the-token' },
  basic: { Authorization: 'Basic YTpi' },
};
const mistakes = {
  right: {},
  'wrong-password': { password: 'another-password' },
  'unknown-key': { key: 'nobody' },
  'other-timestamp': { after: 60 }, // than the signed one
  'other-body': { body: 'another body' },
  expired: { skew: -400 },
  future: { skew: 400 },
  'four-minutes-old': { skew: -240 },
};

function signed(m, headers, body) {
  const time = Math.floor(Date.now() / 1000) + (m.skew ?? 0);
  const canonical = ['POST', '/', '', `content-type:${(headers['content-type'] ?? '').trim()}\nhost:${target.host}\n`, 'content-type;host', sha(m.body ?? body)].join('\n');
  const signature = createHmac('sha256', m.password ?? env.ZENLAYERCLOUD_ACCESS_KEY_PASSWORD).update(['ZC2-HMAC-SHA256', time, sha(canonical)].join('\n')).digest('hex');
  return {
    'X-ZC-Timestamp': String(time + (m.after ?? 0)),
    'X-ZC-Signature-Method': 'ZC2-HMAC-SHA256',
    Authorization: `ZC2-HMAC-SHA256 Credential=${m.key ?? env.ZENLAYERCLOUD_ACCESS_KEY_ID}, SignedHeaders=content-type;host, Signature=${signature}`,
  };
}

const agent = new http.Agent({ keepAlive: true });
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const { host, connection, 'transfer-encoding': _, 'x-signing': signing, ...headers } = request.headers;
    const action = /^\/([A-Za-z]+)$/.exec(request.url)?.[1];
    if (action) Object.assign(headers, { 'x-zc-action': action, 'x-zc-version': '2024-04-01' });
    const kind = signing || (action ? 'right' : undefined);
    if (kind) {
      if (!signings[kind] && !mistakes[kind]) return response.writeHead(500).end(`X-Signing: there is no ${kind}`);
      delete headers.authorization;
      Object.assign(headers, signings[kind] ?? signed(mistakes[kind], headers, body));
    }
    const onward = http.request(
      { agent, host: target.hostname, port: target.port, method: request.method, path: action ? '/api/v2/zec' : request.url, headers: { ...headers, Host: target.host, 'Content-Length': body.length } },
      (answer) => {
        response.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders);
        answer.pipe(response);
        answer.on('error', () => response.destroy());
      },
    );
    onward.on('error', () => response.destroy());
    onward.end(body);
  });
});

server.listen(0, '127.0.0.1', () => {
  const child = spawn(command, words, { stdio: 'inherit', env: { ...env, GATEWAY: `http://127.0.0.1:${server.address().port}` } });
  child.on('error', (error) => {
    console.error(`gateway: ${error.message}`);
    process.exit(127);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
});
