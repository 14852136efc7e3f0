// What somebody can do who is not at the page: nothing. And what the page does
// with texts that want to be scripts: it shows them.
import assert from 'node:assert';
import net from 'node:net';
import fs from 'node:fs';
import { ask, until } from './fixture.mjs';

const CHECK = 'x-gaoshi-check';

async function cookieOf(port, address) {
  const answer = await ask(port, { path: new URL(address).pathname + new URL(address).search });
  assert.equal(answer.status, 303);
  const [cookie] = answer.headers['set-cookie'];
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  return cookie.split(';')[0];
}

async function tokens(town, port, address) {
  for (const where of ['/', '/console.js', '/api/start', '/api/screens', '/api/events', '/?token=', '/?token=0', `/?token=${'0'.repeat(64)}`, `/?token=${'0'.repeat(5000)}`]) {
    const answer = await ask(port, { path: where });
    assert.ok([401, 403].includes(answer.status), `${where}: ${answer.status}`);
    assert.ok(!/check|screens/.test(answer.text), where);
  }
  const cookie = await cookieOf(port, address);
  // Once only; another one is told in the terminal.
  assert.equal((await ask(port, { path: new URL(address).search ? `/${new URL(address).search}` : '/' })).status, 403);
  const child = town.children.get('console');
  await until('the next address is told', () => child.addresses.length > 1);
  assert.notEqual(child.addresses[1], address);
  for (const wrong of [`${cookie}0`, cookie.replace(/.$/, (last) => (last === '0' ? '1' : '0')), 'gaoshi-console=x', `${cookie.split('=')[0]}=`]) {
    assert.equal((await ask(port, { path: '/api/start', headers: { Cookie: wrong } })).status, 401, wrong);
  }
  const start = await ask(port, { path: '/api/start', headers: { Cookie: cookie } });
  assert.equal(start.status, 200);
  const policy = start.headers['content-security-policy'];
  assert.match(policy, /default-src 'none'/);
  assert.ok(!/unsafe|https?:/.test(policy), policy);
  assert.equal(start.headers['cache-control'], 'no-store');
  return { cookie, check: JSON.parse(start.text).check };
}

async function hosts(port, { cookie }) {
  for (const host of ['evil.example', 'evil.example:80', `evil.example:${port}`, '127.0.0.1', 'localhost', `127.0.0.1:${port}.evil.example`, `127.0.0.2:${port}`, '']) {
    const answer = await ask(port, { path: '/api/start', headers: { Host: host, Cookie: cookie } });
    assert.ok([400, 421].includes(answer.status), `Host '${host}': ${answer.status}`);
    assert.ok(!answer.text.includes('check'));
  }
  assert.equal((await ask(port, { path: '/api/start', headers: { Host: `localhost:${port}`, Cookie: cookie } })).status, 200);
}

async function forgery(port, { cookie, check }) {
  const body = JSON.stringify({ words: { template: 'flood', level: 'blue', status: 'exercise', scope: 'all' } });
  const length = String(Buffer.byteLength(body));
  for (const more of [
    {}, { [CHECK]: '' }, { [CHECK]: '0'.repeat(64) },
    { [CHECK]: check, Origin: 'https://evil.example' }, { [CHECK]: check, Origin: 'null' },
    { [CHECK]: check, Origin: `http://127.0.0.1:${port + 1}` },
    { [CHECK]: check, 'Sec-Fetch-Site': 'cross-site' }, { [CHECK]: check, 'Sec-Fetch-Site': 'same-site' },
    { [CHECK]: check, 'Sec-Fetch-Site': 'none' },
  ]) {
    const answer = await ask(port, { method: 'POST', path: '/api/alert', body, headers: { Cookie: cookie, 'Content-Length': length, ...more } });
    assert.equal(answer.status, 403, JSON.stringify(more));
  }
  // Another page cannot read with our cookie, either.
  assert.equal((await ask(port, { path: '/api/start', headers: { Cookie: cookie, Origin: 'https://evil.example' } })).status, 403);
  for (const method of ['PUT', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE']) {
    assert.equal((await ask(port, { method, path: '/', headers: { Cookie: cookie, 'Content-Length': '0' } })).status, 405, method);
  }
  // A command is never started by a GET.
  for (const where of ['/api/alert', '/api/panel/push', '/api/command', '/api/outbox/send']) {
    assert.equal((await ask(port, { path: where, headers: { Cookie: cookie } })).status, 404, where);
  }
}

async function paths(port, { cookie }) {
  for (const where of ['/../../etc/passwd', '/..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '//etc/passwd', '/console.js/../../api', '/data/console/index.html', '/index.html', '/.git/config', `/${'a/'.repeat(2000)}`]) {
    const answer = await ask(port, { path: where, headers: { Cookie: cookie } });
    assert.equal(answer.status, 404, where);
    assert.ok(!answer.text.includes('root:'), where);
  }
  for (const where of ['/api/picture?slot=../../etc/passwd', '/api/picture?slot=panel/../x', '/api/screen?id=../x', '/api/tally?id=', '/api/scope?scope=--help', '/api/plays?screen=--config=/etc/passwd', '/api/upload', '/api/upload?file=../../etc/passwd', '/api/upload?file=upload-', '/api/upload?file=upload-0/../x', '/api/upload?sha256=../../../../etc/passwd', `/api/upload?sha256=${'.'.repeat(64)}`]) {
    const answer = await ask(port, { path: where, headers: { Cookie: cookie } });
    assert.ok([404, 422].includes(answer.status), `${where}: ${answer.status}`);
  }
}

function raw(port, text, { drip = 0 } = {}) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    let said = '';
    let timer = null;
    socket.on('data', (bytes) => { said += bytes; });
    socket.on('error', () => {});
    socket.on('close', () => { clearInterval(timer); resolve(said); });
    socket.write(text);
    if (drip) timer = setInterval(() => socket.write('x'), drip);
  });
}

async function bodies(town, port, { cookie, check }) {
  const post = (where, body, more = {}) => ask(port, { method: 'POST', path: where, body, headers: { Cookie: cookie, [CHECK]: check, 'Content-Length': String(Buffer.byteLength(body)), ...more } });
  const head = `Host: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\nX-Gaoshi-Check: ${check}\r\n`;
  assert.match(await raw(port, `POST /api/alert HTTP/1.1\r\n${head}Content-Length: 999999999999\r\n\r\n`), /^HTTP\/1.1 413 /);
  assert.match(await raw(port, `POST /api/alert HTTP/1.1\r\n${head}Content-Length: 300000\r\n\r\n`), /^HTTP\/1.1 413 /);
  assert.match(await raw(port, `POST /api/upload HTTP/1.1\r\n${head}Content-Length: 9000000\r\n\r\n`), /^HTTP\/1.1 413 /);
  assert.match(await raw(port, `POST /api/alert HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`), /^HTTP\/1.1 411 /);
  assert.match(await raw(port, `GET / HTTP/1.1\r\n${head}Content-Length: 5\r\n\r\nhello`), /^HTTP\/1.1 413 /);
  assert.match(await raw(port, `GET /${'x'.repeat(100000)} HTTP/1.1\r\n${head}\r\n`), /^HTTP\/1.1 4/);
  for (const body of ['', '{', '[]', 'null', '"x"', '{"words":5}', '{"words":{"level":5}}', '{"words":{"config":"/etc/passwd"}}', '{"words":{"key":"x"}}', '{"a":1,"a":2}', `{"words":${'['.repeat(5000)}`, '\u0000']) {
    const answer = await post('/api/alert', body);
    assert.ok([400, 422].includes(answer.status), `${body.slice(0, 40)}: ${answer.status}`);
  }
  // Fields of a request never become other flags or files of a command.
  for (const [where, body] of [
    ['/api/alert/cancel', { id: '--all' }], ['/api/alert/cancel', { id: '../x' }], ['/api/panel/remove', { id: '-x' }],
    ['/api/outbox/drop', { id: '--all' }], ['/api/command', { screen: '--scope=all', verb: 'restart' }],
    ['/api/command', { screen: 'lobby-1', verb: 'config' }], ['/api/command', { screen: 'lobby-1', verb: 'night', value: '--out=/tmp/x' }],
    ['/api/panel/push', { draft: '{}', scope: '--help' }], ['/api/panel/push', { draft: '5', scope: 'all' }],
    ['/api/preview', { draft: JSON.stringify({ gaoshi: 1, kind: 'panel', id: 'x', panel: { template: 'poster', section: 'general', title: 'x', pictures: [{ file: '/etc/passwd' }] } }) }],
    ['/api/preview', { draft: JSON.stringify({ gaoshi: 1, kind: 'panel', id: 'x', panel: { template: 'poster', section: 'general', title: 'x', pictures: [{ file: 'upload-1/../../x' }] } }) }],
    ['/api/upload', 'no picture'],
  ]) {
    const answer = await post(where, typeof body === 'string' ? body : JSON.stringify(body));
    assert.equal(answer.status, 422, `${where} ${JSON.stringify(body)}: ${answer.status} ${answer.text}`);
    assert.ok(!/root:/.test(answer.text));
  }
  // An actual alert needs the typed level, whatever the page does.
  const unconfirmed = await post('/api/alert', JSON.stringify({ words: { template: 'flood', level: 'red', scope: 'all', status: 'actual' } }));
  assert.equal(unconfirmed.status, 422);
  assert.equal(JSON.parse(unconfirmed.text).problem.field, 'confirm');
}

// Neither slow headers nor slow bodies hold the console; others are served
// meanwhile.
async function slow(port, { cookie, check }) {
  const head = `Host: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\nX-Gaoshi-Check: ${check}\r\n`;
  const ends = [
    raw(port, `GET / HTTP/1.1\r\n${head}X: `, { drip: 500 }),
    raw(port, `POST /api/alert HTTP/1.1\r\n${head}Content-Length: 200000\r\n\r\n{`, { drip: 500 }),
    raw(port, ''),
  ];
  for (let i = 0; i < 40; i += 1) ends.push(raw(port, 'G'));
  assert.equal((await ask(port, { path: '/api/start', headers: { Cookie: cookie } })).status, 200);
  for (const said of await Promise.all(ends)) assert.ok(!/HTTP\/1.1 200/.test(said), said);
  assert.equal((await ask(port, { path: '/api/start', headers: { Cookie: cookie } })).status, 200);
}

export async function checkSecurity(town, address) {
  const port = Number(new URL(address).port);
  const session = await tokens(town, port, address);
  await hosts(port, session);
  await forgery(port, session);
  await paths(port, session);
  await bodies(town, port, session);
  await slow(port, session);
  // Nothing of all that became a command.
  const journal = fs.readFileSync(town.file('state/gaoshi/console.jsonl'), 'utf8');
  assert.equal(journal, '', journal);
}
