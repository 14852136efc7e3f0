// When a panel comes: dates, days of the week, hours, and a calendar that shows
// on which days that is. The object is the schedule of the protocol; whatever
// else stands in it stays.
import { t, language } from './words.js';
import { h, today } from './console.js';
import { field, input } from './pieces.js';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const KINDS = ['workday', 'restday', 'holiday'];
let holidays = null; // promise of [first, last, kind]

function readHolidays() {
  holidays ||= fetch('/holidays.txt').then((response) => response.text()).then((text) => text.split('\n').flatMap((line) => {
    const found = /^(\d{4}-\d\d-\d\d)(?:\/(\d{4}-\d\d-\d\d))?\s+(holiday|workday)/.exec(line);
    return found ? [[found[1], found[2] || found[1], found[3]]] : [];
  })).catch(() => []);
  return holidays;
}

const at = (day) => new Date(`${day}T00:00:00Z`);
const weekday = (day) => DAYS[(at(day).getUTCDay() + 6) % 7];

function kindsOf(day, table) {
  const row = table.find(([first, last]) => first <= day && day <= last);
  if (row && row[2] === 'workday') return ['workday'];
  if (row) return ['restday', 'holiday'];
  return ['sat', 'sun'].includes(weekday(day)) ? ['restday'] : ['workday'];
}

// Whether the schedule has that day, as the screens decide it.
export function hasDay(schedule, day, table) {
  if ((schedule.from && day < schedule.from) || (schedule.until && day > schedule.until)) return false;
  if (schedule.days && schedule.days.length && !schedule.days.includes(weekday(day))) return false;
  if (!schedule.dates || !schedule.dates.length) return true;
  const kinds = kindsOf(day, table);
  return schedule.dates.some((one) => {
    if (KINDS.includes(one)) return kinds.includes(one);
    const [first, last] = one.split('/');
    return first.length === 5 ? day.slice(5) === first : first <= day && day <= (last || first);
  });
}

// get() answers the schedule or undefined; set(schedule) takes it.
export function scheduleField(get, set, changed) {
  const box = h('fieldset', { class: 'schedule' });
  let month = today().slice(0, 7);
  let table = [];
  const now = () => get() || {};
  const put = (name, value) => {
    const next = { ...now() };
    const empty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
    if (empty) delete next[name]; else next[name] = value;
    set(Object.keys(next).length ? next : undefined);
    drawCalendar();
    changed();
  };
  const toggled = (name, one, on, order) => {
    const list = (now()[name] || []).filter((each) => each !== one);
    if (on) list.push(one);
    put(name, order ? order.filter((each) => list.includes(each)).concat(list.filter((each) => !order.includes(each))) : list);
  };
  const boxes = (legend, name, options, order) => h('fieldset', {}, h('legend', {}, legend), h('div', { class: 'choices' }, options.map(([key, text]) => h('label', {}, h('input', { type: 'checkbox', name, value: key, checked: (now()[name] || []).includes(key), onchange: (event) => toggled(name, key, event.target.checked, order) }), text))));

  // Hours: a pair of times a row. Midnight at the end is 24:00.
  const rows = h('div', { class: 'field' });
  let spans = (now().hours || []).map((text) => text.split('-'));
  const putHours = () => put('hours', spans.filter(([from, to]) => from && to).map(([from, to]) => `${from}-${to === '00:00' ? '24:00' : to}`));
  function drawHours(focus = -1) {
    rows.replaceChildren(...spans.map((span, place) => h('div', { class: 'row hours' },
      h('input', { type: 'time', name: 'hours-from', 'aria-label': `${t('hours_from')} ${place + 1}`, value: span[0] || '', oninput: (event) => { span[0] = event.target.value; putHours(); } }), '–',
      h('input', { type: 'time', name: 'hours-to', 'aria-label': `${t('hours_to')} ${place + 1}`, value: span[1] === '24:00' ? '00:00' : span[1] || '', oninput: (event) => { span[1] = event.target.value; putHours(); } }),
      h('button', { type: 'button', 'aria-label': `${t('take_out')} ${place + 1}`, onclick: () => { spans.splice(place, 1); putHours(); drawHours(); add.focus(); } }, '✕'))));
    const add = h('button', { type: 'button', name: 'hours-add', disabled: spans.length >= 8, onclick: () => { spans.push(['', '']); drawHours(spans.length - 1); } }, t('add_hours'));
    rows.append(h('div', { class: 'row' }, add, spans.length === 0 && h('span', { class: 'hint' }, t('whole_day'))));
    if (focus >= 0) rows.querySelectorAll('.hours')[focus].querySelector('input').focus();
  }

  const calendar = h('div', { class: 'calendar' });
  function drawCalendar() {
    const [year, number] = month.split('-').map(Number);
    const step = (by) => {
      const moved = new Date(Date.UTC(year, number - 1 + by, 1));
      month = moved.toISOString().slice(0, 7);
      drawCalendar();
      calendar.querySelector(by < 0 ? '.before' : '.after').focus();
    };
    const name = new Date(Date.UTC(year, number - 1, 1)).toLocaleDateString(language() === 'en' ? 'en-GB' : 'zh-CN', { timeZone: 'UTC', year: 'numeric', month: 'long' });
    const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
    const held = calendar.contains(document.activeElement) && document.activeElement.dataset.day;
    const lead = DAYS.indexOf(weekday(`${month}-01`));
    const cells = [...Array(lead)].map(() => h('span', {}));
    for (let one = 1; one <= last; one += 1) {
      const day = `${month}-${String(one).padStart(2, '0')}`;
      const runs = hasDay(now(), day, table);
      const picked = (now().dates || []).includes(day);
      cells.push(h('button', { type: 'button', class: `${runs ? 'runs' : ''} ${day === today() ? 'today' : ''}`, 'data-day': day, 'aria-pressed': String(picked), 'aria-label': `${language() === 'en' ? `${one} ${name}` : `${name}${one}日`} ${runs ? t('runs') : t('runs_not')}`, onclick: () => { toggled('dates', day, !picked); calendar.querySelector(`[data-day="${day}"]`).focus(); } }, String(one)));
    }
    calendar.replaceChildren(h('div', { class: 'row' }, h('button', { type: 'button', class: 'before', 'aria-label': t('month_before'), onclick: () => step(-1) }, '‹'), h('b', { 'aria-live': 'polite' }, name), h('button', { type: 'button', class: 'after', 'aria-label': t('month_after'), onclick: () => step(1) }, '›')),
      h('div', { class: 'days' }, DAYS.map((day) => h('span', { class: 'muted' }, t(day))), cells), h('span', { class: 'hint' }, t('calendar_hint')));
    if (held) calendar.querySelector(`[data-day="${held}"]`)?.focus();
  }

  const dates = h('div', { class: 'filters' },
    field(t('from_day'), input(now().from, (value) => put('from', value), { type: 'date', name: 'from' })),
    field(t('until_day'), input(now().until, (value) => put('until', value), { type: 'date', name: 'to' })));
  const wrong = h('p', { class: 'wrong', hidden: true });
  box.append(h('legend', {}, t('schedule')), dates,
    boxes(t('days'), 'days', DAYS.map((day) => [day, t(day)]), DAYS),
    boxes(t('day_kinds'), 'dates', KINDS.map((kind) => [kind, t(kind)])),
    h('fieldset', {}, h('legend', {}, t('hours')), rows), calendar, wrong);
  box.complain = (text) => { wrong.textContent = text; wrong.hidden = !text; };
  drawHours();
  drawCalendar();
  readHolidays().then((found) => { table = found; drawCalendar(); });
  return box;
}
