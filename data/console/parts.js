// The four parts of the page. Each is a function that builds itself into the
// given element and returns {update(what), leave()}.
import { t, said } from './words.js';
import {
  state, SCREEN, CONDITIONS, h, get, getJson, post, send, toast, clock, ask, save, saved,
  go, detailOfAddress, Refusal, withOffset, today, may,
} from './console.js';
import { deedName, deedWords, waiting as waitingWords } from './approvals.js';

// --- Common pieces ---------------------------------------------------------

let ids = 0;

// A labelled control with its hint and its error.
function field(label, control, hint = '') {
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

function input(value, onchange, more = {}) {
  return h('input', { type: 'text', value: value || '', autocomplete: 'off', oninput: (event) => onchange(event.target.value), ...more });
}

function area(value, onchange, more = {}) {
  const node = h('textarea', { oninput: (event) => onchange(event.target.value), ...more });
  node.value = value || '';
  return node;
}

function select(value, options, onchange) {
  const node = h('select', { onchange: (event) => onchange(event.target.value) },
    options.map(([key, text]) => h('option', { value: key }, text)));
  node.value = value;
  return node;
}

function choices(legend, name, value, options, onchange) {
  return h('fieldset', {}, h('legend', {}, legend), h('div', { class: 'choices' },
    options.map(([key, text]) => h('label', {}, h('input', {
      type: 'radio', name, value: key, checked: key === value, onchange: () => onchange(key),
    }), text))));
}

function shapeOf(groups) {
  const names = groups.split(' ');
  const found = state.start.shapes.findIndex((shape) => names.includes(shape.name));
  return Math.max(found, 0);
}

function picture(parameters, alternative) {
  return h('img', {
    src: `/api/picture?${new URLSearchParams(parameters)}`, alt: alternative, loading: 'lazy',
    onerror: (event) => event.target.replaceWith(h('span', {}, t('no_picture'))),
  });
}

function tallyBar(tally) {
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
    parts.map((one) => h('span', { class: `k-${one}` }, `${t(names[one] || one)} `, h('b', { class: `n-${one}` }, String(tally[one])))),
    h('span', {}, `/ ${tally.expected} ${t('of_screens')}`),
    tally.last_after_ms !== null && h('span', {}, `${t('slowest')} ${(tally.last_after_ms / 1000).toFixed(1)} s`)));
}

async function showTally(id) {
  const found = await getJson('/api/tally', { id });
  const box = h('dialog', { 'aria-labelledby': 'tally' }, h('h2', { id: 'tally' }, id), tallyBar(found.totals),
    h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': t('details') }, h('table', {}, h('thead', {}, h('tr', {}, h('th', {}, t('screen')), h('th', {}, t('state')), h('th', {}, t('f_notes')))),
      h('tbody', {}, found.screens.map((one) => h('tr', {}, h('td', {}, `${one.id} ${one.place}`), h('td', {}, one.class), h('td', {}, `${one.reason} ${one.text}`)))))),
    h('form', { method: 'dialog' }, h('button', {}, t('close'))));
  box.addEventListener('close', () => box.remove());
  document.body.append(box);
  box.showModal();
}

// Pictures of what is being written, in every shape. While one is drawn, only
// the newest request waits.
function previews(ask_for) {
  const shots = state.start.shapes.map((shape, index) => {
    const image = h('img', { alt: `${t('preview')}: ${shape.name}`, hidden: true });
    const words = h('span', {}, '…');
    const count = h('span', { 'aria-live': 'polite' });
    const shot = { page: 1, pages: 1, busy: false, again: false, image };
    const turn = (step) => {
      shot.page = Math.min(Math.max(shot.page + step, 1), shot.pages);
      shot.draw();
    };
    const back = h('button', { type: 'button', 'aria-label': `${t('previous')}: ${shape.name}`, onclick: () => turn(-1) }, '‹');
    const on = h('button', { type: 'button', 'aria-label': `${t('next')}: ${shape.name}`, onclick: () => turn(1) }, '›');
    shot.node = h('figure', { class: 'shot', 'data-shape': shape.name }, h('figcaption', { class: 'row' }, h('b', {}, shape.name), h('span', { class: 'muted' }, `${shape.width}×${shape.height}`)),
      h('div', { class: 'frame' }, image, words), h('div', { class: 'row' }, back, count, on));
    shot.node.style.margin = '0';
    shot.draw = async () => {
      if (shot.busy) {
        shot.again = true;
        return;
      }
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
        count.textContent = `${t('page_of')} ${shot.page} / ${shot.pages}`;
        back.disabled = shot.page <= 1;
        on.disabled = shot.page >= shot.pages;
        shot.complain(null);
      } catch (error) {
        image.hidden = true;
        words.hidden = false;
        words.textContent = '–';
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
  return box;
}

// Scopes to choose from: all, areas and groups that screens have.
function scopeField(form, changed) {
  ids += 1;
  const list = h('datalist', { id: `scopes${ids}` });
  const scopes = new Set(['all']);
  for (const row of state.screens.values()) {
    if (scopes.size > 60) break;
    if (row[SCREEN.area]) scopes.add(`area-${row[SCREEN.area].slice(0, 6)}`);
    for (const group of row[SCREEN.groups].split(' ')) if (group) scopes.add(`group-${group}`);
  }
  for (const scope of [...scopes].sort()) list.append(h('option', { value: scope }));
  const box = field(t('scope'), input(form.scope, (value) => { form.scope = value.trim(); changed(); }, { list: list.id, name: 'scope', spellcheck: false }), t('scope_hint'));
  box.append(list);
  return box;
}

function seers(form) {
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

// --- Now -------------------------------------------------------------------

const TILE = { width: 236, height: 222, gap: 10 };

function now(main) {
  const filter = saved('now', { text: '', area: '', group: '', condition: '' });
  const counts = h('div', { class: 'conditions', role: 'group', 'aria-label': t('state') });
  const found = h('p', { class: 'muted', role: 'status' });
  const wall = h('div', { class: 'wall', role: 'list', 'aria-label': t('screens') });
  let rows = [];
  let tiles = new Map(); // place in rows → node
  const changed = () => { save('now', filter); sort(); };
  main.append(h('section', { class: 'card', 'aria-label': t('now') }, h('div', { class: 'row' }, h('h2', {}, t('now')), counts),
    h('div', { class: 'filters' },
      field(t('search'), input(filter.text, (value) => { filter.text = value; changed(); }, { type: 'search' })),
      field(t('area'), input(filter.area, (value) => { filter.area = value; changed(); }, { inputmode: 'numeric' })),
      field(t('group'), input(filter.group, (value) => { filter.group = value; changed(); }))), found), wall);

  function sort() {
    const totals = [0, 0, 0, 0];
    const text = filter.text.toLowerCase();
    rows = [];
    for (const row of state.screens.values()) {
      totals[row[SCREEN.condition]] += 1;
      if ((!text || `${row[SCREEN.id]} ${row[SCREEN.place]}`.toLowerCase().includes(text))
          && (!filter.area || row[SCREEN.area].startsWith(filter.area))
          && (!filter.group || row[SCREEN.groups].split(' ').includes(filter.group))
          && (filter.condition === '' || row[SCREEN.condition] === Number(filter.condition))) rows.push(row);
    }
    rows.sort((a, b) => b[SCREEN.condition] - a[SCREEN.condition] || (b[SCREEN.notes] !== '') - (a[SCREEN.notes] !== '') || (a[SCREEN.id] < b[SCREEN.id] ? -1 : 1));
    const button = (key, label) => h('button', { type: 'button', 'aria-pressed': String(filter.condition === key), 'data-condition': key, onclick: (event) => { filter.condition = key; changed(); counts.querySelector(`[data-condition="${event.currentTarget.dataset.condition}"]`).focus(); } }, label);
    const signature = JSON.stringify([totals, filter.condition]);
    if (counts.dataset.signature !== signature) {
      counts.dataset.signature = signature;
      counts.replaceChildren(button('', `${t('all')} ${state.screens.size}`), ...CONDITIONS.map((name, index) => button(String(index), `${t(name)} ${totals[index]}`)));
    }
    found.textContent = `${rows.length} ${t('screens_found')}`;
    draw();
  }

  function tile(row) {
    const showing = row[SCREEN.showing];
    const condition = row[SCREEN.condition];
    const shape = shapeOf(row[SCREEN.groups]);
    const size = state.start.shapes[shape];
    const shrink = Math.min(16, Math.max(1, Math.floor(size.width / 220)));
    const glass = h('div', { class: 'glass' });
    if (!showing) glass.append(t('none'));
    else if (row[SCREEN.light] === 'dark') glass.append(t('dark'));
    else glass.append(picture({ slot: showing, seq: row[SCREEN.seq], shape, shrink }, showing));
    return h('div', { class: `tile c${condition}`, role: 'listitem', 'data-screen': row[SCREEN.id] },
      glass, h('div', {},
        h('button', { class: 'plain name', type: 'button', onclick: () => go('screens', row[SCREEN.id]) }, row[SCREEN.place] || row[SCREEN.id]),
        h('p', { class: 'under' }, h('span', { class: `state${condition}` }, t(CONDITIONS[condition])), ` · ${row[SCREEN.id]}`),
        h('p', { class: 'under' }, showing ? `${t('as_told')} ${clock(row[SCREEN.at])}` : '', row[SCREEN.notes] ? ` · ${row[SCREEN.notes]}` : '')));
  }

  // Only tiles near the window exist.
  function draw() {
    const width = wall.clientWidth || 300;
    const columns = Math.max(1, Math.floor((width + TILE.gap) / (TILE.width + TILE.gap)));
    const own = Math.floor((width - (columns - 1) * TILE.gap) / columns);
    const top = wall.getBoundingClientRect().top;
    const step = TILE.height + TILE.gap;
    const first = Math.max(0, Math.floor((-top - 200) / step)) * columns;
    const last = Math.min(rows.length, (Math.ceil((window.innerHeight - top + 200) / step)) * columns);
    wall.style.height = `${Math.ceil(rows.length / columns) * step}px`;
    const kept = new Map();
    for (let place = first; place < last; place += 1) {
      const key = JSON.stringify(rows[place]);
      const old = tiles.get(rows[place][SCREEN.id]);
      const node = old && old.key === key ? old : { key, node: tile(rows[place]) };
      node.node.style.width = `${own}px`;
      node.node.style.height = `${TILE.height}px`;
      node.node.style.left = `${(place % columns) * (own + TILE.gap)}px`;
      node.node.style.top = `${Math.floor(place / columns) * step}px`;
      kept.set(rows[place][SCREEN.id], node);
      if (old !== node && old) old.node.replaceWith(node.node);
      else if (!old) wall.append(node.node);
    }
    for (const [id, old] of tiles) if (!kept.has(id)) old.node.remove();
    tiles = kept;
  }

  let asked = false;
  const later = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; draw(); });
  };
  window.addEventListener('scroll', later, { passive: true });
  window.addEventListener('resize', later);
  sort();
  return {
    update: (what) => { if (what === 'screens' || what === 'all') sort(); },
    leave: () => {
      window.removeEventListener('scroll', later);
      window.removeEventListener('resize', later);
    },
  };
}

// --- Alert -----------------------------------------------------------------

const LEVELS = ['red', 'orange', 'yellow', 'blue'];
const ALERT_FIELDS = ['headline', 'instruction', 'description', 'area-text', 'sender', 'until'];

function statusName(status) {
  return status === 'actual' ? t('actual') : status === 'exercise' ? t('drill') : t('test');
}

function alertItem(one, edit) {
  const about = one.about || {};
  const ended = one.kind === 'alert-cancel';
  const tally = state.tallies.find((each) => each.id === one.id && each.seq === one.seq);
  return h('article', { class: `item l-${about.level || 'none'} ${about.status || ''}`, 'data-id': one.id },
    h('div', { class: 'row' },
      h('span', { class: 'tag' }, statusName(about.status)),
      ended ? h('span', { class: 'tag' }, t('ended')) : h('b', {}, `${about.level ? t(about.level) : ''} ${about.event || ''}`),
      h('span', { class: 'muted' }, one.own ? t('own') : t('others')),
      one.trust === 'unknown' && !one.own && h('span', { class: 'tag bad' }, t('trust_unknown')),
      one.trust === 'false' && h('span', { class: 'tag bad' }, t('trust_false'))),
    h('p', {}, about.headline || about.instruction || about.reason || one.id),
    h('p', { class: 'muted' }, `${one.id} · ${one.scope} · ${clock(one.issued_ms)}${one.expires_ms && !ended ? ` · ${t('expires')} ${clock(one.expires_ms)}` : ''}`),
    tally && tallyBar(tally),
    h('div', { class: 'row' },
      tally && h('button', { type: 'button', onclick: () => showTally(one.id) }, t('details')),
      !ended && one.own && may('alerts') && h('button', { type: 'button', onclick: () => edit(one) }, t('update')),
      !ended && may('alerts') && h('button', { type: 'button', class: 'cancel', onclick: () => cancelAlert(one) }, t('cancel'))));
}

async function cancelAlert(one) {
  let reason = '';
  const control = field(t('reason'), input('', (value) => { reason = value; }, { maxlength: 80 }));
  if (await ask(`${t('cancel_title')} ${one.about.event || ''} ${one.id}`, t('yes_cancel'), control)) await send('/api/alert/cancel', { id: one.id, reason });
}

function alert(main) {
  const fresh = () => ({ status: 'exercise', template: 'flood', level: 'orange', scope: state.start.scope, update: '' });
  let form = saved('alert', fresh());
  const list = h('section', { class: 'card', 'aria-label': t('in_force') });
  const made = h('div', { class: 'two' });
  main.append(made, list);
  let preview;
  let fields;
  let who;

  const asked = () => {
    const words = { level: form.level, status: form.status };
    if (form.template) words.template = form.template;
    if (!form.update) words.scope = form.scope;
    for (const name of ALERT_FIELDS) if (form[name]) words[name] = form[name];
    return { words, update: form.update || undefined };
  };
  let waiting = null;
  const changed = () => {
    save('alert', form);
    clearTimeout(waiting);
    waiting = setTimeout(() => { preview.draw(); who.draw(); }, 30);
  };

  function complain(error) {
    for (const [name, box] of Object.entries(fields)) {
      const its = error && (error.field.endsWith(name) || error.message.includes(`--${name} `) || error.field === `alert.${name.replace('area-text', 'area')}`);
      box.complain(its ? said(error) : '');
    }
  }

  function build() {
    const actual = form.status === 'actual';
    const event = state.start.templates.templates.find((one) => one.name === form.template);
    const instruction = event && event.levels[form.level] ? event.levels[form.level].instruction : '';
    const text = (name, more = {}) => field(t(name), (name === 'description' ? area : input)(form[name], (value) => { form[name] = value; changed(); }, { name, ...more }), more.hint || '');
    fields = {
      scope: scopeField(form, changed),
      headline: text('headline', { maxlength: 80 }),
      instruction: text('instruction', { maxlength: 60, placeholder: instruction, hint: t('instruction_hint') }),
      description: text('description', { maxlength: 400 }),
      'area-text': text('area-text', { maxlength: 80 }),
      sender: text('sender', { maxlength: 80, placeholder: state.start.sender || '' }),
      until: text('until', { hint: t('until_hint') }),
    };
    who = seers(form);
    preview = previews(asked);
    preview.complain = complain;
    let typed = '';
    const confirm = field(t('confirm'), input('', (value) => { typed = value.trim(); }, { name: 'confirm' }));
    const button = h('button', { class: actual ? 'danger' : 'primary', type: 'submit' }, form.update ? t('send_update') : actual ? t('send_actual') : t('send_drill'));
    const node = h('form', {
      class: `card ${actual ? 'actual' : 'drill'}`, 'aria-label': actual ? t('raise_actual') : t('raise_drill'), novalidate: true,
      onsubmit: async (submitted) => {
        submitted.preventDefault();
        const sent = form; // the person may have begun another one meanwhile
        confirm.complain('');
        button.disabled = true;
        button.textContent = t('sending');
        try {
          const answer = await (await post('/api/alert', { ...asked(), confirm: typed })).json();
          toast(waitingWords(answer) || `${t('sent')}: ${answer.id}`);
          if (form !== sent) return;
          form = { ...fresh(), status: form.status, template: form.template, scope: form.scope };
          save('alert', form);
        } catch (error) {
          if (error instanceof Refusal && error.field === 'confirm') confirm.complain(t('confirm'));
          else if (error.answer && error.answer.code === 3) toast(`${t('kept')}\n${error.message}`, true);
          else { complain(error); toast(`${t('failed')}: ${error.message}`, true); }
          button.disabled = false;
          button.textContent = form.update ? t('send_update') : actual ? t('send_actual') : t('send_drill');
          if (error instanceof Refusal && error.field === 'confirm') confirm.input.focus();
          return;
        }
        build();
        list.querySelector('h2').focus();
      },
    },
    h('p', { class: 'banner' }, actual ? t('actual_banner') : t('drill_banner')),
    h('h2', {}, form.update ? `${t('update_title')}: ${form.update}` : actual ? t('raise_actual') : t('raise_drill')),
    !form.update && choices(t('kind_of'), 'status', form.status, [['exercise', t('drill')], ['actual', t('actual')]], (value) => { form.status = value; changed(); build(); }),
    field(t('template'), select(form.template, [...(form.update ? [['', '–']] : []), ...state.start.templates.templates.map((one) => [one.name, one.event])], (value) => { form.template = value; changed(); build(); })),
    choices(t('level'), 'level', form.level, LEVELS.map((level) => [level, t(level)]), (value) => { form.level = value; changed(); }),
    !form.update && fields.scope, ...['headline', 'instruction', 'description', 'area-text', 'sender', 'until'].map((name) => fields[name]),
    !form.update && who,
    actual && confirm,
    h('div', { class: 'row' }, button, form.update && h('button', { type: 'button', onclick: () => { form = fresh(); save('alert', form); build(); } }, t('no'))));
    made.replaceChildren(node, preview);
    preview.draw();
    if (!form.update) who.draw();
  }

  function edit(one) {
    form = { ...fresh(), status: one.about.status, level: one.about.level, scope: one.scope, update: one.id, template: '', headline: one.about.headline, instruction: one.about.instruction, description: one.about.description };
    save('alert', form);
    build();
    made.querySelector('h2').scrollIntoView({ block: 'center' });
    made.querySelector('input[name=level]:checked').focus();
  }

  function showList() {
    const sorted = [...state.alerts].sort((a, b) => (a.kind === 'alert-cancel') - (b.kind === 'alert-cancel') || b.issued_ms - a.issued_ms);
    const focused = document.activeElement && list.contains(document.activeElement) ? document.activeElement.closest('[data-id]') : null;
    const text = document.activeElement && document.activeElement.textContent;
    list.replaceChildren(h('h2', { tabindex: -1 }, t('in_force')), ...(sorted.length ? sorted.map((one) => alertItem(one, edit)) : [h('p', { class: 'muted' }, t('none'))]));
    if (focused) {
      const again = [...list.querySelectorAll(`[data-id="${CSS.escape(focused.dataset.id)}"] button`)].find((one) => one.textContent === text);
      if (again) again.focus();
    }
  }

  if (may('alerts')) build();
  showList();
  return {
    update: (what) => {
      if (what === 'messages' || what === 'tallies' || what === 'all') showList();
      if (what === 'all' && who && !form.update) who.draw();
    },
  };
}

// --- Programme -------------------------------------------------------------

// What each kind of panel takes: [field, shape, required, most characters].
const KINDS = {
  notice: [['body', 'text', true, 2000], ['sender', 'line', false, 80], ['date', 'time']],
  figure: [['value', 'number', true], ['unit', 'line', true, 12], ['label', 'line', false, 30], ['note', 'line', false, 80]],
  figures: [['figure_list', 'figures', true]],
  comparison: [['value', 'number', true], ['unit', 'line', true, 12], ['now_label', 'line', true, 30], ['baseline_label', 'line', true, 30], ['baseline_value', 'number', true]],
  share: [['value', 'number', true], ['whole', 'line', true, 30]],
  years: [['years_count', 'number', true], ['honour', 'line', true, 80]],
  honours: [['items', 'items', true]],
  growth: [['points', 'points', true], ['unit', 'line', true, 12]],
  place: [['address', 'line', true, 80], ['items', 'items']],
  title_page: [],
  countdown: [['until_moment', 'time', true], ['finished', 'line', false, 80]],
  qr: [['url', 'line', true, 400], ['caption', 'line', true, 80]],
  poster: [['pictures', 'pictures', true], ['caption', 'line', false, 80], ['credit', 'line', false, 30]],
  photo: [['pictures', 'pictures', true], ['caption', 'line', false, 80], ['credit', 'line', false, 30]],
  series: [['pictures', 'pictures', true]],
  situation: [['date', 'time', true], ['response', 'line', false, 30], ['figure_list', 'figures'], ['sender', 'line', false, 80]],
};
const TEMPLATES = { title_page: 'title' };
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

// A number is written as it was typed: screens keep exactly these digits.
class Digits {
  constructor(text) { this.text = text.trim().replace(/[,，]/g, ''); }
  toJSON() { return `\u0000${this.text}\u0000`; }
}
function digits(text) {
  if (!/^-?\d+(\.\d+)?$/.test((text || '').trim().replace(/[,，]/g, ''))) return undefined;
  return new Digits(text);
}
function print(draft) {
  return JSON.stringify(draft).replace(/"\\u0000([^"]*?)\\u0000"/g, '$1');
}

function linesOf(text) {
  return (text || '').split('\n').map((line) => line.trim()).filter(Boolean);
}

function pairOf(line) {
  const at = line.search(/[=＝]/);
  return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

function figureOf(line) {
  const [label, rest] = pairOf(line);
  const match = /^(-?[\d.,，]+)\s*(.*)$/.exec(rest);
  return { label, value: match ? digits(match[1]) : undefined, unit: match ? match[2] : '' };
}

function panelOf(form) {
  const panel = { template: TEMPLATES[form.kind] || form.kind, section: form.section, title: form.title };
  if (form.subtitle) panel.subtitle = form.subtitle;
  if (form.order) panel.order = digits(form.order);
  if (linesOf(form.lines).length) panel.lines = linesOf(form.lines);
  const one = { label: form.label || undefined, value: digits(form.value), unit: form.unit, note: form.note || undefined };
  switch (form.kind) {
    case 'notice': panel.body = form.body; panel.sender = form.sender || undefined; panel.date = withOffset(form.date); break;
    case 'figure': panel.figures = [one]; break;
    case 'figures': panel.figures = linesOf(form.figure_list).map(figureOf); break;
    case 'comparison': panel.figures = [one]; panel.now_label = form.now_label; panel.baseline_label = form.baseline_label; panel.baseline_value = digits(form.baseline_value); break;
    case 'share': panel.figures = [{ value: digits(form.value), unit: '%' }]; panel.whole = form.whole; break;
    case 'years': panel.years = digits(form.years_count); panel.honour = form.honour; break;
    case 'honours': panel.items = linesOf(form.items).map((line) => { const [text, detail] = pairOf(line); return { text, detail: detail || undefined }; }); break;
    case 'growth': panel.points = linesOf(form.points).map((line) => { const [label, value] = pairOf(line); return { label, value: digits(value) }; }); panel.unit = form.unit; break;
    case 'place': panel.address = form.address; if (linesOf(form.items).length) panel.items = linesOf(form.items).map((line) => { const [text, detail] = pairOf(line); return { text, detail: detail || undefined }; }); break;
    case 'countdown': panel.until = withOffset(form.until_moment); panel.finished = form.finished || undefined; break;
    case 'qr': panel.url = form.url; panel.caption = form.caption; break;
    case 'situation': panel.date = withOffset(form.date); panel.level = form.response || undefined; panel.sender = form.sender || undefined; if (linesOf(form.figure_list).length) panel.figures = linesOf(form.figure_list).map(figureOf); break;
    default: break;
  }
  if (['poster', 'photo', 'series'].includes(form.kind)) {
    panel.pictures = (form.pictures || []).map((each) => ({ file: each.file, focus_x: each.focus_x, focus_y: each.focus_y, caption: form.caption || undefined, credit: form.credit || undefined }));
  }
  const schedule = {};
  if (form.from) schedule.from = form.from;
  if (form.to) schedule.until = form.to;
  if (form.days && form.days.length) schedule.days = DAYS.filter((day) => form.days.includes(day));
  if (form.hours) schedule.hours = form.hours.split(/[,，]/).map((text) => text.trim().replace(/\s*[-–—]\s*/, '-')).filter(Boolean);
  if (Object.keys(schedule).length) panel.schedule = schedule;
  return panel;
}

function newId(kind) {
  const two = (number) => String(number).padStart(2, '0');
  const at = new Date();
  const lot = Math.random().toString(36).slice(2, 6).padEnd(4, '0');
  return `${kind.replace('_', '-')}-${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}-${two(at.getHours())}${two(at.getMinutes())}-${lot}`;
}

function draftOf(form) {
  return print({ gaoshi: 1, kind: 'panel', id: form.id, scope: form.scope, panel: panelOf(form) });
}

// The fields of a panel that was sent, back in the form.
function formOf(body) {
  const panel = body.panel;
  const local = (time) => (time || '').slice(0, 16);
  const lines = (list, text) => (list || []).map(text).join('\n');
  const figure = (panel.figures || [])[0] || {};
  const kind = panel.template === 'title' ? 'title_page' : panel.template;
  return {
    kind, id: body.id, scope: body.scope, section: panel.section, title: panel.title, subtitle: panel.subtitle || '', order: panel.order ? String(panel.order) : '',
    lines: (panel.lines || []).join('\n'), body: panel.body, sender: panel.sender, date: local(panel.date), value: figure.value === undefined ? '' : String(figure.value), unit: panel.unit || figure.unit, label: figure.label, note: figure.note,
    figure_list: lines(panel.figures, (one) => `${one.label || ''}=${one.value} ${one.unit}`), items: lines(panel.items, (one) => (one.detail ? `${one.text}=${one.detail}` : one.text)), points: lines(panel.points, (one) => `${one.label}=${one.value}`),
    now_label: panel.now_label, baseline_label: panel.baseline_label, baseline_value: panel.baseline_value === undefined ? '' : String(panel.baseline_value), whole: panel.whole, years_count: panel.years ? String(panel.years) : '', honour: panel.honour, address: panel.address,
    until_moment: local(panel.until), finished: panel.finished, url: panel.url, caption: panel.caption, response: panel.level,
    from: (panel.schedule || {}).from, to: (panel.schedule || {}).until, days: (panel.schedule || {}).days || [], hours: ((panel.schedule || {}).hours || []).join(', '),
    pictures: [], changes: true,
  };
}

function pictureField(form, changed) {
  const shown = h('div', { class: 'row' });
  const files = h('input', { type: 'file', accept: 'image/jpeg,image/png,image/webp', multiple: true, name: 'pictures', onchange: (event) => take(event.target.files) });
  const box = field(t('drop_here'), files, t('focus_hint'));
  const zone = h('div', {
    class: 'drop', ondragover: (event) => { event.preventDefault(); zone.classList.add('over'); },
    ondragleave: () => zone.classList.remove('over'),
    ondrop: (event) => { event.preventDefault(); zone.classList.remove('over'); take(event.dataTransfer.files); },
  }, box, shown);
  async function take(list) {
    for (const file of [...list].slice(0, 8)) {
      try {
        const facts = await (await post('/api/upload', file)).json();
        const one = { file: facts.file, width: facts.width, height: facts.height, focus_x: 500, focus_y: 500, url: URL.createObjectURL(file) };
        form.pictures = form.kind === 'series' ? [...(form.pictures || []), one].slice(0, 8) : [one];
        box.complain('');
      } catch (error) { box.complain(`${file.name}: ${error.message}`); }
    }
    show();
    changed();
  }
  function show() {
    shown.replaceChildren(...(form.pictures || []).filter((one) => one.url).map((one) => {
      const mark = h('i');
      const place = () => { mark.style.left = `${one.focus_x / 10}%`; mark.style.top = `${one.focus_y / 10}%`; };
      place();
      return h('div', {
        class: 'focus', onclick: (event) => {
          const edge = event.currentTarget.getBoundingClientRect();
          one.focus_x = Math.round((1000 * (event.clientX - edge.left)) / edge.width);
          one.focus_y = Math.round((1000 * (event.clientY - edge.top)) / edge.height);
          place();
          changed();
        },
      }, h('img', { src: one.url, alt: '' }), mark);
    }));
  }
  show();
  zone.complain = box.complain;
  zone.input = files;
  return zone;
}

function programme(main) {
  const fresh = () => ({ kind: 'notice', section: 'general', scope: state.start.scope, id: '', title: '', days: [], pictures: [] });
  let form = saved('panel', fresh());
  form.pictures = (form.pictures || []).filter((one) => one.url && !one.url.startsWith('blob:'));
  const made = h('div', { class: 'two' });
  const published = h('section', { class: 'card', 'aria-label': t('published') });
  const outbox = h('section', { class: 'card', 'aria-label': t('outbox') });
  main.append(made, published, runsOn(), outbox);
  let preview;
  let fields = {};
  let waiting = null;
  const changed = () => {
    save('panel', { ...form, pictures: [] });
    clearTimeout(waiting);
    waiting = setTimeout(() => preview.draw(), 30);
  };
  if (!form.id) form.id = newId(form.kind);

  function complain(error) {
    for (const [name, box] of Object.entries(fields)) {
      const plain = { value: 'figures[0].value', unit: 'unit', label: 'figures[0].label', until_moment: 'panel.until', years_count: 'panel.years', figure_list: 'figures', response: 'panel.level', hours: 'schedule', pictures: 'pictures' }[name] || `panel.${name}`;
      box.complain(error && preview.begun() && error.field && error.field.includes(plain) ? said(error) : '');
    }
  }

  function control(name, shape, required, most) {
    const set = (value) => { form[name] = value; changed(); };
    const more = { name, required };
    if (most) more.maxlength = most;
    switch (shape) {
      case 'text': return field(t(name), area(form[name], set, more));
      case 'figures': case 'items': case 'points': return field(t(name), area(form[name], set, more));
      case 'number': return field(t(name), input(form[name], set, { ...more, inputmode: 'decimal' }));
      case 'time': return field(t(name), input(form[name], set, { ...more, type: 'datetime-local' }));
      case 'pictures': return pictureField(form, changed);
      default: return field(t(name), input(form[name], set, more));
    }
  }

  function build() {
    fields = { title: field(t('panel_title'), input(form.title, (value) => { form.title = value; changed(); }, { name: 'title', maxlength: 40, required: true })) };
    for (const [name, shape, required, most] of KINDS[form.kind]) fields[name] = control(name, shape, required, most);
    fields.hours = field(t('hours'), input(form.hours, (value) => { form.hours = value; changed(); }, { name: 'hours' }));
    preview = previews(() => ({ draft: draftOf(form) }));
    preview.complain = complain;
    preview.begun = () => Boolean(form.title);
    const who = seers(form);
    const button = h('button', { class: 'primary', type: 'submit' }, form.changes ? t('push_changes') : t('push'));
    const own = KINDS[form.kind].map(([name]) => fields[name]);
    const node = h('form', {
      class: 'card', novalidate: true, 'aria-label': t('new_panel'), onsubmit: async (event) => {
        event.preventDefault();
        let good = true;
        for (const [name, , required] of [['title', 'line', true], ...KINDS[form.kind]]) {
          const empty = name === 'pictures' ? !(form.pictures || []).length : !form[name];
          if (required && empty) {
            fields[name].complain(t('required'));
            if (good) fields[name].input.focus();
            good = false;
          }
        }
        if (!good) return;
        button.disabled = true;
        button.textContent = t('sending');
        const sent = form; // the person may have begun another one meanwhile
        const answer = await send('/api/panel/push', { draft: draftOf(form), scope: form.scope });
        if (form !== sent) return;
        if (answer) {
          form = { ...fresh(), kind: form.kind, section: form.section, scope: form.scope };
          form.id = newId(form.kind);
          save('panel', form);
          build();
          published.querySelector('h2').focus();
        } else {
          button.disabled = false;
          button.textContent = form.changes ? t('push_changes') : t('push');
        }
        showOutbox();
      },
    },
    h('h2', {}, form.changes ? `${t('change_panel')}: ${form.id}` : t('new_panel')),
    field(t('kind'), select(form.kind, Object.keys(KINDS).map((kind) => [kind, t(kind)]), (value) => { form.kind = value; if (!form.changes) form.id = newId(value); changed(); build(); made.querySelector('select').focus(); })),
    fields.title, field(t('subtitle'), input(form.subtitle, (value) => { form.subtitle = value; changed(); }, { name: 'subtitle', maxlength: 80 })), ...own,
    field(t('lines'), area(form.lines, (value) => { form.lines = value; changed(); }, { name: 'lines' })),
    field(t('section'), select(form.section, ['general', 'quality', 'garden', 'warmth', 'emergency'].map((one) => [one, t(one)]), (value) => { form.section = value; changed(); })),
    h('fieldset', {}, h('legend', {}, t('schedule')),
      h('div', { class: 'filters' }, field(t('from_day'), input(form.from, (value) => { form.from = value; changed(); }, { type: 'date', name: 'from' })), field(t('until_day'), input(form.to, (value) => { form.to = value; changed(); }, { type: 'date', name: 'to' }))),
      fields.hours,
      h('fieldset', {}, h('legend', {}, t('days')), h('div', { class: 'choices' }, DAYS.map((day) => h('label', {}, h('input', { type: 'checkbox', name: 'days', value: day, checked: (form.days || []).includes(day), onchange: (event) => { form.days = event.target.checked ? [...(form.days || []), day] : form.days.filter((one) => one !== day); changed(); } }), t(day)))))),
    scopeField(form, () => { changed(); who.draw(); }), who,
    h('div', { class: 'row' }, button, h('button', { type: 'button', onclick: () => { form = fresh(); form.id = newId(form.kind); changed(); build(); } }, t('start_new'))));
    made.replaceChildren(node, preview);
    preview.draw();
    who.draw();
  }

  async function push(body, order) {
    body.panel.order = order;
    const text = JSON.stringify({ gaoshi: 1, kind: 'panel', id: body.id, scope: body.scope, ...(body.expires ? { expires: body.expires } : {}), ...(body.effective ? { effective: body.effective } : {}), panel: body.panel });
    return send('/api/panel/push', { draft: text, scope: body.scope });
  }

  // Moves a panel before another one of its section: the orders of the section
  // are written anew, ten apart, for those whose order changes.
  async function move(from, to) {
    const section = state.panels.filter((one) => one.own && one.about.section === from.about.section && one.scope === from.scope);
    const bodies = await Promise.all(section.map((one) => getJson('/api/panel', { id: one.id, seq: one.seq })));
    bodies.sort((a, b) => (a.panel.order || 0) - (b.panel.order || 0) || (a.id < b.id ? -1 : 1));
    const moved = bodies.splice(bodies.findIndex((one) => one.id === from.id), 1)[0];
    bodies.splice(typeof to === 'number' ? Math.max(0, to) : bodies.findIndex((one) => one.id === to.id), 0, moved);
    for (const [place, body] of bodies.entries()) if ((body.panel.order || 0) !== 10 * (place + 1)) await push(body, 10 * (place + 1));
  }

  let dragged = null;
  function panelItem(one) {
    const shape = 0;
    const tally = state.tallies.find((each) => each.id === one.id && each.seq === one.seq);
    return h('li', {
      'data-id': one.id, draggable: one.own && may('panels') ? 'true' : null,
      ondragstart: () => { dragged = one; },
      ondragover: (event) => { if (dragged && dragged.about.section === one.about.section && dragged.id !== one.id) { event.preventDefault(); event.currentTarget.classList.add('over'); } },
      ondragleave: (event) => event.currentTarget.classList.remove('over'),
      ondrop: async (event) => { event.preventDefault(); event.currentTarget.classList.remove('over'); const from = dragged; dragged = null; if (from) await move(from, one); },
    }, h('div', { class: 'glass' }, picture({ slot: `panel/${one.id}`, seq: one.seq, shape, shrink: 8 }, (one.about || {}).title || one.id)),
    h('p', { class: 'name' }, (one.about || {}).title || one.id),
    h('p', { class: 'muted' }, `${t((one.about || {}).section || 'general')} · ${one.scope}${one.own ? '' : ` · ${t('others')}`}`),
    tally && tallyBar(tally),
    one.own && may('panels') && h('div', { class: 'row' },
      h('button', { type: 'button', onclick: async () => { form = formOf(await getJson('/api/panel', { id: one.id, seq: one.seq })); save('panel', form); build(); made.querySelector('select').focus(); } }, t('edit')),
      h('button', { type: 'button', onclick: async () => { if (await ask(`${t('remove_title')} ${one.about.title}`, t('yes_remove'))) await send('/api/panel/remove', { id: one.id, scope: one.scope }); } }, t('remove'))));
  }

  function showPublished() {
    const sorted = [...state.panels].sort((a, b) => (a.about.section < b.about.section ? -1 : a.about.section > b.about.section ? 1 : a.id < b.id ? -1 : 1));
    published.replaceChildren(h('h2', { tabindex: -1 }, `${t('published')} (${sorted.length})`), h('p', { class: 'hint' }, t('drag_hint')), sorted.length ? h('ul', { class: 'panels' }, sorted.slice(0, 200).map(panelItem)) : h('p', { class: 'muted' }, t('none')));
  }

  async function showOutbox() {
    const waits = await getJson('/api/outbox').catch(() => null);
    const messages = (waits && waits.messages) || [];
    outbox.replaceChildren(h('h2', {}, `${t('outbox')} (${messages.length})`),
      messages.length ? h('ul', {}, messages.map((one) => h('li', {}, `${one.kind} ${one.id} ${one.title || ''} `, may('alerts') && h('button', { type: 'button', onclick: async () => { await send('/api/outbox/drop', { id: one.id }); showOutbox(); } }, t('drop'))))) : h('p', { class: 'muted' }, t('none')),
      messages.length === 0 || !may('alerts') ? '' : h('button', { type: 'button', class: 'primary', onclick: async () => { await send('/api/outbox/send', {}); showOutbox(); } }, t('send_waiting')));
  }

  function titleOf(id) {
    const panel = state.panels.find((one) => one.id === id);
    return (panel && panel.about.title) || id;
  }

  function runsOn() {
    const asked = { screen: (state.screens.keys().next().value || ''), day: today() };
    const out = h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': `${t('runs_on')} ${t('table')}` });
    return h('section', { class: 'card', 'aria-label': t('runs_on') }, h('h2', {}, t('runs_on')), h('form', {
      class: 'row', onsubmit: async (event) => {
        event.preventDefault();
        out.replaceChildren(t('loading'));
        try {
          const day = await getJson('/api/programme', { screen: asked.screen, on: asked.day });
          const spans = (day.spans || []).filter((span) => span.panels.length);
          out.replaceChildren(spans.length ? h('table', {}, h('tbody', {}, spans.map((span) => h('tr', {}, h('th', { scope: 'row' }, `${span.from.slice(11, 16)}–${span.until.slice(11, 16)}`), h('td', {}, span.panels.map((one) => titleOf(one.id)).join('、')))))) : h('p', {}, t('nothing_runs')));
        } catch (error) { out.replaceChildren(h('p', { class: 'wrong' }, error.message)); }
      },
    }, field(t('screen'), input(asked.screen, (value) => { asked.screen = value; })), field(t('day'), input(asked.day, (value) => { asked.day = value; }, { type: 'date' })), h('button', {}, t('show'))), out);
  }

  if (may('panels')) build();
  showPublished();
  showOutbox();
  return {
    update: (what) => {
      if (what === 'messages' || what === 'tallies' || what === 'all') showPublished();
      if (what === 'line') showOutbox();
    },
  };
}

// --- Screens ---------------------------------------------------------------

const TIMES = ['since_ms', 'news_ms', 'tick_ms', 'last_error_ms'];
const BYTES = ['memory_free_bytes', 'disk_free_bytes', 'resident_bytes'];

function value(name, raw) {
  if (TIMES.includes(name)) return clock(raw);
  if (BYTES.includes(name)) return `${Math.round(raw / 1048576)} MiB`;
  if (name === 'uptime_s') return raw > 172800 ? `${Math.floor(raw / 86400)} d` : `${Math.floor(raw / 3600)} h ${Math.floor((raw % 3600) / 60)} min`;
  if (typeof raw === 'boolean') return raw ? t('yes') : t('no_word');
  return String(raw);
}

function screens(main) {
  const id = detailOfAddress();
  const list = h('datalist', { id: 'screen-ids' });
  const detail = h('div', { class: 'two' });
  const journal = h('section', { class: 'card', 'aria-label': t('journal') });
  const chosen = input(id, () => {}, { list: 'screen-ids', name: 'screen' });
  main.append(h('section', { class: 'card', 'aria-label': t('screens') }, h('h2', {}, t('screens')), h('form', { class: 'row', onsubmit: (event) => { event.preventDefault(); go('screens', chosen.value.trim()); } }, field(t('choose_screen'), chosen), list, h('button', {}, t('show')))), detail, journal);
  const showIds = () => list.replaceChildren(...[...state.screens.values()].slice(0, 500).map((row) => h('option', { value: row[SCREEN.id] }, row[SCREEN.place])));

  async function command(verb, more = {}, button = null) {
    if (button) button.disabled = true;
    toast(t('asking'));
    try {
      const response = await post('/api/command', { screen: id, verb, ...more });
      if (verb === 'screenshot') {
        const old = detail.querySelector('.real');
        const shot = h('figure', { class: 'shot real' }, h('figcaption', {}, `${t('screenshot')} ${clock(Date.now())}`), h('img', { src: URL.createObjectURL(await response.blob()), alt: t('screenshot') }));
        shot.style.margin = '0';
        if (old) old.replaceWith(shot); else detail.lastChild.append(shot);
      } else toast(t('done'));
    } catch (error) { toast(error.message, true); }
    if (button) button.disabled = false;
  }

  async function showScreen() {
    if (!id) return;
    let found;
    try { found = await getJson('/api/screen', { id }); } catch (error) {
      detail.replaceChildren(h('p', { class: 'wrong' }, `${id}: ${error.message}`));
      return;
    }
    const { row, ...rest } = found;
    const shot = detail.querySelector('.real');
    const facts = [['f_place', row[SCREEN.place]], ['f_area', row[SCREEN.area]], ['f_groups', row[SCREEN.groups]], ['f_showing', row[SCREEN.showing]], ['f_notes', row[SCREEN.notes]], ...Object.entries(rest).map(([name, raw]) => [`f_${name}`, value(name, raw)])];
    const button = (verb, label, more = {}) => h('button', { type: 'button', onclick: (event) => command(verb, more, event.currentTarget) }, label);
    detail.replaceChildren(h('section', { class: 'card', 'aria-label': t('state') },
      h('h2', {}, row[SCREEN.place] || id, ' ', h('span', { class: `tag state${row[SCREEN.condition]}` }, t(CONDITIONS[row[SCREEN.condition]]))),
      h('dl', {}, facts.filter(([, text]) => text !== '').flatMap(([name, text]) => [h('dt', {}, t(name)), h('dd', {}, text)]))),
    h('section', { class: 'card', 'aria-label': t('show') },
      (may('panels') || may('alerts')) && h('div', { class: 'row' }, button('identify', t('identify')), button('screenshot', t('screenshot')), button('night', t('night_on'), { value: 'on' }), button('night', t('night_off'), { value: 'off' }),
        h('button', { type: 'button', onclick: async (event) => { const it = event.currentTarget; if (await ask(t('restart_title'), t('yes_restart'))) await command('restart', {}, it); } }, t('restart'))),
      h('div', { class: 'row' }, h('button', { type: 'button', onclick: plays }, t('plays_export'))),
      row[SCREEN.showing] && h('figure', { class: 'shot' }, h('figcaption', { class: 'muted' }, `${t('as_told')} ${clock(row[SCREEN.at])}`), h('div', { class: 'frame' }, picture({ slot: row[SCREEN.showing], seq: row[SCREEN.seq], shape: shapeOf(row[SCREEN.groups]), shrink: 2, screen: id }, row[SCREEN.showing]))), shot));
  }

  async function plays() {
    toast(t('asking'));
    try {
      const blob = await (await get('/api/plays', { screen: id })).blob();
      const link = h('a', { href: URL.createObjectURL(blob), download: `${id}-plays.csv` });
      document.body.append(link);
      link.click();
      link.remove();
    } catch (error) { toast(error.message, true); }
  }

  async function showJournal() {
    const entries = await getJson('/api/journal');
    journal.replaceChildren(h('h2', {}, t('journal')), h('p', { class: 'hint' }, t('journal_note')), h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': `${t('journal')} ${t('table')}` }, h('table', {}, h('tbody', {}, entries.slice(0, 50).map((one) => h('tr', {}, h('td', {}, clock(Date.parse(one.at))), h('td', {}, one.who, one.from ? h('p', { class: 'muted' }, one.from) : null), h('td', {}, deedName(one)), h('td', {}, deedWords(one), one.said ? h('p', { class: 'muted' }, one.said) : null)))))));
  }

  showIds();
  showScreen();
  showJournal();
  return {
    update: (what) => {
      if (what === 'screens' || what === 'all') { showIds(); showScreen(); }
      if (what === 'journal') showJournal();
    },
  };
}

export const PARTS = { now, alert, programme, screens };
