// A town for tests of the console: a broker, screens, and the console itself,
// all on free ports of this machine. Everything ends with end().
import { spawn, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import http from 'node:http';

export const SCREENS = {
  'lobby-1': { size: '1920x1080', shape: 'landscape', area: '410103001002', name: '政务大厅', mm: 680, m: 8 },
  'gate-1': { size: '1080x1920', shape: 'portrait', area: '410103001003', name: '北门', mm: 1200, m: 5 },
  'street-1': { size: '1024x256', shape: 'strip', area: '410103002001', name: '大学路', mm: 640, m: 12 },
};

export async function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// Waits until something holds; a machine under load only makes it later.
export async function until(what, holds, ms = 60000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${ms / 1000} s: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

// A click on what may be built anew just then: it is looked for again.
export async function press(page, selector) {
  for (let turn = 1; ; turn += 1) {
    try {
      await page.waitForSelector(selector);
      await page.click(selector);
      return;
    } catch (error) {
      if (turn === 5 || !/detached|not clickable|No element found/i.test(error.message)) throw error;
    }
  }
}

export class Town {
  constructor(bin) {
    this.bin = bin;
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gaoshi-console-test-'));
    this.children = new Map();
  }

  file(name) { return path.join(this.folder, name); }

  start(name, program, words, options = {}) {
    const log = fs.openSync(this.file(`${name}.log`), 'a');
    const child = spawn(program, words, { stdio: ['ignore', options.pipe ? 'pipe' : log, log], env: { ...process.env, HOME: this.folder, XDG_STATE_HOME: this.file('state'), XDG_CONFIG_HOME: this.file('config'), ...options.env } });
    child.ended = new Promise((resolve) => { child.on('exit', resolve); });
    this.children.set(name, child);
    return child;
  }

  async stop(name, signal = 'SIGTERM') {
    const child = this.children.get(name);
    if (!child) return;
    this.children.delete(name);
    if (child.exitCode === null) child.kill(signal);
    await child.ended;
  }

  publish(...words) {
    return execFileSync(path.join(this.bin, 'gaoshi-publish'), words, { encoding: 'utf8', env: { ...process.env, HOME: this.folder, XDG_STATE_HOME: this.file('state'), XDG_CONFIG_HOME: this.file('config') } });
  }

  // The same with a text on standard input.
  publishWith(text, ...words) {
    return execFileSync(path.join(this.bin, 'gaoshi-publish'), words, { encoding: 'utf8', input: text, env: { ...process.env, HOME: this.folder, XDG_STATE_HOME: this.file('state'), XDG_CONFIG_HOME: this.file('config') } });
  }

  async startBroker() {
    this.port ||= await freePort();
    fs.writeFileSync(this.file('mosquitto.conf'), `listener ${this.port} 127.0.0.1\nallow_anonymous true\n`);
    const program = fs.existsSync('/usr/sbin/mosquitto') ? '/usr/sbin/mosquitto' : 'mosquitto';
    this.start('broker', program, ['-c', this.file('mosquitto.conf')]);
    await until('the broker listens', () => new Promise((resolve) => {
      const socket = net.connect(this.port, '127.0.0.1', () => { socket.end(); resolve(true); });
      socket.on('error', () => resolve(false));
    }));
  }

  prepare() {
    this.publish('keys', 'new', '--out', this.file('keys'));
    this.key = this.file('keys/gaoshi.pem');
    const rows = Object.entries(SCREENS).map(([id, one]) => `${id},${one.name},${one.area},${one.shape},`);
    fs.writeFileSync(this.file('screens.csv'), `id,place,area,groups,notes\n${rows.join('\n')}\n`);
    fs.mkdirSync(this.file('config/gaoshi'), { recursive: true });
    fs.writeFileSync(this.file('config/gaoshi/publish.conf'), `[publisher]\norg = test\nkey = ${this.key}\nsender = 二七区应急管理局\ninventory = ${this.file('screens.csv')}\nzone = Asia/Shanghai\n[broker]\naddress = mqtt://127.0.0.1:${this.port}\n`);
  }

  startScreen(id) {
    const one = SCREENS[id];
    fs.writeFileSync(this.file(`${id}.conf`), `[screen]\norg = test\nid = ${id}\narea = ${one.area}\ngroups = ${one.shape}\nname = ${one.name}\n[glass]\nheight_mm = ${one.mm}\nviewing_distance_m = ${one.m}\nzone = Asia/Shanghai\n[broker]\naddress = mqtt://127.0.0.1:${this.port}\n[store]\npath = ${this.file(`${id}.db`)}\n[trust]\npanels = ${this.file('keys/gaoshi.pub.pem')}\nalerts = ${this.file('keys/gaoshi.pub.pem')}\ncommands = ${this.file('keys/gaoshi.pub.pem')}\n`);
    return this.start(id, path.join(this.bin, 'gaoshi-display'), ['run', '--config', this.file(`${id}.conf`), '--headless', one.size, '--show-drills', '--log-level', 'info'], { env: { SDL_VIDEODRIVER: 'offscreen' } });
  }

  // Answers the address that the console printed, with its token or without.
  async startConsole(name = 'console', ...words) {
    const child = this.start(name, path.join(this.bin, 'gaoshi-publish'), ['console', '--no-browser', ...words], { pipe: true });
    let said = '';
    child.addresses = [];
    child.stdout.on('data', (bytes) => {
      said += bytes;
      child.addresses = [...said.matchAll(/https?:\S+/g)].map((one) => one[0]);
    });
    await until(`${name} tells its address: ${fs.readFileSync(this.file(`${name}.log`))}`, () => child.addresses.length > 0 || child.exitCode !== null);
    if (child.exitCode !== null) throw new Error(fs.readFileSync(this.file(`${name}.log`), 'utf8'));
    return child.addresses[0];
  }

  async end() {
    for (const name of [...this.children.keys()].reverse()) await this.stop(name);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

// A request that says exactly what it is told to say.
export function ask(port, { method = 'GET', path: where = '/', headers = {}, body = null } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path: where, headers, agent: false, setHost: !('Host' in headers) }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(parts), text: Buffer.concat(parts).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });
}
