// The console on a network: TLS, accounts, roles, and two people for a red
// alert. What an attacker tries over HTTP first, then two clerks in Chromium.
import assert from 'node:assert';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { ask, freePort, press, until } from './fixture.mjs';

const CHECK = 'X-Gaoshi-Check';
const PASSWORDS = { kan: 'sees-all-the-day', wang: 'panels-and-posters', li: 'alerts-at-night-1', zhao: 'alerts-at-night-2', sun: 'somebody-forgetful' };
const ROLES = { kan: ['sees'], wang: ['panels'], li: ['alerts'], zhao: ['alerts'], sun: ['panels', 'alerts'] };

class Network {
  constructor(town) {
    this.town = town;
    this.accounts = town.file('accounts');
  }

  account(verb, name, { roles = [], password = null } = {}) {
    return this.town.publishWith(password === null ? '' : `${password}\n`, 'console', 'account', verb, name, '--accounts', this.accounts, ...roles.flatMap((role) => ['--role', role]));
  }

  async start() {
    this.port = await freePort();
    this.town.publish('provision', 'ca', '--out', this.town.file('ca'), '--org', 'test');
    this.town.publish('provision', 'broker', '127.0.0.1', 'localhost', '--ca', this.town.file('ca'), '--out', this.town.file('tls'));
    this.ca = fs.readFileSync(this.town.file('ca/ca.pem'));
    for (const name of Object.keys(PASSWORDS)) this.account('add', name, { roles: ROLES[name], password: PASSWORDS[name] });
    this.origin = await this.town.startConsole('network', '--listen', `127.0.0.1:${this.port}`, '--tls-cert', this.town.file('tls/broker.pem'), '--tls-key', this.town.file('tls/broker.key'), '--accounts', this.accounts, '--journal', this.town.file('network.jsonl'), '--two-people', 'red');
    assert.equal(this.origin, `https://127.0.0.1:${this.port}/`);
  }

  journal() {
    return fs.readFileSync(this.town.file('network.jsonl'), 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  // A request that says exactly what it is told to say, over TLS.
  ask({ method = 'GET', path = '/', headers = {}, body = null, from = '127.0.0.1' } = {}) {
    const length = body === null ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const request = https.request({ host: '127.0.0.1', port: this.port, ca: this.ca, servername: 'localhost', localAddress: from, method, path, headers: { ...length, ...headers }, agent: false, setHost: !('Host' in headers) }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => {
          const bytes = Buffer.concat(parts);
          let json = null;
          try { json = JSON.parse(bytes.toString()); } catch { /* a text or a picture */ }
          resolve({ status: response.statusCode, headers: response.headers, bytes, text: bytes.toString(), json });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  login(name, password, headers = {}, from = '127.0.0.1') {
    return this.ask({ method: 'POST', path: '/login', body: JSON.stringify({ name, password }), headers, from });
  }

  // {cookie, check} of a new login.
  async enter(name) {
    const answer = await this.login(name, PASSWORDS[name]);
    assert.equal(answer.status, 200, `${name}: ${answer.text}`);
    const cookie = answer.headers['set-cookie'][0].split(';')[0];
    const start = await this.ask({ path: '/api/start', headers: { Cookie: cookie } });
    assert.equal(start.json.who, name);
    return { cookie, check: start.json.check };
  }

  get(path, { cookie }) { return this.ask({ path, headers: { Cookie: cookie } }); }

  post(path, { cookie, check }, body) { return this.ask({ method: 'POST', path, body: JSON.stringify(body), headers: { Cookie: cookie, [CHECK]: check } }); }
}

// Whoever has no account gets the login page and nothing else.
async function strangers(network) {
  const front = await network.ask();
  assert.equal(front.status, 303);
  assert.equal(front.headers.location, '/login');
  for (const where of ['/login', '/login.js', '/people.css', '/console.css', '/icon.svg']) {
    const answer = await network.ask({ path: where });
    assert.equal(answer.status, 200, where);
    assert.match(answer.headers['content-security-policy'], /default-src 'none'/);
    assert.ok(!/unsafe|https?:/.test(answer.headers['content-security-policy']));
  }
  assert.ok(!/<script>|<style|style=|onclick/.test((await network.ask({ path: '/login' })).text), 'nothing is inline');
  for (const where of ['/console.js', '/parts.js', '/approvals.js', '/api/start', '/api/screens', '/api/events', '/api/approvals', '/?token=0', '/api/approval/picture?id=x']) {
    const answer = await network.ask({ path: where });
    assert.ok([401, 303].includes(answer.status), `${where}: ${answer.status}`);
    assert.ok(!/check|screens/.test(answer.text), where);
  }
  const plain = await new Promise((resolve) => {
    const socket = net.connect(network.port, '127.0.0.1', () => socket.write('GET /login HTTP/1.1\r\nHost: x\r\n\r\n'));
    let said = '';
    socket.on('data', (bytes) => { said += bytes; });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said));
  });
  assert.ok(!/HTTP/.test(plain), 'there is no answer without TLS');
  await assert.rejects(new Promise((resolve, reject) => {
    const socket = tls.connect({ port: network.port, host: '127.0.0.1', ca: network.ca, servername: 'localhost', maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }, resolve);
    socket.on('error', reject);
  }), 'TLS 1.1 is refused');
  for (const host of ['evil.example', `evil.example:${network.port}`, '127.0.0.1', '']) {
    const answer = await network.ask({ path: '/login', headers: { Host: host } });
    assert.ok([400, 421].includes(answer.status), `Host '${host}': ${answer.status}`);
  }
  // Another page cannot log somebody in, nor one of plain HTTP of this name.
  for (const headers of [{ Origin: 'https://evil.example' }, { Origin: 'null' }, { Origin: `http://127.0.0.1:${network.port}` }, { 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'none' }]) {
    assert.equal((await network.login('li', PASSWORDS.li, headers)).status, 403, JSON.stringify(headers));
  }
}

async function cookies(network) {
  const chosen = `__Host-gaoshi-console-${network.port}=${'a'.repeat(64)}`;
  const answer = await network.login('li', PASSWORDS.li, { Cookie: chosen });
  assert.equal(answer.status, 200);
  const [set] = answer.headers['set-cookie'];
  for (const flag of [/; HttpOnly/, /; SameSite=Strict/, /; Secure/, /; Path=\//, /^__Host-/]) assert.match(set, flag);
  assert.ok(!set.includes('Domain') && !set.includes('a'.repeat(64)));
  const first = set.split(';')[0];
  assert.equal((await network.ask({ path: '/api/start', headers: { Cookie: chosen } })).status, 401, 'a cookie that was brought along');
  // Whoever logs in again has another cookie, and the first one is over.
  const again = (await network.login('li', PASSWORDS.li, { Cookie: first })).headers['set-cookie'][0].split(';')[0];
  assert.notEqual(first, again);
  assert.equal((await network.ask({ path: '/api/start', headers: { Cookie: first } })).status, 401);
  const start = await network.ask({ path: '/api/start', headers: { Cookie: again } });
  for (const more of [{}, { [CHECK]: '0'.repeat(64) }, { [CHECK]: start.json.check, Origin: `http://127.0.0.1:${network.port}` }]) {
    assert.equal((await network.ask({ method: 'POST', path: '/api/logout', body: '{}', headers: { Cookie: again, ...more } })).status, 403);
  }
  assert.equal((await network.post('/api/logout', { cookie: again, check: start.json.check }, {})).status, 200);
  assert.equal((await network.ask({ path: '/api/start', headers: { Cookie: again } })).status, 401);
}

async function hostileNames(network) {
  for (const body of ['', '{', '[]', '{"name":"li"}', '{"name":5,"password":"x"}', '{"name":"li","password":null}', `{"name":"li","password":"${'x'.repeat(300)}"}`, `{"name":"a","password":"b","name":"c"}`]) {
    const answer = await network.ask({ method: 'POST', path: '/login', body });
    assert.ok([400, 422].includes(answer.status), `${body.slice(0, 40)}: ${answer.status}`);
  }
  for (const name of ['../../etc/passwd', '<script>x</script>', `${'l'.repeat(5000)}`]) {
    const answer = await network.login(name, 'x');
    assert.equal(answer.status, 401, name.slice(0, 20));
    assert.ok(!answer.text.includes('<'));
  }
  const kept = JSON.stringify(network.journal());
  assert.ok(!/etc\/passwd|script|llll/.test(kept), 'what has no account is not written down');
}

// Every route that sends, and who may not.
const SENDING = {
  '/api/preview': ['panels', 'alerts'], '/api/alert': ['alerts'], '/api/alert/cancel': ['alerts'],
  '/api/approval/confirm': ['alerts'], '/api/approval/decline': ['alerts'],
  '/api/panel/push': ['panels'], '/api/panel/remove': ['panels'], '/api/upload': ['panels'],
  '/api/outbox/send': ['alerts'], '/api/outbox/drop': ['alerts'], '/api/command': ['panels', 'alerts'],
};

async function roles(network) {
  for (const name of ['kan', 'wang', 'li']) {
    const session = await network.enter(name);
    for (const where of ['/api/screens', '/api/messages', '/api/journal', '/api/scope?scope=all', '/api/outbox']) {
      assert.equal((await network.get(where, session)).status, 200, `${name} ${where}`);
    }
    for (const [where, allowed] of Object.entries(SENDING)) {
      const may = allowed.some((role) => ROLES[name].includes(role));
      // A body that no command takes: whoever may is refused for that.
      const answer = await network.post(where, session, { id: '--x', draft: '5', scope: '-', screen: '-' });
      if (may && where === '/api/outbox/send') assert.ok([200, 422].includes(answer.status), `${name} ${where}: ${answer.status}`);
      else assert.ok(may ? [404, 422].includes(answer.status) : answer.status === 403, `${name} ${where}: ${answer.status} ${answer.text}`);
      if (!may) assert.equal(network.journal().filter((one) => one.who === name && one.what === 'refused').at(-1).path, where);
    }
    for (const where of ['/api/approvals', '/api/approval/picture?id=x']) {
      assert.equal((await network.get(where, session)).status, ROLES[name].includes('alerts') ? (where.includes('?') ? 404 : 200) : 403, `${name} ${where}`);
    }
    assert.ok(network.journal().every((one) => one.what !== 'refused' || one.from === '127.0.0.1'));
    // Whoever may push panels cannot push an alert by that road.
    if (name === 'wang') {
      const alert = { gaoshi: 1, kind: 'alert', id: 'smuggled', expires: new Date(Date.now() + 3600000).toISOString().replace(/\.\d+Z/, '+00:00'), alert: { status: 'actual', level: 'red', event: '洪水', headline: 'x', instruction: 'x' } };
      const answer = await network.post('/api/panel/push', session, { draft: JSON.stringify(alert), scope: 'all' });
      assert.equal(answer.status, 422, answer.text);
      assert.ok(!(await network.get('/api/messages', session)).text.includes('smuggled'));
    }
  }
}

// Events of a login end with it.
function listen(network, { cookie }) {
  const stream = { said: '', closed: false };
  const request = https.request({ host: '127.0.0.1', port: network.port, ca: network.ca, servername: 'localhost', path: '/api/events', headers: { Cookie: cookie }, agent: false }, (response) => {
    response.on('data', (part) => { stream.said += part; });
    response.on('close', () => { stream.closed = true; });
  });
  request.on('error', () => { stream.closed = true; });
  request.end();
  return stream;
}

async function endings(network) {
  for (const end of [
    () => network.account('remove', 'wang'),
    () => network.account('password', 'kan', { password: 'another-password' }),
  ]) {
    const name = end.toString().includes('remove') ? 'wang' : 'kan';
    const session = await network.enter(name);
    const stream = listen(network, session);
    await until('events come', () => stream.said.includes(': open'));
    end();
    await until(`the events of ${name} end`, () => stream.closed);
    assert.equal((await network.get('/api/start', session)).status, 401);
  }
  network.account('add', 'wang', { roles: ROLES.wang, password: PASSWORDS.wang });
  PASSWORDS.kan = 'another-password';
}

// Neither silent nor slow connections of one address hold the others up.
async function crowds(network) {
  const sockets = [];
  let closed = 0;
  const open = (more) => {
    const socket = more(() => {});
    socket.on('error', () => {});
    socket.on('close', () => { closed += 1; });
    sockets.push(socket);
    return socket;
  };
  for (let i = 0; i < 60; i += 1) open(() => net.connect({ port: network.port, host: '127.0.0.1', localAddress: '127.0.0.2' }));
  await until('connections over 32 of one address are closed', () => closed >= 28);
  assert.equal((await network.ask({ path: '/login' })).status, 200, 'others are served');
  const slow = open(() => tls.connect({ port: network.port, host: '127.0.0.1', ca: network.ca, servername: 'localhost', localAddress: '127.0.0.3' }));
  let said = '';
  slow.on('data', (bytes) => { said += bytes; });
  slow.write(`POST /login HTTP/1.1\r\nHost: 127.0.0.1:${network.port}\r\nContent-Length: 20000\r\n\r\n{`);
  const drip = setInterval(() => slow.write('x'), 500);
  await until('silent and slow connections are cut', () => closed === sockets.length);
  clearInterval(drip);
  assert.ok(!/200/.test(said));
  for (const length of ['300000', '999999999999', '-1']) {
    const big = tls.connect({ port: network.port, host: '127.0.0.1', ca: network.ca, servername: 'localhost' });
    let answer = '';
    big.on('data', (bytes) => { answer += bytes; });
    big.on('error', () => {});
    big.write(`POST /login HTTP/1.1\r\nHost: 127.0.0.1:${network.port}\r\nContent-Length: ${length}\r\n\r\n{`);
    await until(`a body of ${length} bytes is refused`, () => /^HTTP\/1.1 4(13|00) /.test(answer));
    big.destroy();
  }
}

// Last, because it keeps everybody of this address out.
async function tooOften(network) {
  for (let i = 0; i < 5; i += 1) assert.equal((await network.login('sun', `wrong-${i}`, {}, '127.0.0.4')).status, 401);
  for (const password of ['wrong', PASSWORDS.sun]) {
    const answer = await network.login('sun', password, {}, '127.0.0.5');
    assert.equal(answer.status, 429, 'the account waits, wherever from, with the right password, too');
    assert.ok(answer.json.wait_s > 0 && answer.json.wait_s <= 60);
    assert.equal(Number(answer.headers['retry-after']), answer.json.wait_s);
  }
  const others = await network.login('zhao', PASSWORDS.zhao, {}, '127.0.0.5');
  assert.equal(others.status, 200, 'other accounts do not wait');
  for (let i = 0; i < 5; i += 1) await network.login(`nobody${i}`, 'x', {}, '127.0.0.4');
  const answer = await network.login('zhao', PASSWORDS.zhao, {}, '127.0.0.4');
  assert.equal(answer.status, 429, 'the address waits');
  assert.equal(network.journal().filter((one) => one.what === 'login refused' && one.reason === 'too often').length, 1, 'once for each wait');
}

const RED = { template: 'flood', level: 'red', status: 'actual', scope: 'all', headline: '贾鲁河超过保证水位', instruction: '马上撤离到高处', until: '+2h' };

// The rules of two people, over HTTP.
async function twoPeople(network) {
  const li = await network.enter('li');
  const zhao = await network.enter('zhao');
  const list = async () => (await network.get('/api/approvals', zhao)).json;
  const inForce = async (id) => (await network.get('/api/messages', zhao)).json.alerts.find((one) => one.id === id);
  const drill = await network.post('/api/alert', li, { words: { ...RED, status: 'exercise' } });
  assert.equal(drill.status, 200, `a drill needs one person: ${drill.text}`);
  const narrow = await network.post('/api/alert', li, { words: { ...RED, level: 'orange' }, confirm: 'orange' });
  assert.equal(narrow.status, 200, `an orange alert needs one person: ${narrow.text}`);
  const asked = await network.post('/api/alert', li, { words: RED, confirm: '红色' });
  assert.equal(asked.status, 202, asked.text);
  const [waits] = await list();
  assert.equal(waits.state, 'waits');
  assert.equal(waits.who, 'li');
  const confirm = (session, more) => network.post('/api/approval/confirm', session, { id: waits.id, digest: waits.digest, confirm: '红色', ...more });
  const own = await confirm(li);
  assert.equal(own.status, 403, 'whoever asks does not confirm');
  assert.equal(network.journal().at(-1).what, 'refused');
  assert.equal((await confirm(zhao, { confirm: '' })).status, 422);
  assert.equal((await confirm(zhao, { confirm: '橙色' })).status, 422);
  assert.equal((await confirm(zhao, { digest: '0'.repeat(64) })).status, 409);
  assert.equal((await confirm(zhao, { id: '0'.repeat(16) })).status, 404);
  assert.equal(await inForce(asked.json.id), undefined, 'nothing was sent so far');
  const pictures = await Promise.all([li, zhao].map((one) => network.get(`/api/approval/picture?id=${waits.id}&shape=0`, one)));
  assert.equal(pictures[0].status, 200);
  const yes = await confirm(zhao);
  assert.equal(yes.status, 200, yes.text);
  const sent = await until('the alert stands at the broker', () => inForce(asked.json.id));
  assert.equal((await confirm(zhao)).status, 409, 'only once');
  // What was sent is what both saw.
  const entries = network.journal();
  const entry = entries.find((one) => one.what === 'waits' && one.approval === waits.id);
  const draft = JSON.parse(entry.draft);
  assert.equal(entries.find((one) => one.what === 'confirmed' && one.approval === waits.id).who, 'zhao');
  assert.equal(entry.who, 'li');
  assert.equal(entry.digest, waits.digest);
  assert.equal(sent.about.headline, draft.alert.headline);
  assert.equal(sent.expires_ms, Date.parse(draft.expires));
  // An update that raises the level waits; a declined one is not sent.
  const update = await network.post('/api/alert', li, { update: narrow.json.id, words: { level: 'red', status: 'actual', template: 'flood', headline: RED.headline, instruction: RED.instruction }, confirm: 'red' });
  assert.equal(update.status, 202, update.text);
  const raised = (await list()).find((one) => one.state === 'waits');
  assert.equal((await network.post('/api/approval/decline', zhao, { id: raised.id, reason: '级别不对' })).status, 200);
  assert.equal((await list()).find((one) => one.id === raised.id).state, 'declined');
  assert.equal((await inForce(narrow.json.id)).about.level, 'orange');
  // An alert that ended meanwhile does not come back by an old request.
  await network.post('/api/alert', li, { update: narrow.json.id, words: { level: 'red', status: 'actual', template: 'flood', headline: RED.headline, instruction: RED.instruction }, confirm: 'red' });
  const late = (await list()).find((one) => one.state === 'waits');
  assert.equal((await network.post('/api/alert/cancel', zhao, { id: narrow.json.id, reason: '水位回落' })).status, 200, 'an all-clear needs one person');
  assert.equal((await network.post('/api/approval/confirm', zhao, { id: late.id, digest: late.digest, confirm: 'red' })).status, 409);
  await network.post('/api/approval/decline', li, { id: late.id });
  await network.post('/api/alert/cancel', zhao, { id: asked.json.id });
  await network.post('/api/alert/cancel', zhao, { id: drill.json.id });
  // Without accounts there are no two people.
  const alone = new URL(await network.town.startConsole('alone', '--two-people', 'red', '--journal', network.town.file('alone.jsonl')));
  const port = Number(alone.port);
  const [set] = (await ask(port, { path: alone.pathname + alone.search })).headers['set-cookie'];
  const cookie = set.split(';')[0];
  const { check } = JSON.parse((await ask(port, { path: '/api/start', headers: { Cookie: cookie } })).text);
  const body = JSON.stringify({ words: RED, confirm: 'red' });
  const answer = await ask(port, { method: 'POST', path: '/api/alert', body, headers: { Cookie: cookie, [CHECK]: check, 'Content-Length': String(Buffer.byteLength(body)) } });
  assert.equal(answer.status, 422, answer.text);
  assert.match(answer.text, /two people/);
  await network.town.stop('alone');
}

async function openAs(browser, network, name) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(120000);
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(error.message));
  page.on('console', (message) => { if (/Content Security|Refused to/.test(message.text())) page.errors.push(message.text()); });
  // The certificate is of an authority that Chromium does not know; that it is
  // right was checked by all requests above.
  await (await page.createCDPSession()).send('Security.setIgnoreCertificateErrors', { ignore: true });
  await page.setViewport({ width: 1440, height: 900 });
  await page.goto(network.origin);
  await page.waitForSelector('#login');
  if (await page.evaluate(() => document.documentElement.lang) === 'en') await press(page, '#language');
  await page.type('#name', name);
  return page;
}

async function enterAs(page, password) {
  await page.focus('#name');
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('nav button');
}

async function clerks({ network, browser, told, accessible, fits, picture }) {
  const li = await openAs(browser, network, 'li');
  await accessible(li, 'login');
  await picture(li, 'login');
  await li.type('#password', 'not this one');
  await li.keyboard.press('Enter');
  await li.waitForFunction(() => document.querySelector('#wrong').textContent.includes('不对'));
  await accessible(li, 'a refused login');
  await enterAs(li, PASSWORDS.li);
  const zhao = await openAs(browser, network, 'zhao');
  await enterAs(zhao, PASSWORDS.zhao);
  told('two people log in');
  await press(li, '#tab-alert');
  await li.waitForSelector('input[name=status][value=actual]');
  await press(li, 'input[name=status][value=actual]');
  await li.waitForSelector('form.actual');
  await press(li, 'input[name=level][value=red]');
  await li.type('input[name=headline]', '两人确认的红色预警');
  await li.type('input[name=confirm]', '红色');
  await press(li, 'form button.danger');
  await li.waitForSelector('.approval.waits');
  await li.reload();
  await li.waitForSelector('.approval.waits');
  assert.equal(await li.$('.approval.waits .danger'), null, 'whoever asks has no button to confirm');
  await zhao.waitForSelector('.approval.waits .danger');
  await until('the pictures of all shapes are there', () => zhao.$$eval('.approval.waits img', (images) => images.length === 3 && images.every((one) => one.naturalWidth > 0)));
  assert.match(await zhao.$eval('.approval.waits', (node) => node.textContent), /两人确认的红色预警/);
  await accessible(zhao, 'an alert that waits');
  await picture(zhao, 'second-person');
  await zhao.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true });
  await fits(zhao, 'an alert that waits, on a phone');
  await zhao.setViewport({ width: 1440, height: 900 });
  await zhao.type('.approval.waits input[name=typed]', '红色');
  await press(zhao, '.approval.waits button.danger');
  await zhao.waitForSelector('.approval.confirmed');
  await li.waitForSelector('.approval.confirmed');
  await press(zhao, '#tab-alert');
  await zhao.waitForFunction(() => [...document.querySelectorAll('article.l-red')].some((one) => one.dataset.id && one.textContent.includes('两人确认的红色预警')));
  told('a second person confirms a red alert, and it stands');
  await zhao.$$eval('article.l-red button.cancel', ([button]) => button.click());
  await zhao.waitForSelector('dialog button.danger');
  await press(zhao, 'dialog button.danger');
  const refused = network.journal().filter((one) => one.who === 'kan' && one.what === 'refused').length;
  const kan = await openAs(browser, network, 'kan');
  await enterAs(kan, PASSWORDS.kan);
  for (const name of ['now', 'alert', 'programme', 'screens']) {
    await press(kan, `#tab-${name}`);
    await kan.waitForFunction((id) => document.querySelector(`#${id}`).getAttribute('aria-current') === 'page', {}, `tab-${name}`);
    assert.equal(await kan.$('form.card, button.cancel, button.danger, .approval'), null, `${name}: who only sees has no form`);
  }
  assert.equal(network.journal().filter((one) => one.who === 'kan' && one.what === 'refused').length, refused, 'the page does not ask for what it may not');
  await press(kan, '#logout');
  await kan.waitForSelector('#login');
  told('who only sees has nothing to send with, and logs out');
  // A login that ends leads to the login page by itself.
  network.account('password', 'li', { password: 'a-third-password' });
  await li.waitForSelector('#login');
  told('a new password ends the page of the old one');
  assert.deepEqual([...li.errors, ...zhao.errors, ...kan.errors], []);
}

export async function checkNetwork({ town, browser, told, accessible, fits, picture }) {
  const network = new Network(town);
  await network.start();
  await strangers(network);
  await cookies(network);
  await hostileNames(network);
  told('on the network, strangers get the login page alone');
  await roles(network);
  told('each role is refused what it may not do, and that is written down');
  await endings(network);
  told('logins end with their account and their password');
  await crowds(network);
  told('silent, slow and many connections do not hold others up');
  await twoPeople(network);
  told('two people send a red alert for all, and one does not');
  await clerks({ network, browser, told, accessible, fits, picture });
  await tooOften(network);
  told('who fails too often waits');
  await town.stop('network');
}
