// The page's frame: what the server says, what stands in the forms, and which
// part is shown. Everything is built from text nodes: nothing that a person or
// a screen wrote is ever read as HTML.
import { t, useLanguage, language } from './words.js';
import { PARTS } from './parts.js';
import { showEach, showWords } from './pieces.js';
import { readApprovals, showPeople, waiting } from './approvals.js';

export const state = {
  start: null, // what /api/start said
  screens: new Map(), // id → row, see SCREEN
  alerts: [], panels: [], tallies: [],
  line: { connected: false },
  away: false, // the console itself does not answer
};

// Places of a row of /api/screens.
export const SCREEN = {
  id: 0, place: 1, area: 2, groups: 3, condition: 4, showing: 5, seq: 6,
  at: 7, notes: 8, light: 9, notes_zh: 10,
};

// What is wrong with a screen, in the language of the page.
export const notesOf = (row) => row[language() === 'en' ? SCREEN.notes : SCREEN.notes_zh];
export const CONDITIONS = ['up', 'old', 'offline', 'silent'];

// Whether the person at the page may do something: sees, panels or alerts. The
// server asks the same of each request.
export function may(role) {
  return state.start.roles[role];
}

// h('button', {class: 'plain', onclick: …}, 'text', node)
export function h(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key in node && typeof value !== 'string' && key !== 'list') node[key] = value;
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export class Refusal extends Error {
  constructor(field, text, answer) {
    super(text);
    this.field = field;
    this.answer = answer;
  }
}

async function refusal(response) {
  if (response.status === 401) location.reload(); // the login has ended
  let answer = null;
  try { answer = await response.json(); } catch { /* a text */ }
  const problem = answer && answer.problem;
  // A command that sent and got no full answer says who did not, on its output.
  const said = problem ? problem.text : answer && (answer.said || answer.out);
  return new Refusal(problem ? problem.field : '', said || `${response.status}`, answer);
}

// The console tells problems in this language.
function inLanguage() {
  return { 'Accept-Language': language() === 'en' ? 'en' : 'zh-CN' };
}

export async function get(path, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  const response = await fetch(query ? `${path}?${query}` : path, { headers: inLanguage() });
  if (!response.ok) throw await refusal(response);
  return response;
}

export async function getJson(path, parameters) {
  return (await get(path, parameters)).json();
}

export async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { ...inLanguage(), 'X-Gaoshi-Check': state.start.check },
    body: body instanceof Blob ? body : JSON.stringify(body),
  });
  if (!response.ok) throw await refusal(response);
  return response;
}

export function toast(text, bad = false) {
  const line = h('p', { class: bad ? 'bad' : '', role: bad ? 'alert' : null }, text);
  document.getElementById('toasts').append(line);
  setTimeout(() => line.remove(), bad ? 20000 : 6000);
}

// What a command answered, told to the person. True: it was sent.
export async function send(path, body) {
  try {
    const answer = await (await post(path, body)).json();
    toast(waiting(answer) || `${t('sent')}${answer.id ? `: ${answer.id}` : ''}`);
    return answer;
  } catch (error) {
    if (error.answer && error.answer.code === 3) {
      toast(`${t('kept')}\n${error.message}`, true);
      return error.answer;
    }
    toast(error instanceof Refusal ? `${t('failed')}: ${error.message}` : t('away_kept'), true);
    return null;
  }
}

// Times are those of the operator's zone, which the commands use, too.
function zone() {
  return state.start.zone || undefined;
}

export function clock(ms, seconds = false) {
  if (!ms) return '–';
  const finer = seconds ? { second: '2-digit' } : {};
  const place = { timeZone: zone() };
  const day = (at) => new Date(at).toLocaleDateString('en-CA', place);
  return new Date(ms).toLocaleString(language() === 'en' ? 'en-GB' : 'zh-CN', day(ms) === day(Date.now())
    ? { hour: '2-digit', minute: '2-digit', ...finer, ...place }
    : { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', ...finer, ...place });
}

// 2021-07-20 in that zone.
export function today() {
  return new Date().toLocaleDateString('en-CA', { timeZone: zone() });
}

// The time of a control (2021-07-20T18:30) with the zone's offset then, as the
// protocol has it.
export function withOffset(local) {
  if (!local) return undefined;
  const wanted = Date.parse(`${local.slice(0, 16)}:00Z`);
  const parts = (at) => Object.fromEntries(new Intl.DateTimeFormat('en-CA', {
    timeZone: zone(), hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
  }).formatToParts(at).map((part) => [part.type, part.value]));
  const shown = (at) => { const one = parts(at); return Date.parse(`${one.year}-${one.month}-${one.day}T${one.hour}:${one.minute}:00Z`); };
  let at = wanted;
  for (let turn = 0; turn < 2; turn += 1) at += wanted - shown(at);
  const minutes = Math.round((wanted - at) / 60000);
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, '0');
  return `${local.slice(0, 16)}:00${minutes > 0 ? '+' : '-'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

// Answers true when the person agrees.
export function ask(title, yes, extra = null) {
  return new Promise((resolve) => {
    const heading = h('h2', { id: 'ask' }, title);
    const box = h('dialog', { 'aria-labelledby': 'ask', class: 'ask' },
      h('form', { method: 'dialog', class: 'field' }, heading, extra,
        h('div', { class: 'row' },
          h('button', { value: 'yes', class: 'danger' }, yes),
          h('button', { value: 'no', autofocus: true }, t('no')))));
    box.addEventListener('close', () => {
      box.remove();
      resolve(box.returnValue === 'yes');
    });
    document.body.append(box);
    box.showModal();
  });
}

export function saved(key, fallback) {
  try {
    return { ...fallback, ...JSON.parse(localStorage.getItem(`gaoshi.${key}`) || '{}') };
  } catch { return { ...fallback }; }
}

export function save(key, value) {
  try { localStorage.setItem(`gaoshi.${key}`, JSON.stringify(value)); } catch { /* full */ }
}

let part = null; // {name, update(what)}
let begun = null; // what the console says at the start is there

function partOfAddress() {
  const name = location.hash.slice(1).split('/')[0];
  return PARTS[name] ? name : 'now';
}

export function go(name, detail = '') {
  location.hash = detail ? `${name}/${detail}` : name;
}

export function detailOfAddress() {
  return decodeURIComponent(location.hash.split('/').slice(1).join('/'));
}

function showTabs(current) {
  const tabs = document.getElementById('tabs');
  tabs.setAttribute('aria-label', t('parts'));
  tabs.replaceChildren(...Object.keys(PARTS).map((name) => h('button', {
    type: 'button', id: `tab-${name}`, 'aria-current': name === current ? 'page' : null,
    onclick: () => go(name),
  }, t(name))));
}

function showPart() {
  const name = partOfAddress();
  const main = document.getElementById('main');
  if (part && part.leave) part.leave();
  showTabs(name);
  main.replaceChildren();
  part = { name, ...PARTS[name](main) };
  document.title = `${t(name)} · ${t('title')}`;
}

// Alerts in force, on every part: an actual one in red, a drill dashed.
function showRibbon() {
  const ribbon = document.getElementById('ribbon');
  const running = state.alerts.filter((one) => one.kind === 'alert' && one.trust !== 'false');
  const lines = ['actual', 'drill'].map((kind) => ({ kind, those: running.filter((one) => (one.about.status === 'actual') === (kind === 'actual')) }));
  showEach(ribbon, lines.filter(({ those }) => those.length > 0), { id: ({ kind }) => kind, make: ribbonLine });
}

function ribbonLine({ kind }) {
  const head = h('b', {});
  const names = h('span', {});
  const see = h('button', { type: 'button', class: 'plain', onclick: () => { if (part.name !== 'alert') go('alert'); requestAnimationFrame(() => { const list = document.querySelector('.in-force'); if (list) list.scrollIntoView(); }); } });
  const node = h('p', { class: kind }, head, names, see);
  node.update = ({ those }) => {
    showWords(head, t(`${kind}_runs`));
    showWords(names, those.slice(0, 4).map((one) => `${t(one.about.level)} ${one.about.event}`).join('、') + (those.length > 4 ? ` ${t('and_more')} ${those.length}` : ''));
    showWords(see, t('see_alerts'));
  };
  return node;
}

function showFrame() {
  document.getElementById('brand').textContent = t('title');
  document.getElementById('skip').textContent = t('skip');
  document.getElementById('who').textContent = `${state.start.who} · ${state.start.org}`;
  document.getElementById('language').textContent = t('other_language');
  showLine();
  showRibbon();
  showPart();
  showPeople();
}

function showLine() {
  const line = document.getElementById('line');
  const up = state.line.connected && !state.away;
  line.className = `line ${up ? 'up' : 'down'}`;
  line.textContent = state.away ? t('line_page')
    : !state.line.connected ? `${t('line_down')} ${state.line.reason || ''}`
      : state.line.complete ? t('line_up') : t('line_collecting');
}

function tell(what) {
  if (part && part.update) part.update(what);
}

function takeRows(rows) {
  for (const row of rows) state.screens.set(row[SCREEN.id], row);
}

async function readAll() {
  const [screens, messages] = await Promise.all([getJson('/api/screens'), getJson('/api/messages'), begun]);
  state.screens.clear();
  takeRows(screens.screens);
  takeMessages(messages);
  tell('all');
}

function takeMessages(messages) {
  state.alerts = messages.alerts;
  state.panels = messages.panels;
  state.tallies = messages.tallies;
  showRibbon();
}

function listen() {
  const events = new EventSource('/api/events');
  // What changed before the stream was open is in what is read then.
  events.addEventListener('open', async () => {
    state.away = false;
    readApprovals();
    showLine();
    await readAll();
  });
  events.addEventListener('error', () => {
    state.away = true;
    showLine();
    // The browser tries again by itself, but not where it is refused.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => getJson('/api/start').then(listen, () => {}), 3000);
  });
  events.addEventListener('line', (event) => {
    state.line = JSON.parse(event.data);
    showLine();
    tell('line');
  });
  events.addEventListener('screens', (event) => {
    takeRows(JSON.parse(event.data));
    tell('screens');
  });
  events.addEventListener('messages', async () => {
    takeMessages(await getJson('/api/messages'));
    tell('messages');
  });
  events.addEventListener('tallies', (event) => {
    state.tallies = JSON.parse(event.data);
    tell('tallies');
  });
  events.addEventListener('approvals', readApprovals);
  events.addEventListener('journal', () => tell('journal'));
  events.addEventListener('trouble', (event) => toast(JSON.parse(event.data).text, true));
}

async function begin() {
  const chosen = saved('page', { language: navigator.language.startsWith('zh') ? 'zh' : 'en' });
  useLanguage(chosen.language);
  // All at once: the first view waits for the slowest, not for their sum.
  let start;
  begun = new Promise((resolve) => { start = resolve; });
  const all = readAll();
  state.start = await getJson('/api/start');
  state.line = state.start.line;
  document.getElementById('language').addEventListener('click', () => {
    useLanguage(language() === 'en' ? 'zh' : 'en');
    save('page', { language: language() });
    showFrame();
  });
  window.addEventListener('hashchange', showPart);
  showFrame();
  start();
  await all;
  listen();
}

begin();
