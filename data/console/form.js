// The form of a panel, made from data/schema. It changes the panel's own object
// field by field, so what it does not know stays as it was.
import { t, label, option, said } from './words.js';
import { h, post, today, withOffset } from './console.js';
import { field, input, area, select } from './pieces.js';
import { scheduleField } from './schedule.js';

const FILES = ['panel.schema.json', 'common.schema.json'];
let schemas = null; // promise of {name: schema}
let icons = [];     // [name, meaning]

export function loadSchema() {
  schemas ||= Promise.all([...FILES.map(async (name) => [name, await (await fetch(`/${name}`)).json()]), fetch('/icons.txt').then((response) => response.text()).then((text) => {
    icons = [...text.matchAll(/^icon (\S+) +(\S+)/gm)].map((one) => [one[1], one[2]]);
    return ['', null];
  })]).then(Object.fromEntries, (error) => { schemas = null; throw error; });
  return schemas;
}

// A number of fifteen digits at most is the same in JavaScript; what is none
// stays a text, and is refused as such.
function numberOf(text) {
  const plain = text.trim().replace(/[,，\s]/g, '');
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : plain;
}

// --- The schema --------------------------------------------------------------

// Follows references. base is the name of the last one: title, body, time …
function resolve(all, node, file = FILES[0]) {
  if (!node.$ref) return { ...node, file };
  const [where, path] = node.$ref.split('#');
  const target = path.split('/').slice(1).reduce((each, key) => each[key], all[where || file]);
  const found = resolve(all, target, where || file);
  return { ...found, base: path.split('/').pop(), ...node, file: found.file };
}

// What a kind of panel takes: {names, required, properties}.
function kindOf(all, template) {
  const schema = all[FILES[0]];
  const rule = schema.allOf.find((each) => each.if.properties.template.const === template).then;
  const properties = {};
  for (const name of rule.propertyNames.enum) {
    const node = resolve(all, schema.properties[name]);
    properties[name] = { ...node, ...(rule.properties || {})[name] };
    if (properties[name].items) properties[name].items = resolve(all, schema.properties[name].items, node.file);
  }
  return { names: rule.propertyNames.enum, required: [...schema.required, ...(rule.required || [])], properties };
}

export function kindsOf(all) {
  return all[FILES[0]].properties.template.enum;
}

// The panel as it is sent: without what only other kinds take. Fields that the
// schema does not have are the sender's to refuse, not ours to lose.
export function panelFor(all, panel) {
  const { names, required, properties } = kindOf(all, panel.template);
  const known = Object.keys(all[FILES[0]].properties);
  const sent = {};
  for (const [name, value] of Object.entries(panel)) {
    if (known.includes(name) && !names.includes(name)) continue;
    const entries = Array.isArray(value) && known.includes(name) ? withoutBlanks(value, required.includes(name) ? properties[name].minItems || 0 : 0) : value;
    if (!Array.isArray(entries) || entries.length || required.includes(name)) sent[name] = entries;
  }
  return sent;
}

// A list without the entries at its end that nobody has filled yet.
function withoutBlanks(list, least) {
  let length = list.length;
  while (length > least && isEmpty(list[length - 1])) length -= 1;
  return list.slice(0, length);
}

// --- Fields ------------------------------------------------------------------

// What few people need stands behind «more», opened where it has a value.
const RARE = ['qualifier', 'suffix', 'trend', 'bind', 'stale_after_s', 'ratio', 'ratio_qualifier', 'statement', 'growth_style', 'last_year', 'icon', 'texts', 'order', 'lines', 'history', 'ground', 'priority', 'share', 'weight', 'stand_s', 'expires', 'effective'];
const OWN = { schedule: ['from', 'until', 'days', 'hours', 'dates'], picture: ['sha256', 'type', 'bytes', 'width', 'height', 'focus_x', 'focus_y'] };

function isEmpty(value) {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0) || (value !== null && typeof value === 'object' && Object.keys(value).length === 0);
}

const LANGUAGES = ['en', 'ug', 'bo', 'mn', 'ko', 'ja', 'ru', 'fr', 'ar', 'vi', 'th'];

// makes fields; .node is the form's part, .complain(error) puts a problem beside
// its field and answers whether one was found.
export function panelForm(all, draft, changed) {
  const fields = new Map(); // path → {complain, touched}
  const touched = new Set();
  let tellsAll = false;
  const kind = kindOf(all, draft.panel.template);
  const touch = (path) => { touched.add(path); changed(); };

  function put(object, name, value) {
    if (isEmpty(value)) delete object[name]; else object[name] = value;
  }

  function leaf(object, name, node, path, required) {
    const set = (value) => { put(object, name, value); touch(path); };
    const text = required ? label(name, path) : `${label(name, path)}${t('optional')}`;
    const most = { name: path.replace(/^panel\./, ''), 'aria-required': required ? 'true' : null };
    if (node.enum) return field(text, select(object[name] ?? '', [...(required ? [] : [['', '–']]), ...node.enum.map((one) => [one, option(name, one)])], set));
    if (node.type === 'number' || node.type === 'integer') return field(text, input(String(object[name] ?? ''), (value) => set(numberOf(value)), { ...most, inputmode: 'decimal' }));
    if (node.base === 'time') {
      // A time that nobody touches keeps its offset and its seconds.
      return field(text, input(String(object[name] ?? '').slice(0, 16), (value) => set(withOffset(value)), { ...most, type: 'datetime-local' }));
    }
    if (node.base === 'date') return field(text, input(object[name], set, { ...most, type: 'date' }));
    if (node.maxLength) most.maxlength = node.maxLength;
    if (name === 'icon') return field(text, select(object[name] ?? '', [['', '–'], ...icons.map(([one, means]) => [one, `${means} ${one}`])], set));
    if (node.base === 'body') return field(text, area(object[name], set, most));
    return field(text, input(object[name], set, { ...most, type: node.base === 'url' ? 'url' : 'text' }));
  }

  // Entries of a list, each with a button that takes it out.
  function listOf(object, name, node, path, required) {
    const box = h('fieldset', { class: 'list' });
    const wrong = h('p', { class: 'wrong', hidden: true });
    const list = () => object[name] || [];
    const isText = node.items.type === 'string';
    const least = node.minItems || 0;
    const most = node.maxItems || 16;
    function draw(focus = -1) {
      for (const key of [...fields.keys()]) if (key.startsWith(`${path}[`)) fields.delete(key);
      if (required) while (list().length < least) object[name] = [...list(), isText ? '' : {}];
      const take = (place) => h('button', { type: 'button', 'aria-label': `${t('take_out')}: ${label(name, path)} ${place + 1}`, onclick: () => { put(object, name, list().filter((_, each) => each !== place)); touch(path); draw(); box.querySelector('.add').focus(); } }, '✕');
      const rows = list().map((entry, place) => {
        const own = `${path}[${place}]`;
        if (isText) {
          const one = field(`${label(name, path)} ${place + 1}`, input(entry, (value) => { list()[place] = value; touch(own); }, { name: own.replace(/^panel\./, ''), maxlength: node.items.maxLength || null }));
          fields.set(own, one);
          return h('div', { class: 'entry line' }, one, take(place));
        }
        return h('div', { class: 'entry' }, h('div', { class: 'fields' }, ...objectFields(entry, node.items, own)), most > 1 && (!required || list().length > least) && take(place));
      });
      const add = h('button', { type: 'button', class: 'add', hidden: list().length >= most, onclick: () => { object[name] = [...list(), isText ? '' : {}]; touch(path); draw(list().length - 1); } }, `+ ${label(name, path)}`);
      box.replaceChildren(h('legend', {}, required ? label(name, path) : `${label(name, path)}${t('optional')}`), ...rows, add, wrong);
      if (focus >= 0) box.querySelectorAll('.entry')[focus]?.querySelector('input, textarea, select')?.focus();
    }
    if (object[name]) put(object, name, withoutBlanks(list(), required ? least : 0));
    draw();
    box.complain = (text) => { wrong.textContent = text; wrong.hidden = !text; };
    box.input = box;
    return box;
  }

  // Words in other languages: one group of fields for each.
  function textsOf(object, name, node, path) {
    const box = h('fieldset', { class: 'list' });
    const wrong = h('p', { class: 'wrong', hidden: true });
    function draw() {
      for (const key of [...fields.keys()]) if (key.startsWith(`${path}.`)) fields.delete(key);
      const texts = object[name] || {};
      const entry = resolve(all, node.additionalProperties);
      const own = draft.panel.template === 'notice' ? entry : { ...entry, properties: { title: entry.properties.title, subtitle: entry.properties.subtitle } };
      const rows = Object.keys(texts).map((tag) => h('div', { class: 'entry' }, h('div', { class: 'fields' }, h('b', {}, t(`lang_${tag}`).replace('lang_', '')), ...objectFields(texts[tag], own, `${path}.${tag}`)),
        h('button', { type: 'button', 'aria-label': `${t('take_out')}: ${tag}`, onclick: () => { const next = { ...texts }; delete next[tag]; put(object, name, next); touch(path); draw(); } }, '✕')));
      const add = select('', [['', t('add_language')], ...LANGUAGES.filter((tag) => !texts[tag]).map((tag) => [tag, t(`lang_${tag}`)])], (tag) => { if (tag) { object[name] = { ...texts, [tag]: {} }; touch(path); draw(); } });
      add.setAttribute('aria-label', t('add_language'));
      box.replaceChildren(h('legend', {}, `${label(name, path)}${t('optional')}`), ...rows, Object.keys(texts).length < node.maxProperties ? add : '', wrong);
    }
    draw();
    box.complain = (text) => { wrong.textContent = text; wrong.hidden = !text; };
    box.input = box;
    return box;
  }

  function one(object, name, node, path, required) {
    let made;
    if (name === 'pictures' && path === 'panel.pictures') made = pictureField(object, node, touch, fields, (entry, own) => objectFields(entry, node.items, own, OWN.picture));
    else if (name === 'schedule') made = scheduleBox(object);
    else if (name === 'texts') made = textsOf(object, name, node, path);
    else if (node.type === 'array') made = listOf(object, name, node, path, required);
    else made = leaf(object, name, node, path, required);
    fields.set(path, made);
    return made;
  }

  function scheduleBox(object) {
    const made = scheduleField(() => object.schedule, (value) => { put(object, 'schedule', value); }, () => touch('panel.schedule'));
    const node = resolve(all, { $ref: '#/$defs/schedule' });
    const proxy = new Proxy({}, {
      get: (_, name) => (object.schedule || {})[name],
      set: (_, name, value) => { object.schedule = { ...object.schedule, [name]: value }; return true; },
      deleteProperty: (_, name) => { if (object.schedule) { delete object.schedule[name]; put(object, 'schedule', object.schedule); } return true; },
    });
    made.append(...objectFields(proxy, node, 'panel.schedule', OWN.schedule));
    made.input = made;
    return made;
  }

  // The fields of an object that is no panel, the rare ones folded.
  function objectFields(object, node, path, without = []) {
    const names = Object.keys(node.properties || {}).filter((name) => !without.includes(name) && node.properties[name] !== false);
    const make = (name) => one(object, name, resolve(all, node.properties[name], node.file || FILES[0]), `${path}.${name}`, (node.required || []).includes(name));
    const plain = names.filter((name) => !RARE.includes(name)).map(make);
    const rare = names.filter((name) => RARE.includes(name));
    return rare.length ? [...plain, more(rare.map(make), rare.some((name) => !isEmpty(object[name])))] : plain;
  }

  function more(made, isOpen) {
    return h('details', { open: isOpen }, h('summary', {}, t('more')), h('div', { class: 'fields' }, made));
  }

  const panel = draft.panel;
  const make = (name) => one(panel, name, kind.properties[name], `panel.${name}`, kind.required.includes(name));
  const first = ['title', 'subtitle'];
  const after = ['template', 'section', 'schedule', ...first];
  const isRare = (name) => !kind.required.includes(name) && (RARE.includes(name) || name === 'pictures');
  const own = kind.names.filter((name) => !after.includes(name));
  const main = [...first.filter((name) => kind.names.includes(name)), ...own.filter((name) => kind.required.includes(name)), ...own.filter((name) => !kind.required.includes(name) && !isRare(name))];
  const rare = own.filter(isRare);
  const times = ['effective', 'expires'].map((name) => { const made = leaf(draft, name, { base: 'time', type: 'string' }, name, false); fields.set(name, made); return made; });
  const node = h('div', { class: 'fields' }, main.map(make), make('section'),
    more([...rare.map(make), ...times], [...rare.map((name) => panel[name]), draft.effective, draft.expires].some((value) => !isEmpty(value))), make('schedule'));

  // The field of the longest path that the problem's path begins with.
  function find(path) {
    for (let rest = path; rest; rest = rest.replace(/(\.[^.[]*|\[\d+\])$/, '') === rest ? '' : rest.replace(/(\.[^.[]*|\[\d+\])$/, '')) if (fields.has(rest)) return rest;
    return null;
  }

  return {
    node,
    focus: (path) => { const found = fields.get(find(path)); const at = found && (found.input.matches('input, select, textarea') ? found.input : found.querySelector('input, select, textarea, button')); if (at) { at.closest('details')?.setAttribute('open', ''); at.focus(); } },
    // Beside fields that were touched; everything: from now on beside any.
    complain: (error, everything = false) => {
      tellsAll ||= everything;
      for (const made of fields.values()) made.complain('');
      const path = error && error.field ? find(error.field) : null;
      if (!path || (!tellsAll && ![...touched].some((each) => each.startsWith(path)))) return Boolean(path);
      fields.get(path).complain(said(error));
      fields.get(path).closest('details')?.setAttribute('open', '');
      return true;
    },
    // The first required field that is empty: a path. '': none.
    missing: () => {
      const empty = kind.required.filter((name) => !['template'].includes(name)).find((name) => isEmpty(panel[name]));
      return empty ? `panel.${empty}` : '';
    },
  };
}

// --- Pictures ----------------------------------------------------------------

function pictureField(object, node, touch, fields, others) {
  const most = node.maxItems || 8;
  const shown = h('div', { class: 'fields' });
  const files = h('input', { type: 'file', accept: 'image/jpeg,image/png,image/webp', multiple: most > 1, name: 'pictures', onchange: (event) => take(event.target.files) });
  const box = field(t('drop_here'), files, t('focus_hint'));
  const zone = h('div', {
    class: 'drop', ondragover: (event) => { event.preventDefault(); zone.classList.add('over'); },
    ondragleave: () => zone.classList.remove('over'),
    ondrop: (event) => { event.preventDefault(); zone.classList.remove('over'); take(event.dataTransfer.files); },
  }, box, shown);
  const list = () => object.pictures || [];

  async function take(chosen) {
    let wrong = '';
    for (const file of [...chosen].slice(0, most)) {
      try {
        const { file: name } = await (await post('/api/upload', file)).json();
        const old = list()[0] || {};
        const picture = { file: name, focus_x: 500, focus_y: 500 };
        if (most === 1) for (const key of ['caption', 'credit']) if (old[key]) picture[key] = old[key];
        object.pictures = most === 1 ? [picture] : [...list(), picture].slice(0, most);
      } catch (error) { wrong = `${file.name}: ${error.message}`; }
    }
    files.value = '';
    show();
    touch('panel.pictures');
    box.complain(wrong);
  }

  function remove(place) {
    object.pictures = list().filter((_, each) => each !== place);
    if (!object.pictures.length) delete object.pictures;
    show();
    touch('panel.pictures');
    files.focus();
  }

  function focusOf(one, place) {
    const mark = h('i');
    const axis = (name) => (one[name] === undefined ? 500 : one[name]);
    const at = () => { mark.style.left = `${axis('focus_x') / 10}%`; mark.style.top = `${axis('focus_y') / 10}%`; };
    const move = (x, y) => {
      one.focus_x = Math.min(1000, Math.max(0, Math.round(x)));
      one.focus_y = Math.min(1000, Math.max(0, Math.round(y)));
      at();
      touch('panel.pictures');
    };
    at();
    const source = one.file ? `file=${one.file}` : `sha256=${one.sha256}`;
    const image = h('img', { src: `/api/upload?${source}`, alt: '', draggable: 'false' });
    const node = h('button', {
      type: 'button', class: 'focus', 'aria-label': `${t('focus_point')} ${place + 1}`,
      // A key moves the point, a click puts it.
      onclick: (event) => {
        if (event.detail === 0) return;
        const edge = event.currentTarget.getBoundingClientRect();
        move((1000 * (event.clientX - edge.left)) / edge.width, (1000 * (event.clientY - edge.top)) / edge.height);
      },
      onkeydown: (event) => {
        const step = { ArrowLeft: [-50, 0], ArrowRight: [50, 0], ArrowUp: [0, -50], ArrowDown: [0, 50] }[event.key];
        if (!step) return;
        event.preventDefault();
        move(axis('focus_x') + step[0], axis('focus_y') + step[1]);
      },
    }, image, mark);
    image.addEventListener('error', () => { node.replaceChildren(h('span', { class: 'wrong' }, one.file ? t('picture_gone') : t('picture_elsewhere'))); });
    return node;
  }

  function show() {
    for (const key of [...fields.keys()]) if (key.startsWith('panel.pictures[')) fields.delete(key);
    shown.replaceChildren(...list().map((one, place) => h('div', { class: 'entry' }, h('div', { class: 'fields' }, focusOf(one, place), ...others(one, `panel.pictures[${place}]`)),
      h('button', { type: 'button', 'aria-label': `${t('take_out')}: ${t('picture')} ${place + 1}`, onclick: () => remove(place) }, '✕'))));
  }
  show();
  zone.complain = box.complain;
  zone.input = files;
  return zone;
}

// --- Drafts ------------------------------------------------------------------

export function newDraft(template, more = {}) {
  const two = (number) => String(number).padStart(2, '0');
  const at = new Date();
  const lot = Math.random().toString(36).slice(2, 6).padEnd(4, '0');
  const day = today().replace(/-/g, '');
  return { gaoshi: 1, kind: 'panel', id: `${template}-${day}-${two(at.getHours())}${two(at.getMinutes())}-${lot}`, scope: 'all', panel: { template, section: 'general' }, ...more };
}

// A body that was sent, as a draft of its change: whoever sends it writes these
// three anew.
export function draftOfBody({ org, seq, issued, ...draft }) {
  return draft;
}
