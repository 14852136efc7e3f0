// What the parts of the page share: fields, pictures, previews, bars.
import { t, said, language } from './words.js';
import {
  state, SCREEN, h, getJson, post, clock,
} from './console.js';

let ids = 0;

// A labelled control with its hint and its error.
export function field(label, control, hint = '') {
  ids += 1;
  control.id ||= `f${ids}`;
  const wrong = h('span', { class: 'wrong', id: `${control.id}-wrong`, hidden: true });
  const box = h('label', { class: 'field', for: control.id }, h('span', {}, label), control,
    hint && h('span', { class: 'hint', id: `${control.id}-hint` }, hint), wrong);
  control.setAttribute('aria-describedby', `${control.id}-wrong${hint ? ` ${control.id}-hint` : ''}`);
  box.input = control;
  box.complain = (text) => {
    wrong.textContent = text;
    wrong.hidden = !text;
    control.toggleAttribute('aria-invalid', Boolean(text));
    if (text) control.setAttribute('aria-invalid', 'true');
  };
  return box;
}

export function input(value, onchange, more = {}) {
  return h('input', { type: 'text', value: value || '', autocomplete: 'off', oninput: (event) => onchange(event.target.value), ...more });
}

export function area(value, onchange, more = {}) {
  const node = h('textarea', { oninput: (event) => onchange(event.target.value), ...more });
  node.value = value || '';
  return node;
}

export function select(value, options, onchange) {
  const node = h('select', { onchange: (event) => onchange(event.target.value) },
    options.map(([key, text]) => h('option', { value: key }, text)));
  node.value = value;
  return node;
}

export function choices(legend, name, value, options, onchange) {
  return h('fieldset', {}, h('legend', {}, legend), h('div', { class: 'choices' },
    options.map(([key, text]) => h('label', { class: `pick-${key}` }, h('input', {
      type: 'radio', name, value: key, checked: key === value, onchange: () => onchange(key),
    }), text))));
}

export const pageOf = (page, pages) => (language() === 'en' ? `${t('page_of')} ${page} / ${pages}` : `第 ${page} 页，共 ${pages} 页`);

export function shapeName(name) {
  const own = t(`shape_${name}`);
  return own.startsWith('shape_') ? name : own;
}

export function shapeOf(groups) {
  const names = groups.split(' ');
  const found = state.start.shapes.findIndex((shape) => names.includes(shape.name));
  return Math.max(found, 0);
}

export function picture(parameters, alternative) {
  return h('img', {
    src: `/api/picture?${new URLSearchParams(parameters)}`, alt: alternative, loading: 'lazy',
    onerror: (event) => event.target.replaceWith(h('span', {}, t('no_picture'))),
  });
}

// The newest picture in the same place: the old one stands until it has come.
export function showPicture(box, parameters, alternative) {
  const source = `/api/picture?${new URLSearchParams(parameters)}`;
  const image = box.querySelector('img');
  if (image) image.alt = alternative;
  if (box.dataset.source === source) return;
  box.dataset.source = source;
  if (image) image.src = source; else box.replaceChildren(picture(parameters, alternative));
}

export function showWords(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

// The children of an element in this order; those that stay are not touched.
export function arrange(box, wanted) {
  for (const node of [...box.childNodes]) if (!wanted.includes(node)) node.remove();
  for (const [index, node] of wanted.entries()) if (box.childNodes[index] !== node) box.insertBefore(node, box.childNodes[index] || null);
}

// A list whose entries stay while others come and go, so that no button vanishes
// under a pointer. make(one) builds an entry; its update(one), if it has one, is
// called each time, otherwise it is built anew when key(one) is another. `before`
// stands above the entries.
export function showEach(box, list, { id, make, key = JSON.stringify, before = [] }) {
  const old = box.entries || new Map();
  const held = box.contains(document.activeElement) ? document.activeElement : null;
  const holder = held && [...old.entries()].find(([, entry]) => entry.node.contains(held));
  box.entries = new Map();
  for (const one of list) {
    let name = id(one);
    while (box.entries.has(name)) name += '+';
    const entry = old.get(name);
    const sign = key(one);
    const stays = entry && (entry.key === sign || entry.node.update);
    const node = stays ? entry.node : make(one);
    if (node.update) node.update(one);
    box.entries.set(name, { key: sign, node });
  }
  arrange(box, [...before, ...[...box.entries.values()].map((entry) => entry.node)]);
  if (!held || document.activeElement === held) return;
  if (held.isConnected) held.focus();
  else if (holder && box.entries.has(holder[0])) {
    const buttons = [...box.entries.get(holder[0]).node.querySelectorAll('button:not(:disabled)')];
    const again = buttons.find((one) => one.className === held.className && one.textContent === held.textContent) || buttons[0];
    if (again) again.focus();
  }
}

export function tallyBar(tally) {
  const parts = ['reached', 'waiting', 'refusing', 'offline', 'silent'];
  const names = { reached: tally.ends ? 'taken' : 'shown', refusing: 'refused' };
  const text = parts.map((one) => `${t(names[one] || one)} ${tally[one]}`).join(', ');
  const bar = h('div', { class: 'bar', role: 'img', 'aria-label': text });
  for (const one of parts) {
    const piece = h('i', { class: `b-${one}` });
    piece.style.width = `${tally.expected ? (100 * tally[one]) / tally.expected : 0}%`;
    bar.append(piece);
  }
  return h('div', { class: 'field tally', 'data-id': tally.id }, bar, h('p', { class: 'key' },
    parts.map((one) => h('span', { class: `k-${one}`, hidden: tally[one] === 0 && one !== 'reached' }, `${t(names[one] || one)} `, h('b', { class: `n-${one}` }, String(tally[one])))),
    h('span', { class: 'muted' }, `${t('of_screens_before')}${tally.expected}${t('of_screens')}`),
    tally.last_after_ms !== null && h('span', { class: 'muted' }, `${t('slowest')} ${(tally.last_after_ms / 1000).toFixed(1)} s`)));
}

// The bars of a list of messages, each in the `.receipts` of its entry. Only they
// change while receipts come, so that no button moves under a pointer.
export function showTallies(list) {
  for (const slot of list.querySelectorAll('.receipts')) {
    const tally = state.tallies.find((each) => each.id === slot.dataset.of && String(each.seq) === slot.dataset.seq);
    const key = JSON.stringify(tally || null);
    if (slot.dataset.key === key) continue;
    slot.dataset.key = key;
    slot.replaceChildren(...(tally ? [tallyBar(tally)] : []));
  }
}

export function receiptsOf(one) {
  return h('div', { class: 'receipts', 'data-of': one.id, 'data-seq': String(one.seq) });
}

export async function showTally(id) {
  const found = await getJson('/api/tally', { id }).catch(() => ({ totals: null, screens: [] }));
  const box = h('dialog', { 'aria-labelledby': 'tally' }, h('h2', { id: 'tally' }, id), found.totals ? tallyBar(found.totals) : h('p', { class: 'muted' }, t('not_followed')),
    h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': t('details') }, h('table', {}, h('thead', {}, h('tr', {}, h('th', {}, t('screen')), h('th', {}, t('state')), h('th', {}, t('f_notes')))),
      h('tbody', {}, found.screens.map((one) => h('tr', {}, h('td', {}, `${one.id} ${one.place}`), h('td', {}, one.class), h('td', {}, `${one.reason} ${one.text}`)))))),
    h('form', { method: 'dialog' }, h('button', {}, t('close'))));
  box.addEventListener('close', () => box.remove());
  document.body.append(box);
  box.showModal();
}

// Pictures of what is being written, in every shape. While one is drawn, only
// the newest request waits.
export function previews(ask_for) {
  const shots = state.start.shapes.map((shape, index) => {
    const image = h('img', { alt: `${t('preview')}: ${shapeName(shape.name)}`, hidden: true });
    const words = h('span', {}, '…');
    const count = h('span', { 'aria-live': 'polite' });
    const shot = { page: 1, pages: 1, busy: false, again: false, image };
    const turn = (step) => {
      shot.page = Math.min(Math.max(shot.page + step, 1), shot.pages);
      shot.draw();
    };
    const back = h('button', { type: 'button', 'aria-label': `${t('previous')}: ${shapeName(shape.name)}`, onclick: () => turn(-1) }, '‹');
    const on = h('button', { type: 'button', 'aria-label': `${t('next')}: ${shapeName(shape.name)}`, onclick: () => turn(1) }, '›');
    const frame = h('div', { class: 'frame' }, image, words);
    const turning = h('div', { class: 'row', hidden: true }, back, count, on);
    shot.node = h('figure', { class: 'shot', 'data-shape': shape.name }, h('figcaption', { class: 'row' }, h('b', {}, shapeName(shape.name)), h('span', { class: 'muted' }, `${shape.width}×${shape.height}`)),
      frame, turning);
    shot.node.style.margin = '0';
    shot.draw = () => {
      if (shot.busy) shot.again = true; else shot.turn = drawOnce();
    };
    const drawOnce = async () => {
      shot.busy = true;
      try {
        const response = await post('/api/preview', { ...ask_for(), shape: index, page: shot.page, shrink: shape.width > 1100 || shape.height > 1100 ? 2 : 1 });
        shot.pages = Number(response.headers.get('X-Gaoshi-Pages'));
        shot.page = Number(response.headers.get('X-Gaoshi-Page'));
        const old = image.src;
        image.src = URL.createObjectURL(await response.blob());
        if (old) URL.revokeObjectURL(old);
        image.hidden = false;
        words.hidden = true;
        frame.classList.remove('stale');
        turning.hidden = shot.pages < 2;
        count.textContent = pageOf(shot.page, shot.pages);
        back.disabled = shot.page <= 1;
        on.disabled = shot.page >= shot.pages;
        shot.complain(null);
      } catch (error) {
        // What was last drawn stays, pale, while something is wrong.
        frame.classList.add('stale');
        words.hidden = !image.hidden;
        words.textContent = box.begun() ? '–' : t('preview_empty');
        shot.complain(error);
      }
      shot.busy = false;
      if (shot.again) {
        shot.again = false;
        shot.draw();
      }
    };
    return shot;
  });
  const wrong = h('p', { class: 'wrong', role: 'status' });
  const box = h('section', { class: 'card', 'aria-label': t('preview') }, h('h2', {}, t('preview')), h('p', { class: 'hint' }, t('preview_note')), wrong, h('div', { class: 'previews' }, shots.map((shot) => shot.node)));
  box.complain = () => {};
  box.begun = () => true;
  for (const shot of shots) {
    shot.complain = (error) => {
      if (shot !== shots[0]) return;
      box.complain(error);
      wrong.textContent = error && box.begun() ? `${t('what_wrong')}: ${said(error)}` : '';
    };
  }
  box.draw = () => shots.forEach((shot) => shot.draw());
  // Until the first shape has been drawn as it stands now, or refused.
  box.settled = async () => { while (shots[0].busy) await shots[0].turn; };
  return box;
}

// Scopes to choose from: all, the areas, groups and screens that there are, or
// one that is typed.
export function scopeField(form, changed) {
  const counts = { all: state.screens.size };
  const names = { all: t('scope_all') };
  const add = (scope, name) => { counts[scope] = (counts[scope] || 0) + 1; names[scope] = name; };
  for (const row of state.screens.values()) {
    for (const digits of [6, 9, 12]) if (row[SCREEN.area].length >= digits) add(`area-${row[SCREEN.area].slice(0, digits)}`, `${t('scope_area')} ${row[SCREEN.area].slice(0, digits)}`);
    for (const group of row[SCREEN.groups].split(' ')) if (group) add(`group-${group}`, `${t('scope_group')} ${shapeName(group)}`);
    if (state.screens.size <= 100) add(`screen-${row[SCREEN.id]}`, `${t('scope_screen')} ${row[SCREEN.place] || row[SCREEN.id]}`);
  }
  const order = ['all', 'area', 'group', 'screen'];
  const place = (scope) => order.indexOf(scope.split('-')[0]);
  const scopes = Object.keys(counts).sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1)).slice(0, 300);
  const own = input(form.scope, (value) => { form.scope = value.trim(); changed(); }, { name: 'scope', spellcheck: false, 'aria-label': t('scope_typed') });
  const isTyped = () => !scopes.includes(form.scope);
  own.hidden = !isTyped();
  const list = select(isTyped() ? '' : form.scope, [...scopes.map((scope) => [scope, scope.startsWith('screen-') ? names[scope] : `${names[scope]}${t('open_bracket')}${counts[scope]}${t('close_bracket')}`]), ['', t('scope_typed')]], (value) => {
    own.hidden = value !== '';
    if (value) { form.scope = value; own.value = value; changed(); } else own.focus();
  });
  list.name = 'scopes';
  const box = field(t('scope'), list);
  box.append(own, h('span', { class: 'hint', hidden: own.hidden }, t('scope_hint')));
  list.addEventListener('change', () => { box.lastChild.hidden = own.hidden; });
  return box;
}

export function seers(form) {
  const head = h('p', { class: 'seers', 'aria-live': 'polite' });
  const names = h('p', { class: 'muted' });
  const box = h('div', { class: 'field' }, h('h3', {}, t('who_sees')), head, names);
  let last = null;
  box.draw = async () => {
    if (form.scope === last) return;
    last = form.scope;
    try {
      const found = await getJson('/api/scope', { scope: form.scope });
      head.textContent = `${found.screens} ${t('screens_found')}${found.down ? `, ${t('of_them_down')} ${found.down}` : ''}`;
      names.textContent = found.names.slice(0, 12).map((one) => one[1] || one[0]).join('、') + (found.screens > 12 ? ` ${t('and_more')}` : '');
    } catch (error) {
      head.textContent = error.message;
      names.textContent = '';
    }
  };
  return box;
}
