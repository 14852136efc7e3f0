// An operator's day at the console, in Chromium, with a broker and three
// screens: node drive.mjs BIN MODULES [FOLDER FOR PICTURES]
import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { Town, SCREENS, until } from './fixture.mjs';
import { checkNetwork } from './network.mjs';
import { checkSecurity } from './security.mjs';

const [bin, modules, pictures] = process.argv.slice(2);
const require = createRequire(`${path.resolve(modules)}/`);
const puppeteer = require('puppeteer-core');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const town = new Town(path.resolve(bin));
let browser;
const hostile = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>';

function told(text) { console.log(`  ${text}`); }

async function open(address, viewport = { width: 1440, height: 900 }) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(error.message));
  page.on('dialog', (dialog) => page.errors.push(`dialog ${dialog.message()}`));
  // A refused script or style of our own would be told here.
  page.on('console', (message) => { if (/Content Security|Refused to/.test(message.text())) page.errors.push(message.text()); });
  await page.setViewport(viewport);
  await page.goto(address);
  await page.waitForSelector('nav button');
  if (await page.evaluate(() => document.documentElement.lang) === 'en') await page.click('#language');
  return page;
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: path.join(pictures, `console-${name}.png`) });
}

async function part(page, name) {
  await page.click(`#tab-${name}`);
  await page.waitForFunction((id) => document.querySelector(`#${id}`).getAttribute('aria-current') === 'page', {}, `tab-${name}`);
}

async function fill(page, selector, text) {
  await page.waitForSelector(selector);
  await page.$eval(selector, (node) => { node.value = ''; node.dispatchEvent(new Event('input', { bubbles: true })); });
  await page.type(selector, text);
}

const count = (page, id, name) => page.evaluate((id, name) => { const one = document.querySelector(`.tally[data-id="${id}"] .n-${name}`); return one ? Number(one.textContent) : -1; }, id, name);

// Violations of WCAG 2.2 AA; one object of a page may be broken in many ways.
async function accessible(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.equal(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`).join('\n'), '', `axe: ${name}`);
}

async function fits(page, name) {
  const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(content <= width, `${name}: ${content} of ${width} pixels wide`);
}

async function lastId(page, selector, before) {
  return until(`a new entry in ${selector}`, async () => (await page.$$eval(selector, (nodes) => nodes.map((node) => node.dataset.id))).find((id) => !before.includes(id)));
}

const idsOf = (page, selector) => page.$$eval(selector, (nodes) => nodes.map((node) => node.dataset.id));

async function pushNotice(page, title, text) {
  await part(page, 'programme');
  const before = await idsOf(page, '.panels li');
  await fill(page, 'input[name=title]', title);
  await fill(page, 'textarea[name=body]', text);
  for (const shape of ['landscape', 'portrait', 'strip']) await page.waitForFunction((name) => { const image = document.querySelector(`[data-shape=${name}] img`); return image && !image.hidden && image.naturalWidth > 0; }, {}, shape);
  await picture(page, 'panel-form');
  await page.click('form button.primary');
  const id = await lastId(page, '.panels li', before);
  await until(`${id} is shown on three screens`, async () => await count(page, id, 'reached') === 3);
  await picture(page, 'panel-shown');
  return id;
}

// The pixels of two pictures that the page fetches; both at one minute.
async function glassIs(page, screen, slot, shape) {
  return until(`the preview of ${screen} is its glass`, async () => {
    const differs = await page.evaluate(async (screen, slot, shape) => {
      const start = await (await fetch('/api/start')).json();
      const pixels = async (response) => {
        if (!response.ok) throw new Error(await response.text());
        const bitmap = await createImageBitmap(await response.blob(), { colorSpaceConversion: 'none' });
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d');
        context.drawImage(bitmap, 0, 0);
        return { width: bitmap.width, data: context.getImageData(0, 0, bitmap.width, bitmap.height).data };
      };
      try {
        const glass = await pixels(await fetch('/api/command', { method: 'POST', headers: { 'X-Gaoshi-Check': start.check }, body: JSON.stringify({ screen, verb: 'screenshot' }) }));
        // A message of several pages: whichever stands there.
        let said = '';
        for (let page = 1, pages = 1; page <= pages; page += 1) {
          const response = await fetch(`/api/picture?slot=${slot}&shape=${shape}&shrink=1&screen=${screen}&page=${page}`);
          pages = Number(response.headers.get('X-Gaoshi-Pages'));
          const drawn = await pixels(response);
          if (glass.width !== drawn.width || glass.data.length !== drawn.data.length) return `sizes ${glass.width} ${drawn.width}`;
          let count = 0;
          for (let i = 0; i < glass.data.length; i += 1) count += glass.data[i] !== drawn.data[i];
          if (count === 0) return '';
          said += `page ${page}: ${count} bytes differ; `;
        }
        return said;
      } catch (error) { return error.message; }
    }, screen, slot, shape);
    if (differs) told(`${screen}: ${differs.slice(0, 200)}`);
    return differs === '';
  }, 120000);
}

async function raise(page, { actual, level, confirm }) {
  await part(page, 'alert');
  const before = await idsOf(page, 'article.item');
  await page.click(`input[name=status][value=${actual ? 'actual' : 'exercise'}]`);
  await page.waitForSelector(actual ? 'form.actual' : 'form.drill');
  await page.click(`input[name=level][value=${level}]`);
  if (actual) {
    await page.click('form button.danger');
    await page.waitForSelector('input[name=confirm][aria-invalid=true]');
    await fill(page, 'input[name=confirm]', confirm);
  }
  await picture(page, actual ? 'alert-form' : 'drill-form');
  await page.click('form button[type=submit]');
  return lastId(page, 'article.item', before);
}

async function alertDay(page) {
  const id = await raise(page, { actual: true, level: 'orange', confirm: '橙色' });
  await until('the alert is shown on three screens', async () => await count(page, id, 'reached') === 3);
  await picture(page, 'alert-shown');
  told('a flood alert is raised and shown');
  await page.$$eval(`article[data-id="${id}"] button`, (buttons) => buttons.find((one) => one.textContent === '更新').click());
  await page.waitForFunction((text) => document.querySelector('form h2').textContent.includes(text), {}, id);
  await page.select('form select', 'flood');
  await page.click('input[name=level][value=red]');
  await fill(page, 'input[name=headline]', '水位超过警戒线');
  await fill(page, 'input[name=instruction]', '马上撤离到高处');
  await fill(page, 'input[name=confirm]', '红色');
  await page.click('form button[type=submit]');
  await page.waitForSelector(`article.l-red[data-id="${id}"]`);
  await until('the update is shown', async () => await count(page, id, 'reached') === 3);
  await picture(page, 'alert-updated');
  told('it is updated to red');
  await page.click(`article[data-id="${id}"] button.cancel`);
  await fill(page, 'dialog input', '水已退去');
  await picture(page, 'alert-cancel');
  await page.click('dialog button.danger');
  await page.waitForFunction((id) => document.querySelector(`article[data-id="${id}"]`).textContent.includes('已解除'), {}, id);
  await until('the cancel came to three screens', async () => await count(page, id, 'reached') === 3);
  told('it is cancelled');
}

async function keyboardOnly(page) {
  const press = async (key, times = 1) => { for (let i = 0; i < times; i += 1) await page.keyboard.press(key); };
  const reach = async (what, holds) => {
    for (let i = 0; i < 120; i += 1) {
      if (await page.evaluate(holds)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`the keyboard does not reach ${what}`);
  };
  const before = await idsOf(page, 'article.item');
  await page.evaluate(() => document.activeElement.blur());
  await reach('the part', () => document.activeElement.id === 'tab-alert');
  await press('Enter');
  await reach('the kind', () => document.activeElement.name === 'status');
  await press('ArrowLeft');
  await reach('the level', () => document.activeElement.name === 'level');
  await press('ArrowRight');
  await reach('the button', () => document.activeElement.type === 'submit' && document.activeElement.closest('form.card'));
  await press('Enter');
  const id = await lastId(page, 'article.item', before);
  await until('the drill is shown', async () => await count(page, id, 'reached') === 3);
  await page.evaluate((one) => { window.wanted = one; }, id);
  await reach('cancel', () => document.activeElement.classList.contains('cancel') && document.activeElement.closest(`[data-id="${window.wanted}"]`));
  await press('Enter');
  await page.waitForSelector('dialog[open]');
  await reach('yes', () => document.activeElement.value === 'yes');
  await press('Enter');
  await page.waitForFunction(() => document.querySelector(`article[data-id="${window.wanted}"]`).textContent.includes('已解除'));
  told('an alert is raised and cancelled with the keyboard alone');
}

async function poster(page) {
  const file = town.file('poster.png');
  await page.evaluate(() => {});
  town.publish('panel', 'list');
  fs.writeFileSync(file, Buffer.from(await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(600, 800);
    const context = canvas.getContext('2d');
    context.fillStyle = '#1b4f8a';
    context.fillRect(0, 0, 600, 800);
    context.fillStyle = '#f2b84b';
    context.fillRect(100, 100, 400, 300);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  })));
  await part(page, 'programme');
  const before = await idsOf(page, '.panels li');
  await page.select('form select', 'poster');
  await fill(page, 'input[name=title]', '防汛宣传');
  await (await page.$('input[name=pictures]')).uploadFile(file);
  await page.waitForSelector('.focus img');
  await page.click('.focus');
  // A schedule: every day of the week but Sunday, 00:00 to 24:00.
  for (const day of ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']) await page.click(`input[name=days][value=${day}]`);
  await fill(page, 'input[name=hours]', '00:00-24:00');
  await page.waitForFunction(() => { const image = document.querySelector('[data-shape=landscape] img'); return image && !image.hidden; });
  await picture(page, 'poster');
  await page.click('form button.primary');
  const id = await lastId(page, '.panels li', before);
  await until('the poster is shown', async () => await count(page, id, 'reached') === 3, 120000);
  const body = await page.evaluate(async (one) => (await fetch(`/api/panel?id=${one}`)).json(), id);
  assert.deepEqual(body.panel.schedule, { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], hours: ['00:00-24:00'] });
  await page.click('section[aria-label="某日某屏的节目"] button');
  await page.waitForFunction(() => document.querySelector('section[aria-label="某日某屏的节目"] table')?.textContent.includes('防汛宣传'));
  told('a poster with a schedule is dropped in and shown; the day tells it');
}

async function downAndBack(page) {
  await part(page, 'now');
  await page.waitForSelector('[data-screen=gate-1].c0');
  const start = Date.now();
  await town.stop('gate-1', 'SIGKILL');
  await page.waitForSelector('[data-screen=gate-1].c2');
  const took = Date.now() - start;
  assert.ok(took < 5000, `a killed screen stands as down after ${took} ms`);
  assert.equal(await page.$eval('.tile', (node) => [...document.querySelectorAll('.tile')].sort((a, b) => a.offsetTop - b.offsetTop || a.offsetLeft - b.offsetLeft)[0].dataset.screen), 'gate-1', 'down ones stand first');
  await picture(page, 'screen-down');
  town.startScreen('gate-1');
  await page.waitForSelector('[data-screen=gate-1].c0');
  told(`a killed screen stands as down after ${took} ms, and comes back`);
  await town.stop('broker');
  await page.waitForSelector('.line.down');
  // What is written meanwhile waits, and nothing of the form is lost.
  await part(page, 'programme');
  await fill(page, 'input[name=title]', '等待中的通知');
  await page.select('form select', 'notice');
  await fill(page, 'textarea[name=body]', '中间件不在时写的。');
  await page.reload();
  await page.waitForSelector('textarea[name=body]');
  assert.equal(await page.$eval('textarea[name=body]', (node) => node.value), '中间件不在时写的。');
  await page.click('form button.primary');
  await page.waitForFunction(() => document.querySelector('section[aria-label="发件箱里等待的消息"]').textContent.includes('等待中的通知'));
  await picture(page, 'broker-away');
  await town.startBroker();
  await page.waitForSelector('.line.up');
  await page.waitForFunction(() => [...document.querySelectorAll('.panels .name')].length === 0 || true);
  await page.$$eval('section[aria-label="发件箱里等待的消息"] button.primary', ([button]) => button.click());
  await page.waitForFunction(() => [...document.querySelectorAll('.panels .name')].some((node) => node.textContent === '等待中的通知'));
  told('the broker is away and back; what waited is sent');
}

async function hostileTexts(page) {
  // A screen whose id is no identifier is not heard; one with evil texts is.
  const texts = { gaoshi: 1, screen: 'evil-1', version: hostile, showing: hostile, showing_seq: 1, groups: hostile, area: hostile, panels: 0, alerts: 0, clock_trusted: true, store_ok: true, last_error: hostile, system: hostile, at_ms: Date.now() };
  town.start('evil', 'mosquitto_pub', ['-h', '127.0.0.1', '-p', String(town.port), '-t', 'gaoshi/1/test/screen/evil-1/state', '-r', '-m', JSON.stringify(texts)]);
  await part(page, 'now');
  await page.waitForSelector('[data-screen=evil-1]');
  await page.evaluate(() => { location.hash = 'screens/evil-1'; });
  await page.waitForSelector('dl');
  assert.ok((await page.$eval('dl', (node) => node.textContent)).includes(hostile), 'it is shown as text');
  const id = await pushNotice(page, hostile.slice(0, 40), hostile);
  const [{ seq }] = await page.evaluate(async (one) => (await (await fetch('/api/messages')).json()).panels.filter((each) => each.id === one), id);
  town.start('evil-receipt', 'mosquitto_pub', ['-h', '127.0.0.1', '-p', String(town.port), '-t', 'gaoshi/1/test/screen/street-1/receipt', '-m', JSON.stringify({ gaoshi: 1, event: 'refused', message: id, screen: 'evil-1', seq, at_ms: Date.now(), reason: hostile.slice(0, 30), text: hostile })]);
  for (const name of ['now', 'alert', 'programme', 'screens']) await part(page, name);
  assert.equal(await page.evaluate(() => window.hit), undefined, 'a script ran');
  told('scripts in texts of panels, screens and receipts are words');
}

async function main() {
  await town.startBroker();
  town.prepare();
  const outside = await town.startConsole();
  await checkSecurity(town, outside);
  told('whoever is not at the page can do nothing');
  await town.stop('console');
  for (const id of Object.keys(SCREENS)) town.startScreen(id);
  browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await open(await town.startConsole());
  await until('three screens are up', async () => (await page.$$('.tile.c0')).length === 3);
  await picture(page, 'now');
  const notice = await pushNotice(page, '停水通知', '明天八点到十点停水。');
  told('a notice goes from the form to three screens');
  for (const [index, [screen]] of Object.entries(SCREENS).entries()) await glassIs(page, screen, `panel/${notice}`, index);
  told('the preview is the glass, for three shapes');
  await alertDay(page);
  await keyboardOnly(page);
  await poster(page);
  const second = await open(await town.startConsole('second'));
  await part(second, 'programme');
  await second.waitForFunction(() => [...document.querySelectorAll('.panels .name')].some((node) => node.textContent === '停水通知'));
  told('a second console knows the same');
  await downAndBack(page);
  for (const name of ['now', 'alert', 'programme', 'screens']) {
    await part(page, name);
    await accessible(page, name);
  }
  await page.click('#language');
  await part(page, 'alert');
  await page.click('input[name=status][value=actual]');
  await accessible(page, 'an actual alert, in English');
  told('axe finds nothing');
  await page.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true });
  for (const name of ['now', 'alert', 'programme', 'screens']) {
    await part(page, name);
    await fits(page, name);
    await picture(page, `phone-${name}`);
  }
  told('a phone does not scroll sideways');
  await page.setViewport({ width: 1440, height: 900 });
  await page.click('#language');
  await hostileTexts(page);
  await checkNetwork({ town, browser, told, accessible, fits, picture });
  assert.deepEqual([...page.errors, ...second.errors], []);
}

main().then(() => { console.log('good'); }, async (error) => {
  console.log(error, [...town.children].map(([name, child]) => `${name} ${child.exitCode} ${child.signalCode}`).join(', '));
  process.exitCode = 1;
  if (browser) for (const page of await browser.pages()) await page.screenshot({ path: '/tmp/gaoshi-console-failure.png' }).catch(() => {});
  if (fs.existsSync(town.file('console.log'))) console.log(fs.readFileSync(town.file('console.log'), 'utf8').slice(-2000));
}).finally(async () => {
  if (browser) await browser.close();
  await town.end();
});
