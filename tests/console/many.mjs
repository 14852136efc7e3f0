// By hand: 10,000 screens on the page. node many.mjs BIN MODULES [SCREENS]
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createRequire } from 'node:module';
import { Town, until } from './fixture.mjs';

const [bin, modules, wanted = '10000'] = process.argv.slice(2);
const screens = String(Number(wanted) + 3); // with those of the inventory
const puppeteer = createRequire(`${path.resolve(modules)}/`)('puppeteer-core');
const town = new Town(path.resolve(bin));

function field(bytes) { return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]); }

function packet(type, body) {
  const length = [];
  let left = body.length;
  do { length.push((left & 127) | (left > 127 ? 128 : 0)); left >>= 7; } while (left > 0);
  return Buffer.concat([Buffer.from([type, ...length]), body]);
}

// Retained presences and states, with QoS 0.
async function publishAll(count) {
  const socket = net.connect(town.port, '127.0.0.1');
  socket.write(packet(0x10, Buffer.concat([field(Buffer.from('MQTT')), Buffer.from([4, 2, 0, 60]), field(Buffer.from('many'))])));
  await new Promise((resolve) => { socket.once('data', resolve); });
  const say = async (topic, object) => {
    if (!socket.write(packet(0x31, Buffer.concat([field(Buffer.from(topic)), Buffer.from(JSON.stringify(object))])))) await new Promise((resolve) => { socket.once('drain', resolve); });
  };
  for (let i = 0; i < count; i += 1) {
    const screen = `s-${String(i).padStart(5, '0')}`;
    const at = Date.now();
    await say(`gaoshi/1/test/screen/${screen}/presence`, { gaoshi: 1, presence: i % 50 ? 'online' : 'offline', screen, version: '0.1.0', run: i + 1, at_ms: at });
    await say(`gaoshi/1/test/screen/${screen}/state`, { gaoshi: 1, screen, version: '0.1.0', showing: 'plain', showing_seq: 0, since_ms: at, run: i + 1, area: '410103001002', groups: ['landscape', 'portrait', 'strip'][i % 3], panels: 12, alerts: 0, live: [], shown: [], missing: 0, frozen: false, clock_trusted: true, store_ok: true, news_ms: at, frames: 1000, uptime_s: 100, system: 'Linux 6.1 aarch64', at_ms: at });
  }
  socket.write(packet(0xe0, Buffer.alloc(0)));
  socket.end();
}

const memory = (pid) => Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

await town.startBroker();
town.prepare();
await publishAll(Number(wanted));
const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--lang=zh-CN'] });
try {
  const address = await town.startConsole();
  const page = await browser.newPage();
  page.setDefaultTimeout(120000);
  await page.setViewport({ width: 1440, height: 900 });
  await page.goto(address);
  await page.waitForFunction((count) => document.querySelector('[data-condition=""]').textContent.includes(count), { timeout: 120000 }, screens);
  const used = () => { const words = fs.readFileSync(`/proc/${town.children.get('console').pid}/stat`, 'utf8').split(') ')[1].split(' '); return 10 * (Number(words[11]) + Number(words[12])); };
  const before = used();
  const start = Date.now();
  await page.reload({ waitUntil: 'domcontentloaded' });
  await page.waitForFunction((count) => document.querySelector('[data-condition=""]')?.textContent.includes(count) && document.querySelectorAll('.tile').length > 0, { polling: 10 }, screens);
  console.log(`first view of ${screens} screens: ${Date.now() - start} ms, of it ${used() - before} ms of the console's processor time`);
  // Of the phases as the browser has them: when each began and how long it took.
  for (const line of await page.evaluate(() => performance.getEntriesByType('resource').filter((one) => /\/api\/(start|screens|messages)|\.js/.test(one.name)).map((one) => `  ${new URL(one.name).pathname}: at ${one.startTime.toFixed(0)} ms, answered after ${(one.responseStart - one.startTime).toFixed(0)} ms, read in ${(one.responseEnd - one.responseStart).toFixed(0)} ms`))) console.log(line);
  console.log(`tiles that exist: ${(await page.$$('.tile')).length}`);
  const typed = Date.now();
  await page.type('input[type=search]', 's-09999');
  await page.waitForFunction(() => document.querySelectorAll('.tile').length === 1);
  console.log(`filtered by seven keys: ${Date.now() - typed} ms`);
  // From a key in the form of an alert to the picture of 1920x1080, halved.
  await page.click('#tab-alert');
  await page.waitForFunction(() => { const image = document.querySelector('[data-shape=landscape] img'); return image && !image.hidden; });
  const keys = await page.evaluate(async () => {
    const field = document.querySelector('input[name=headline]');
    const image = document.querySelector('[data-shape=landscape] img');
    const found = [];
    for (let i = 0; i < 30; i += 1) {
      performance.clearResourceTimings();
      const shown = new Promise((resolve) => { image.addEventListener('load', () => resolve(performance.now()), { once: true }); });
      const pressed = performance.now();
      field.value = `水位上涨${'一二三四五六七八九十'.slice(0, 1 + (i % 10))}`;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      const end = await shown;
      const [asked] = performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/api/preview'));
      // The other shapes are drawn before the next key.
      const latest = end + 1000;
      await new Promise((resolve) => { const look = () => (performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/api/preview')).length >= 3 || performance.now() > latest ? resolve() : setTimeout(look, 10)); look(); });
      if (asked) found.push([end - pressed, asked.requestStart - pressed, asked.responseStart - asked.requestStart, asked.responseEnd - asked.responseStart, end - asked.responseEnd]);
    }
    return found.sort((a, b) => a[0] - b[0]);
  });
  const say = (row) => `${row[0].toFixed(0)} ms (to the request ${row[1].toFixed(0)}, composed and drawn ${row[2].toFixed(0)}, sent ${row[3].toFixed(0)}, on the page ${row[4].toFixed(0)})`;
  console.log(`a key to the picture: least ${say(keys[0])}; median ${say(keys[keys.length >> 1])}`);
  console.log(`console: ${memory(town.children.get('console').pid).toFixed(0)} MiB at most`);
} finally {
  await browser.close();
  await town.end();
}
