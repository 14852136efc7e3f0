// An operator's day at the console, in Chromium, with a broker and three
// screens: node drive.mjs BIN MODULES [FOLDER FOR PICTURES]
import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { Town, SCREENS, press, until } from './fixture.mjs';
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
  page.setDefaultTimeout(120000); // a machine under load
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(error.message));
  page.on('dialog', (dialog) => page.errors.push(`dialog ${dialog.message()}`));
  // A refused script or style of our own would be told here.
  page.on('console', (message) => { if (/Content Security|Refused to/.test(message.text())) page.errors.push(message.text()); });
  await page.setViewport(viewport);
  await page.goto(address);
  await page.waitForSelector('nav button');
  if (await page.evaluate(() => document.documentElement.lang) === 'en') await press(page, '#language');
  return page;
}

async function picture(page, name) {
  if (!pictures) return;
  await page.$$eval('#toasts p', (lines) => lines.forEach((line) => line.remove()));
  await page.screenshot({ path: path.join(pictures, `console-${name}.png`) });
}

// Every picture there has come.
async function loaded(page, selector) {
  await page.waitForFunction((one) => [...document.querySelectorAll(`${one} img`)].every((image) => image.complete && image.naturalWidth > 0), {}, selector);
}

async function part(page, name) {
  await press(page, `#tab-${name}`);
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

async function pushNotice(page, title, text, isAlone = true) {
  await part(page, 'programme');
  const before = await idsOf(page, '.panels li');
  await page.waitForSelector('select[name=kind]');
  await fill(page, 'input[name=title]', title);
  await fill(page, 'textarea[name=body]', text);
  for (const shape of ['landscape', 'portrait', 'strip']) await page.waitForFunction((name) => { const image = document.querySelector(`[data-shape=${name}] img`); return image && !image.hidden && image.naturalWidth > 0; }, {}, shape);
  await picture(page, 'panel-form');
  await press(page, 'form button.primary');
  const id = await lastId(page, '.panels li', before);
  if (!isAlone) return id; // its turn comes after all the others
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
  await press(page, `input[name=status][value=${actual ? 'actual' : 'exercise'}]`);
  await page.waitForSelector(actual ? 'form.actual' : 'form.drill');
  await press(page, `input[name=level][value=${level}]`);
  if (actual) {
    await press(page, 'form button.danger');
    await page.waitForSelector('input[name=confirm][aria-invalid=true]');
    await fill(page, 'input[name=confirm]', confirm);
  }
  await picture(page, actual ? 'alert-form' : 'drill-form');
  await press(page, 'form button[type=submit]');
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
  await press(page, 'input[name=level][value=red]');
  await fill(page, 'input[name=headline]', '水位超过警戒线');
  await fill(page, 'input[name=instruction]', '马上撤离到高处');
  await fill(page, 'input[name=confirm]', '红色');
  await press(page, 'form button[type=submit]');
  await page.waitForSelector(`article.l-red[data-id="${id}"]`);
  await until('the update is shown', async () => await count(page, id, 'reached') === 3);
  await picture(page, 'alert-updated');
  told('it is updated to red');
  await press(page, `article[data-id="${id}"] button.cancel`);
  await fill(page, 'dialog input', '水已退去');
  await picture(page, 'alert-cancel');
  await press(page, 'dialog button.danger');
  await page.waitForFunction((id) => document.querySelector(`article[data-id="${id}"]`).textContent.includes('解除通知'), {}, id);
  await until('the cancel came to three screens', async () => await count(page, id, 'reached') === 3);
  told('it is cancelled');
}

async function keyboardOnly(page) {
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
  await page.keyboard.press('Enter');
  await reach('the kind', () => document.activeElement.name === 'status');
  await page.keyboard.press('ArrowLeft');
  await reach('the level', () => document.activeElement.name === 'level');
  await page.keyboard.press('ArrowRight');
  await reach('the button', () => document.activeElement.type === 'submit' && document.activeElement.closest('form.card'));
  await page.keyboard.press('Enter');
  const id = await lastId(page, 'article.item', before);
  await until('the drill is shown', async () => await count(page, id, 'reached') === 3);
  await page.evaluate((one) => { window.wanted = one; }, id);
  await reach('cancel', () => document.activeElement.classList.contains('cancel') && document.activeElement.closest(`[data-id="${window.wanted}"]`));
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]');
  await reach('yes', () => document.activeElement.value === 'yes');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector(`article[data-id="${window.wanted}"]`).textContent.includes('解除通知'));
  told('an alert is raised and cancelled with the keyboard alone');
}

// What a person drops on the page: a file from the desktop.
async function dropFile(page, selector, file) {
  const bytes = [...fs.readFileSync(file)];
  await page.$eval(selector, (zone, bytes, name) => {
    const held = new DataTransfer();
    held.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
    for (const type of ['dragover', 'drop']) zone.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: held }));
  }, bytes, path.basename(file));
}

const bodyOf = (page, id) => page.evaluate(async (one) => (await fetch(`/api/panel?id=${one}`)).text(), id);

async function poster(page) {
  const file = town.file('poster.png');
  fs.writeFileSync(file, Buffer.from(await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(600, 800);
    const context = canvas.getContext('2d');
    const ground = context.createLinearGradient(0, 0, 0, 800);
    ground.addColorStop(0, '#1b4f8a');
    ground.addColorStop(1, '#0d2745');
    context.fillStyle = ground;
    context.fillRect(0, 0, 600, 800);
    context.fillStyle = '#f2b84b';
    context.beginPath();
    context.arc(300, 300, 170, 0, 7);
    context.fill();
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  })));
  await part(page, 'programme');
  const before = await idsOf(page, '.panels li');
  await page.waitForSelector('select[name=kind]');
  await page.select('select[name=kind]', 'poster');
  await fill(page, 'input[name=title]', '防汛宣传');
  await dropFile(page, '.drop', file);
  await page.waitForFunction(() => document.querySelector('.focus img')?.naturalWidth > 0);
  const focus = await page.$('.focus');
  await focus.click({ offset: { x: 20, y: 20 } });
  await page.keyboard.press('ArrowRight');
  // Nothing is lost by a reload, the picture and its point included.
  await page.reload();
  await page.waitForFunction(() => document.querySelector('.focus img')?.naturalWidth > 0);
  assert.equal(await page.$eval('input[name=title]', (node) => node.value), '防汛宣传');
  // Every day of the week from 08:00 to midnight, and back to the whole day.
  for (const day of ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']) await press(page, `input[name=days][value=${day}]`);
  await press(page, 'button[name=hours-add]');
  await page.$eval('input[name=hours-from]', (node) => { node.value = '00:00'; node.dispatchEvent(new Event('input', { bubbles: true })); });
  await page.$eval('input[name=hours-to]', (node) => { node.value = '00:00'; node.dispatchEvent(new Event('input', { bubbles: true })); });
  await page.waitForFunction(() => { const image = document.querySelector('[data-shape=landscape] img'); return image && !image.hidden; });
  await page.$eval('.schedule', (node) => node.scrollIntoView({ block: 'center' }));
  await picture(page, 'poster');
  await press(page, 'form button.primary');
  const id = await lastId(page, '.panels li', before);
  await until('the poster is shown', async () => await count(page, id, 'reached') === 3, 120000);
  const { panel } = JSON.parse(await bodyOf(page, id));
  assert.deepEqual(panel.schedule, { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], hours: ['00:00-24:00'] });
  assert.ok(panel.pictures[0].focus_x < 500 && panel.pictures[0].focus_y < 250, JSON.stringify(panel.pictures[0]));
  told('a poster with its focus point and a schedule is dropped in, survives a reload and is shown');
}

const today = () => new Date().toLocaleDateString('en-CA', { timeZone: 'Asia/Shanghai' });

async function runsOn(page, screen, day, words) {
  await page.select('section[aria-label="某日某屏的节目"] select', screen);
  await page.$eval('section[aria-label="某日某屏的节目"] input[type=date]', (node, day) => { node.value = day; node.dispatchEvent(new Event('input', { bubbles: true })); }, day);
  // Asked again: what was just pushed may not be in the answer yet.
  const table = 'section[aria-label="某日某屏的节目"] .table';
  let said = '';
  for (let tries = 0; tries < 6 && !said.includes(words); tries += 1) {
    await press(page, 'section[aria-label="某日某屏的节目"] button');
    await page.waitForFunction((table, words) => document.querySelector(table)?.textContent.includes(words), { timeout: 20000 }, table, words).catch(() => {});
    said = await page.$eval(table, (node) => node.textContent);
  }
  assert.ok(said.includes(words), `${screen} on ${day}: ${said}`);
}

// The calendar: a panel for one day alone, from 09:30 to 11:00.
async function schedule(page) {
  await part(page, 'programme');
  const before = await idsOf(page, '.panels li');
  await page.waitForSelector('select[name=kind]');
  await page.select('select[name=kind]', 'countdown');
  await fill(page, 'input[name=title]', '距离开幕');
  await page.$eval('input[name=until]', (node) => { node.value = '2031-05-01T10:00'; node.dispatchEvent(new Event('input', { bubbles: true })); });
  await press(page, '.calendar .after');
  const day = await page.$eval('.calendar [data-day]:nth-last-child(3)', (node) => { node.click(); return node.dataset.day; });
  await page.waitForSelector(`.calendar [data-day="${day}"][aria-pressed=true].runs`);
  assert.equal((await page.$$('.calendar .runs')).length, 1, 'the calendar colours that day alone');
  await press(page, 'button[name=hours-add]');
  await page.$eval('input[name=hours-from]', (node) => { node.value = '09:30'; node.dispatchEvent(new Event('input', { bubbles: true })); });
  await page.$eval('input[name=hours-to]', (node) => { node.value = '11:00'; node.dispatchEvent(new Event('input', { bubbles: true })); });
  await page.$eval('.calendar', (node) => node.scrollIntoView({ block: 'center' }));
  await picture(page, 'schedule');
  await press(page, 'form button.primary');
  const id = await lastId(page, '.panels li', before);
  assert.deepEqual(JSON.parse(await bodyOf(page, id)).panel.schedule, { dates: [day], hours: ['09:30-11:00'] });
  await runsOn(page, 'gate-1', day, '距离开幕');
  const row = await page.$$eval('section[aria-label="某日某屏的节目"] tr', (rows) => rows.find((one) => one.textContent.includes('距离开幕')).textContent);
  assert.match(row, /09:30–11:00/);
  await page.waitForFunction(() => [...document.querySelectorAll('section[aria-label="某日某屏的节目"] img')].every((image) => image.complete));
  await page.$eval('section[aria-label="某日某屏的节目"]', (node) => node.scrollIntoView({ block: 'end' }));
  await picture(page, 'day');
  await runsOn(page, 'gate-1', today(), '停水通知');
  assert.ok(!(await page.$eval('section[aria-label="某日某屏的节目"] .table', (node) => node.textContent)).includes('距离开幕'), 'it does not run today');
  told('a schedule made by calendar and hours runs on that day, in these hours');
  return id;
}

// Every field of a panel that somebody else wrote stays when the form changes
// one of them.
async function changeKeepsAll(page) {
  const file = town.file('rich.json');
  const rich = `{"gaoshi": 1, "kind": "panel", "id": "rich", "scope": "all", "expires": "2031-01-01T00:00:00+08:00", "panel": {
    "template": "figures", "section": "quality", "order": 40, "icon": "home", "title": "空气", "subtitle": "一季度", "stale_after_s": 600,
    "schedule": {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "hours": ["00:00-24:00"], "dates": ["workday", "restday"], "weight": 3, "stand_s": 4},
    "texts": {"en": {"title": "Air"}, "ug": {"title": "ھاۋا"}},
    "figures": [{"label": "优良天数", "qualifier": "约", "value": 123456789012.345, "unit": "天", "suffix": "以上", "note": "同比", "trend": "up"}, {"label": "水位", "value": 3.40, "unit": "米", "bind": "level-1"}],
    "lines": ["第一条", "第二条"]}}`;
  fs.writeFileSync(file, rich);
  town.publish('panel', 'push', file);
  await part(page, 'programme');
  await page.waitForSelector('[data-id=rich] button.edit');
  const before = await bodyOf(page, 'rich');
  await press(page, '[data-id=rich] button.edit');
  await page.waitForFunction(() => document.querySelector('form input[name=title]')?.value === '空气');
  await fill(page, 'input[name=title]', '空气质量');
  await picture(page, 'change');
  await press(page, 'form button.primary');
  await page.waitForFunction(() => [...document.querySelectorAll('[data-id=rich] .name')].some((node) => node.textContent === '空气质量'));
  const after = await bodyOf(page, 'rich');
  const lasting = ({ seq, issued, ...body }) => body;
  const wanted = lasting(JSON.parse(before));
  wanted.panel.title = '空气质量';
  assert.deepEqual(lasting(JSON.parse(after)), wanted);
  assert.match(after, /123456789012\.345/);
  // A picture that is on the broker alone stays, too.
  const id = await page.evaluate(() => [...document.querySelectorAll('.panels li')].find((node) => node.textContent.includes('防汛宣传')).dataset.id);
  const old = JSON.parse(await bodyOf(page, id)).panel;
  await press(page, `[data-id="${id}"] button.edit`);
  await page.waitForFunction(() => document.querySelector('form input[name=title]')?.value === '防汛宣传' && document.querySelector('.focus img')?.naturalWidth > 0);
  await fill(page, 'input[name=title]', '防汛知识');
  await press(page, 'form button.primary');
  await page.waitForFunction((one) => document.querySelector(`[data-id="${one}"] .name`)?.textContent === '防汛知识', {}, id);
  assert.deepEqual(JSON.parse(await bodyOf(page, id)).panel, { ...old, title: '防汛知识' });
  told('a change by the form loses no field');
}

// Each kind has its form, made from the schema: every required field is marked,
// and what is wrong is told beside its field in the person's language.
async function formOfEachKind(page) {
  await part(page, 'programme');
  await page.waitForSelector('select[name=kind]');
  const kinds = await page.$$eval('select[name=kind] option', (options) => options.map((one) => one.value));
  const schema = JSON.parse(fs.readFileSync(new URL('../../data/schema/panel.schema.json', import.meta.url)));
  assert.deepEqual([...kinds].sort(), [...schema.properties.template.enum].sort());
  for (const kind of kinds) {
    await page.select('select[name=kind]', kind);
    await page.waitForFunction((one) => document.querySelector('select[name=kind]').value === one, {}, kind);
    const rule = schema.allOf.find((each) => each.if.properties.template.const === kind).then;
    const labels = await page.$eval('form.card', (node) => node.textContent);
    assert.ok(!/[a-z]+_[a-z]+/.test(labels), `${kind}: a field without a name: ${labels.match(/[a-z]+_[a-z]+/)}`);
    for (const name of rule.required || []) assert.ok(await page.$(`form [name="${name}"], form [name^="${name}["]`), `${kind}: ${name}`);
  }
  await page.select('select[name=kind]', 'figure');
  await fill(page, 'input[name=title]', '气温');
  await fill(page, 'input[name="figures[0].unit"]', '度');
  await fill(page, 'input[name="figures[0].value"]', '十二');
  const beside = (name, words) => page.waitForFunction((one, words) => { const node = document.querySelector(`[name="${one}"]`); const wrong = document.getElementById(`${node?.id}-wrong`); return node?.getAttribute('aria-invalid') === 'true' && !wrong.hidden && wrong.textContent.includes(words); }, {}, name, words);
  await beside('figures[0].value', '应为数');
  await picture(page, 'field-error');
  await press(page, '#language');
  await page.waitForSelector('select[name=kind]');
  await press(page, 'form button.primary');
  await beside('figures[0].value', 'a number expected');
  await press(page, '#language');
  await page.waitForSelector('select[name=kind]');
  await fill(page, 'input[name="figures[0].value"]', '12.30');
  await page.waitForFunction(() => { const image = document.querySelector('[data-shape=landscape] img'); return image && !image.hidden; });
  await page.$$eval('form .actions button', (buttons) => buttons[1].click());
  await page.select('select[name=kind]', 'notice');
  told('each kind has a form; errors stand beside their fields in both languages');
}

async function orders(page) {
  const section = () => page.$$eval('ul[aria-label="综合"] li', (nodes) => nodes.map((node) => node.dataset.id));
  await part(page, 'programme');
  const first = await section();
  assert.ok(first.length >= 2);
  // The last one is dragged before the first one.
  const from = await page.$(`li[data-id="${first.at(-1)}"]`);
  const to = await page.$(`li[data-id="${first[0]}"]`);
  await from.evaluate((node) => node.scrollIntoView({ block: 'center' }));
  await page.evaluate((from, to) => {
    const held = new DataTransfer();
    from.dispatchEvent(new DragEvent('dragstart', { bubbles: true, dataTransfer: held }));
    for (const type of ['dragover', 'drop']) to.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: held }));
    from.dispatchEvent(new DragEvent('dragend', { bubbles: true, dataTransfer: held }));
  }, from, to);
  const dragged = [first.at(-1), ...first.slice(0, -1)];
  await until('the dragged panel is the first one', async () => JSON.stringify(await section()) === JSON.stringify(dragged));
  const order = async (id) => JSON.parse(await bodyOf(page, id)).panel.order;
  assert.equal(await order(dragged[0]), 10);
  assert.equal(await order(dragged[1]), 20);
  // And back by the keyboard, one place.
  await page.focus(`li[data-id="${dragged[0]}"] button.later`);
  await page.keyboard.press('Enter');
  await until('a key moves it one place later', async () => JSON.stringify((await section()).slice(0, 2)) === JSON.stringify([dragged[1], dragged[0]]));
  await picture(page, 'order');
  told('the order changes by dragging and by the keyboard');
}

// Commands to one real screen, and what it showed.
async function oneScreen(page) {
  await page.evaluate(() => { location.hash = 'screens/lobby-1'; });
  const held = await page.waitForSelector('button[name=identify]');
  const journal = async () => fs.readFileSync(town.file('state/gaoshi/console.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line)).filter((one) => one.what === 'done');
  const command = async (name, words, after = async () => {}) => {
    const before = (await journal()).length;
    await press(page, `button[name=${name}]`);
    await after();
    // What was asked before may end meanwhile.
    const asked = (one) => words.every((word, index) => one.words[index] === word);
    const done = await until(`${name} is done`, async () => (await journal()).slice(before).find(asked), 120000);
    assert.equal(done.code, 0, `${name}: ${done.said}`);
  };
  await command('screenshot', ['command', 'lobby-1', 'screenshot']);
  await page.waitForFunction(() => document.querySelector('.real img')?.naturalWidth === 1920);
  await picture(page, 'screen');
  // A command is done when the screen itself has answered.
  await command('identify', ['command', 'lobby-1', 'identify']);
  await command('nighton', ['command', 'lobby-1', 'night', 'on']);
  await command('nightoff', ['command', 'lobby-1', 'night', 'off']);
  const run = async () => page.evaluate(async () => (await (await fetch('/api/screen?id=lobby-1')).json()).uptime_s || 0);
  const ran = await run();
  await command('restart', ['command', 'lobby-1', 'restart'], async () => {
    await page.waitForSelector('dialog[open]');
    await press(page, 'dialog button.danger');
  });
  // Whoever runs the program starts it again; here that is the test.
  await town.children.get('lobby-1').ended;
  town.children.delete('lobby-1');
  town.startScreen('lobby-1');
  await until('the screen is back with a new run', async () => await run() < ran || (await page.$eval('.tag.state0', () => true).catch(() => false)));
  assert.ok(await held.evaluate((node) => node.isConnected), 'a button stays while the screen tells its state');
  told('identify, screenshot, night and restart reach the glass');
  const before = (await journal()).length;
  await press(page, 'button[name=plays]');
  await page.waitForFunction(() => document.querySelector('section[aria-label="播放记录"] tbody tr'), { timeout: 120000 });
  assert.ok((await journal()).length > before);
  assert.match(await page.$eval('section[aria-label="播放记录"] .chain', (node) => node.textContent), /记录完整/);
  await page.$eval('section[aria-label="播放记录"]', (node) => node.scrollIntoView());
  await picture(page, 'history');
  const folder = town.file('downloads');
  fs.mkdirSync(folder, { recursive: true });
  const client = await page.createCDPSession();
  await client.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, browserContextId: page.browserContext().id });
  for (const [name, looks] of [['csv', /^from,to,seconds,what,id,seq,clock,note\n.*panel/s], ['json', /"plays":\s*\[/]]) {
    await press(page, `button[name=plays-${name}]`);
    const file = path.join(folder, `lobby-1-${today()}.${name}`);
    await until(`the export as ${name}`, async () => fs.existsSync(file) && fs.statSync(file).size > 0, 120000);
    assert.match(fs.readFileSync(file, 'utf8'), looks);
  }
  told('what it showed is told and exported as CSV and JSON');
}

// Alerts of a CAP folder and of others stand beside one's own; a drill looks
// different wherever it is.
async function otherAlerts(page) {
  const cap = town.file('warning.xml');
  fs.writeFileSync(cap, `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>cap-test-1</identifier><sender>met@example.org</sender><sent>${new Date(Date.now() - 60000).toISOString().slice(0, 19)}-00:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info><language>zh-CN</language><category>Met</category><event>大风</event><responseType>Shelter</responseType><urgency>Immediate</urgency><severity>Moderate</severity><certainty>Likely</certainty><expires>${new Date(Date.now() + 3600000).toISOString().slice(0, 19)}-00:00</expires><senderName>气象台</senderName><headline>大风预警</headline><instruction>远离广告牌</instruction><area><areaDesc>二七区</areaDesc></area></info></alert>`);
  const drill = await raise(page, { actual: false, level: 'red' });
  await until('the drill is shown', async () => await count(page, drill, 'reached') === 3);
  await part(page, 'now');
  await page.waitForSelector('.tile.exercise');
  await loaded(page, '.tile');
  await picture(page, 'now-drill');
  town.publish('cap', 'import', cap, '--scope=all', '--yes');
  await page.waitForSelector('#ribbon .actual');
  await page.waitForSelector('#ribbon .drill');
  await page.waitForSelector('.tile.actual');
  await part(page, 'alert');
  await page.waitForFunction(() => [...document.querySelectorAll('article.item')].some((node) => node.textContent.includes('CAP 文件夹') && node.textContent.includes('大风')));
  const look = (selector) => page.$eval(selector, (node) => { const style = getComputedStyle(node); return [style.borderTopStyle, style.backgroundColor].join(' '); });
  const actual = await page.$$eval('article.item', (nodes) => nodes.find((node) => node.textContent.includes('大风')).dataset.id);
  assert.notEqual(await look(`article[data-id="${drill}"]`), await look(`article[data-id="${actual}"]`));
  assert.match(await page.$eval(`article[data-id="${drill}"] .tag`, (node) => node.textContent), /演练/);
  await page.$eval('.in-force', (node) => node.scrollIntoView());
  await page.waitForFunction(() => [...document.querySelectorAll('.in-force img')].every((image) => image.complete));
  await picture(page, 'alerts-beside');
  await part(page, 'alert');
  for (const id of [drill, actual]) {
    await press(page, `article[data-id="${id}"] button.cancel`);
    await press(page, 'dialog button.danger');
    await page.waitForFunction((one) => document.querySelector(`article[data-id="${one}"]`)?.textContent.includes('解除通知'), {}, id);
  }
  told('alerts of a CAP folder stand beside a drill, which looks different everywhere');
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
  await page.waitForSelector('select[name=kind]');
  await page.select('select[name=kind]', 'notice');
  await fill(page, 'input[name=title]', '等待中的通知');
  await fill(page, 'textarea[name=body]', '中间件不在时写的。');
  await page.reload();
  await page.waitForSelector('textarea[name=body]');
  assert.equal(await page.$eval('textarea[name=body]', (node) => node.value), '中间件不在时写的。');
  await press(page, 'form button.primary');
  await page.waitForFunction(() => document.querySelector('section[aria-label="发件箱里等待的消息"]').textContent.includes('等待中的通知'));
  await picture(page, 'broker-away');
  await town.startBroker();
  await page.waitForSelector('.line.up');
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
  const id = await pushNotice(page, hostile.slice(0, 40), hostile, false);
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
  browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--lang=zh-CN'], env: { ...process.env, LANGUAGE: 'zh_CN' } });
  const page = await open(await town.startConsole());
  await until('three screens are up', async () => (await page.$$('.tile.c0')).length === 3);
  const notice = await pushNotice(page, '停水通知', '明天八点到十点停水。');
  told('a notice goes from the form to three screens');
  await part(page, 'now');
  await page.waitForFunction(() => [...document.querySelectorAll('.tile img')].filter((image) => image.alt.includes('停水通知') && image.naturalWidth > 0).length === 3);
  await picture(page, 'now');
  for (const [index, [screen]] of Object.entries(SCREENS).entries()) await glassIs(page, screen, `panel/${notice}`, index);
  told('the preview is the glass, for three shapes');
  await alertDay(page);
  await keyboardOnly(page);
  await formOfEachKind(page);
  await poster(page);
  await schedule(page);
  await changeKeepsAll(page);
  await orders(page);
  await otherAlerts(page);
  await oneScreen(page);
  const second = await open(await town.startConsole('second'));
  await part(second, 'programme');
  await second.waitForFunction(() => [...document.querySelectorAll('.panels .name')].some((node) => node.textContent === '停水通知'));
  told('a second console knows the same');
  await downAndBack(page);
  for (const name of ['now', 'alert', 'programme', 'screens']) {
    await part(page, name);
    await accessible(page, name);
  }
  await press(page, '#language');
  await part(page, 'alert');
  await press(page, 'input[name=status][value=actual]');
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
  await press(page, '#language');
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
