// Three of the four parts of the page; programme.js has the other one. Each is a
// function that builds itself into the given element and returns {update(what),
// leave()}.
import { t, said } from './words.js';
import {
  state, SCREEN, CONDITIONS, notesOf, h, get, getJson, post, send, toast, clock, ask, save, saved,
  go, detailOfAddress, Refusal, today, may,
} from './console.js';
import { deedName, deedWords, waiting as waitingWords } from './approvals.js';
import {
  field, input, area, select, choices, shapeOf, shapeName, picture, showPicture, showWords, arrange, showEach, receiptsOf, showTallies, showTally, previews, scopeField, seers,
} from './pieces.js';
import { programme } from './programme.js';

// --- Now -------------------------------------------------------------------

const TILE = { width: 236, height: 222, gap: 10 };

function now(main) {
  const filter = saved('now', { text: '', area: '', group: '', condition: '' });
  const button = (key) => h('button', { type: 'button', 'data-condition': key, onclick: () => { filter.condition = key; changed(); } });
  const conditions = ['', ...CONDITIONS.keys()].map((key) => button(String(key)));
  const counts = h('div', { class: 'conditions', role: 'group', 'aria-label': t('state') }, conditions);
  const found = h('p', { class: 'muted', role: 'status' });
  const wall = h('div', { class: 'wall', role: 'list', 'aria-label': t('screens') });
  let rows = [];
  let tiles = new Map(); // id → node
  const changed = () => { save('now', filter); sort(); };
  const areas = chooser('area', t('area'));
  const groups = chooser('group', t('group'));
  main.append(h('section', { class: 'card', 'aria-label': t('now') }, h('div', { class: 'row' }, h('h2', {}, t('now')), counts),
    h('div', { class: 'filters' },
      field(t('search'), input(filter.text, (value) => { filter.text = value; changed(); }, { type: 'search' })),
      areas.box, groups.box), found), wall);

  // Choices that the screens have, with how many.
  function chooser(name, text) {
    const list = select('', [], (value) => { filter[name] = value; changed(); });
    list.name = name;
    const any = h('option', { value: '' }, t('any'));
    const option = (named) => ([one]) => {
      const node = h('option', { value: one });
      node.update = ([, count]) => showWords(node, `${named(one)}${t('open_bracket')}${count}${t('close_bracket')}`);
      return node;
    };
    return {
      box: field(text, list),
      draw: (counts, named) => {
        if (filter[name] && !counts.has(filter[name])) counts.set(filter[name], 0);
        showEach(list, [...counts].sort((a, b) => (a[0] < b[0] ? -1 : 1)).slice(0, 300), { id: ([one]) => one, make: option(named), before: [any] });
        if (list.value !== filter[name]) list.value = filter[name];
      },
    };
  }

  function sort() {
    const totals = [0, 0, 0, 0];
    const text = filter.text.toLowerCase();
    const inArea = new Map();
    const inGroup = new Map();
    const count = (map, one) => map.set(one, (map.get(one) || 0) + 1);
    rows = [];
    for (const row of state.screens.values()) {
      totals[row[SCREEN.condition]] += 1;
      for (const digits of [6, 9]) if (row[SCREEN.area].length >= digits) count(inArea, row[SCREEN.area].slice(0, digits));
      for (const group of row[SCREEN.groups].split(' ')) if (group) count(inGroup, group);
      if ((!text || `${row[SCREEN.id]} ${row[SCREEN.place]}`.toLowerCase().includes(text))
          && (!filter.area || row[SCREEN.area].startsWith(filter.area))
          && (!filter.group || row[SCREEN.groups].split(' ').includes(filter.group))
          && (filter.condition === '' || row[SCREEN.condition] === Number(filter.condition))) rows.push(row);
    }
    rows.sort((a, b) => b[SCREEN.condition] - a[SCREEN.condition] || (b[SCREEN.notes] !== '') - (a[SCREEN.notes] !== '') || (a[SCREEN.id] < b[SCREEN.id] ? -1 : 1));
    for (const [index, one] of conditions.entries()) {
      one.setAttribute('aria-pressed', String(filter.condition === one.dataset.condition));
      showWords(one, index === 0 ? `${t('all')} ${state.screens.size}` : `${t(CONDITIONS[index - 1])} ${totals[index - 1]}`);
    }
    areas.draw(inArea, (one) => one);
    groups.draw(inGroup, shapeName);
    found.textContent = `${rows.length} ${t('screens_found')}`;
    draw();
  }

  function tile(id) {
    const glass = h('div', { class: 'glass' });
    const name = h('button', { class: 'plain name', type: 'button', onclick: () => go('screens', id) });
    const standing = h('span', {});
    const drill = h('b', {});
    const told = h('p', { class: 'under' });
    const node = h('div', { role: 'listitem', 'data-screen': id }, glass,
      h('div', {}, name, h('p', { class: 'under' }, standing, drill, ` · ${id}`), told));
    const glassWords = (words) => { delete glass.dataset.source; glass.replaceChildren(words); };
    node.update = (row) => {
      node.row = row;
      const showing = row[SCREEN.showing];
      const condition = row[SCREEN.condition];
      const shape = shapeOf(row[SCREEN.groups]);
      const shrink = Math.min(16, Math.max(1, Math.floor(state.start.shapes[shape].width / 220)));
      const status = statusOfSlot(showing);
      if (!showing) glassWords(t('none'));
      else if (row[SCREEN.light] === 'dark') glassWords(t('dark'));
      else showPicture(glass, { slot: showing, seq: row[SCREEN.seq], shape, shrink, at: row[SCREEN.at] - (row[SCREEN.at] % 60000) }, titleOfSlot(showing));
      node.className = `tile c${condition} ${status || ''}`;
      showWords(name, row[SCREEN.place] || id);
      standing.className = `state${condition}`;
      showWords(standing, t(CONDITIONS[condition]));
      showWords(drill, status ? ` · ${statusName(status)}` : '');
      showWords(told, `${showing ? `${t('as_told')} ${clock(row[SCREEN.at])}` : ''}${notesOf(row) ? ` · ${notesOf(row)}` : ''}`);
    };
    return node;
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
      const id = rows[place][SCREEN.id];
      const node = tiles.get(id) || tile(id);
      if (node.row !== rows[place]) node.update(rows[place]);
      node.style.width = `${own}px`;
      node.style.height = `${TILE.height}px`;
      node.style.left = `${(place % columns) * (own + TILE.gap)}px`;
      node.style.top = `${Math.floor(place / columns) * step}px`;
      kept.set(id, node);
      if (!tiles.has(id)) wall.append(node);
    }
    for (const [id, old] of tiles) if (!kept.has(id)) old.remove();
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

// What a slot such as alert/ID has, in words and as the status of an alert.
function messageOfSlot(slot) {
  const [kind, id] = [slot.slice(0, slot.indexOf('/')), slot.slice(slot.indexOf('/') + 1)];
  return kind === 'panel' ? state.panels.find((one) => one.id === id) : state.alerts.find((one) => one.id === id && (one.kind === 'alert') === (kind === 'alert'));
}

function titleOfSlot(slot) {
  if (slot === 'plain') return t('plain_page');
  const { about } = messageOfSlot(slot) || {};
  return about ? about.title || `${about.level ? t(about.level) : ''}${about.event || about.headline || t('ended')}` : slot;
}

function statusOfSlot(slot) {
  const message = /^(alert|clear)\//.test(slot) ? messageOfSlot(slot) : null;
  return message ? message.about.status : '';
}

// --- Alert -----------------------------------------------------------------

const LEVELS = ['red', 'orange', 'yellow', 'blue'];
const FOLDED = ['description', 'area-text', 'sender', 'until'];
const ALERT_FIELDS = ['headline', 'instruction', 'description', 'area-text', 'sender', 'until'];

function statusName(status) {
  return status === 'actual' ? t('actual') : status === 'exercise' ? t('drill') : t('test');
}

// Whose it is: ours, a CAP folder's, or a colleague's.
function originOf(one) {
  return (one.about || {}).cap ? t('by_cap') : one.own ? t('own') : t('others');
}

function alertItem(one, edit) {
  const about = one.about || {};
  const ended = one.kind === 'alert-cancel';
  const shape = state.start.shapes.findIndex((each) => each.width > each.height);
  return h('article', { class: `item l-${about.level || 'none'} ${about.status || ''}`, 'data-id': one.id },
    h('div', { class: 'glass small' }, one.trust === 'false' ? '' : picture({ slot: `${ended ? 'clear' : 'alert'}/${one.id}`, seq: one.seq, shape: Math.max(shape, 0), shrink: 8 }, '')),
    h('div', { class: 'field' },
      h('div', { class: 'row' },
        h('span', { class: `tag status-${about.status}` }, statusName(about.status)),
        ended ? h('span', { class: 'tag' }, t('all_clear')) : h('b', {}, `${about.level ? t(about.level) : ''} ${about.event || ''}`),
        h('span', { class: 'muted' }, `${originOf(one)}${about.sender ? ` · ${about.sender}` : ''}`),
        one.trust === 'unknown' && !one.own && h('span', { class: 'tag bad' }, t('trust_unknown')),
        one.trust === 'false' && h('span', { class: 'tag bad' }, t('trust_false'))),
      h('p', {}, about.headline || about.instruction || about.reason || one.id),
      h('p', { class: 'muted' }, `${one.id} · ${one.scope} · ${clock(one.issued_ms)}${one.expires_ms && !ended ? ` · ${t('expires')} ${clock(one.expires_ms)}` : ''}`),
      receiptsOf(one),
      h('div', { class: 'row' },
        one.own && h('button', { type: 'button', onclick: () => showTally(one.id) }, t('details')),
        !ended && one.own && may('alerts') && h('button', { type: 'button', onclick: () => edit(one) }, t('update')),
        !ended && may('alerts') && h('button', { type: 'button', class: 'cancel', onclick: () => cancelAlert(one) }, t('cancel')))));
}

async function cancelAlert(one) {
  let reason = '';
  const control = field(t('reason'), input('', (value) => { reason = value; }, { maxlength: 80 }));
  if (await ask(`${t('cancel_title')} ${one.about.event || ''} ${one.id}`, t('yes_cancel'), control)) await send('/api/alert/cancel', { id: one.id, reason });
}

function alert(main) {
  const fresh = () => ({ status: 'exercise', template: 'flood', level: 'orange', scope: state.start.scope, update: '' });
  let form = saved('alert', fresh());
  const list = h('section', { class: 'card in-force', 'aria-label': t('in_force') });
  const head = h('h2', { tabindex: -1 }, t('in_force'));
  const none = h('p', { class: 'muted' }, t('none_in_force'));
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
  const changed = () => { save('alert', form); preview.draw(); who.draw(); };

  function complain(error) {
    for (const [name, box] of Object.entries(fields)) {
      const its =  error && (error.field.endsWith(name) || error.message.includes(`--${name} `) || error.field === `alert.${name.replace('area-text', 'area')}`);
      box.complain(its ? said(error) : '');
      if (its && box.closest('details')) box.closest('details').open = true;
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
          else if (error instanceof Refusal) { complain(error); toast(`${t('failed')}: ${error.message}`, true); } else toast(t('away_kept'), true);
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
    !form.update && fields.scope, fields.headline, fields.instruction,
    h('details', { open: FOLDED.some((name) => form[name]) }, h('summary', {}, t('more')), h('div', { class: 'fields' }, FOLDED.map((name) => fields[name]))),
    !form.update && who,
    actual && confirm,
    h('div', { class: 'row actions' }, button, form.update && h('button', { type: 'button', onclick: () => { form = fresh(); save('alert', form); build(); } }, t('no'))));
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
    showEach(list, sorted, { id: (one) => one.id, make: (one) => alertItem(one, edit), before: sorted.length ? [head] : [head, none] });
    showTallies(list);
  }

  if (may('alerts')) build();
  showList();
  return {
    update: (what) => {
      if (what === 'messages' || what === 'all') showList();
      if (what === 'tallies') showTallies(list);
      if (what === 'all' && who && !form.update) who.draw();
    },
  };
}

// --- Screens ---------------------------------------------------------------

const TIMES = ['since_ms', 'news_ms', 'tick_ms', 'last_error_ms'];
const BYTES = ['memory_free_bytes', 'disk_free_bytes', 'resident_bytes'];

function value(name, raw) {
  if (TIMES.includes(name)) return clock(raw);
  if (BYTES.includes(name)) return `${Math.round(raw / 1048576)} MiB`;
  if (name === 'uptime_s') return raw > 172800 ? `${Math.floor(raw / 86400)} ${t('days_long')}` : `${Math.floor(raw / 3600)} ${t('hours_long')} ${Math.floor((raw % 3600) / 60)} ${t('minutes_long')}`;
  if (typeof raw === 'boolean') return raw ? t('yes') : t('no_word');
  return String(raw);
}

function screens(main) {
  const id = detailOfAddress();
  const detail = h('div', { class: 'two' });
  const log = h('section', { class: 'card', 'aria-label': t('history'), hidden: true });
  const journal = h('section', { class: 'card', 'aria-label': t('journal') });
  const deeds = h('tbody', {});
  journal.append(h('h2', {}, t('journal')), h('p', { class: 'hint' }, t('journal_note')), h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': `${t('journal')} ${t('table')}` },
    h('table', {}, h('thead', {}, h('tr', {}, ['when', 'who', 'what', 'result'].map((name) => h('th', { scope: 'col' }, t(name))))), deeds)));
  const found = h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': `${t('screens')} ${t('table')}` });
  let wanted = '';
  const search = field(t('search'), input('', (value) => { wanted = value.toLowerCase(); showIds(); }, { type: 'search', name: 'screen' }));
  main.append(h('section', { class: 'card', 'aria-label': t('screens') }, h('h2', {}, t('screens')), search, found), detail, log, journal);
  let plays = null;
  const view = screenView();
  const body = h('tbody', {});
  const number = h('p', { class: 'muted' });
  found.append(h('table', { class: 'list' }, h('thead', {}, h('tr', {}, ['f_place', 'state', 'f_showing', 'f_notes'].map((name) => h('th', { scope: 'col' }, t(name))))), body), number);

  function line(row) {
    const its = row[SCREEN.id];
    const name = h('button', { type: 'button', class: 'plain', 'data-id': its, onclick: () => go('screens', its) });
    const [under, standing, showing, notes] = ['span', 'td', 'td', 'td'].map((kind) => h(kind, {}));
    under.className = 'muted';
    const node = h('tr', { 'aria-current': its === id ? 'true' : null }, h('td', {}, name, under), standing, showing, notes);
    node.update = (now) => {
      showWords(name, now[SCREEN.place] || its);
      showWords(under, now[SCREEN.place] ? ` ${its}` : '');
      standing.className = `state${now[SCREEN.condition]}`;
      showWords(standing, t(CONDITIONS[now[SCREEN.condition]]));
      showWords(showing, now[SCREEN.showing] ? titleOfSlot(now[SCREEN.showing]) : '–');
      showWords(notes, notesOf(now));
    };
    return node;
  }

  function showIds() {
    const rows = [];
    for (const row of state.screens.values()) if (!wanted || `${row[SCREEN.id]} ${row[SCREEN.place]}`.toLowerCase().includes(wanted)) rows.push(row);
    rows.sort((a, b) => b[SCREEN.condition] - a[SCREEN.condition] || (a[SCREEN.id] < b[SCREEN.id] ? -1 : 1));
    showEach(body, rows.slice(0, wanted ? 50 : 10), { id: (row) => row[SCREEN.id], make: line });
    number.hidden = rows.length <= 10;
    showWords(number, `${rows.length} ${t('screens_found')}`);
  }

  async function command(verb, more = {}, button = null) {
    const held = button && document.activeElement === button;
    if (button) button.disabled = true;
    toast(t('asking'));
    try {
      const response = await post('/api/command', { screen: id, verb, ...more });
      if (verb === 'screenshot') {
        view.showReal(URL.createObjectURL(await response.blob()));
      } else toast(t({ identify: 'identify_done', night: more.value === 'on' ? 'night_done' : 'day_done', restart: 'restart_done' }[verb] || 'done'));
    } catch (error) { toast(error.message, true); }
    if (button) button.disabled = false;
    if (held && document.activeElement === document.body) button.focus();
  }

  // What is told of the chosen screen: made once, its facts and pictures change
  // in place.
  function screenView() {
    const button = (verb, label, words = {}) => h('button', { type: 'button', name: `${verb}${words.value || ''}`, onclick: (event) => command(verb, words, event.currentTarget) }, label);
    const restart = async (event) => {
      const it = event.currentTarget;
      if (await ask(t('restart_title'), t('yes_restart'))) await command('restart', {}, it);
    };
    const name = h('span', {}, id);
    const standing = h('span', {});
    const drill = h('span', {});
    const facts = h('dl', {});
    const frame = h('div', { class: 'frame' });
    const told = h('figcaption', { class: 'muted' });
    const shot = h('figure', { class: 'shot', hidden: true }, told, frame);
    const taken = h('figcaption', {});
    const image = h('img', { alt: t('screenshot') });
    const real = h('figure', { class: 'shot real' }, taken, image);
    const looks = h('section', { class: 'card looks', 'aria-label': t('show') },
      (may('panels') || may('alerts')) && h('div', { class: 'row' }, button('identify', t('identify')), button('screenshot', t('screenshot')), button('night', t('night_on'), { value: 'on' }), button('night', t('night_off'), { value: 'off' }),
        h('button', { type: 'button', name: 'restart', class: 'careful', onclick: restart }, t('restart'))), shot);
    return {
      nodes: [h('section', { class: 'card', 'aria-label': t('state') }, h('h2', {}, name, ' ', standing, ' ', drill), facts), looks],
      showReal: (source) => {
        if (image.src) URL.revokeObjectURL(image.src);
        image.src = source;
        showWords(taken, `${t('screenshot')} ${clock(Date.now())}`);
        looks.append(real);
      },
      update: ({ row, ...rest }) => {
        const showing = row[SCREEN.showing];
        const status = statusOfSlot(showing);
        const all = [['f_place', row[SCREEN.place]], ['f_area', row[SCREEN.area]], ['f_groups', row[SCREEN.groups].split(' ').map(shapeName).join(' ')], ['f_showing', showing && titleOfSlot(showing)], ['f_notes', notesOf(row)], ...Object.entries(rest).map(([key, raw]) => [`f_${key}`, value(key, raw)])];
        showWords(name, row[SCREEN.place] || id);
        standing.className = `tag state${row[SCREEN.condition]}`;
        showWords(standing, t(CONDITIONS[row[SCREEN.condition]]));
        drill.className = `tag status-${status}`;
        drill.hidden = !status;
        showWords(drill, status ? statusName(status) : '');
        facts.replaceChildren(...all.filter(([, text]) => text !== '').flatMap(([key, text]) => [h('dt', {}, t(key)), h('dd', {}, text)]));
        shot.hidden = !showing;
        showWords(told, `${t('as_told')} ${clock(row[SCREEN.at])}`);
        if (showing) showPicture(frame, { slot: showing, seq: row[SCREEN.seq], shape: shapeOf(row[SCREEN.groups]), shrink: 2, screen: id, at: row[SCREEN.at] }, titleOfSlot(showing));
      },
    };
  }

  async function showScreen() {
    if (!id) return;
    let known;
    try { known = await getJson('/api/screen', { id }); } catch (error) {
      detail.replaceChildren(h('p', { class: 'wrong' }, `${id}: ${error.message}`));
      return;
    }
    log.hidden = false;
    view.update(known);
    arrange(detail, view.nodes);
  }

  const asked = { from: today(), to: today() };

  // Saves what the screen said as a file.
  function keepFile(name, type, text) {
    const link = h('a', { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    document.body.append(link);
    link.click();
    link.remove();
  }

  async function readPlays(event) {
    event.preventDefault();
    const out = log.querySelector('.table');
    out.replaceChildren(t('asking'));
    try {
      plays = await getJson('/api/plays', { screen: id, form: 'json', from: asked.from, to: asked.to });
      drawPlays();
    } catch (error) { out.replaceChildren(h('p', { class: 'wrong' }, error.message)); }
  }

  async function exportPlays(form) {
    try {
      const text = await (await get('/api/plays', { screen: id, form, from: asked.from, to: asked.to })).text();
      keepFile(`${id}-${asked.from}.${form}`, form === 'csv' ? 'text/csv' : 'application/json', text);
    } catch (error) { toast(error.message, true); }
  }

  function drawPlays() {
    const lasted = (seconds) => (seconds >= 60 ? `${Math.floor(seconds / 60)} ${t('minutes_long')} ${Math.round(seconds % 60)} ${t('seconds_long')}` : `${seconds.toFixed(1)} ${t('seconds_long')}`);
    const rows = [...plays.plays].reverse().slice(0, 200);
    log.querySelector('.table').replaceChildren(rows.length === 0 ? h('p', { class: 'muted' }, t('nothing_shown')) : h('table', {}, h('thead', {}, h('tr', {}, ['from_day', 'lasted', 'content'].map((name) => h('th', { scope: 'col' }, t(name))))),
      h('tbody', {}, rows.map((one) => h('tr', {}, h('td', {}, one.from ? clock(Date.parse(one.from), true) : '–'), h('td', {}, lasted(one.seconds)), h('td', {}, one.id ? `${titleOfSlot(`${one.what}/${one.id}`)} · ${one.id}` : one.note ? t(one.note) : t(`shown_${one.what}`)))))));
    log.querySelector('.chain').textContent = `${plays.chain.intact ? t('chain_whole') : t('chain_broken')} · ${plays.gaps} ${t('gaps')}`;
  }

  function showLog() {
    const day = (name, text) => field(text, input(asked[name], (value) => { asked[name] = value; }, { type: 'date', name: `plays-${name}`, required: true }));
    log.replaceChildren(h('h2', {}, t('history')), h('p', { class: 'hint' }, t('history_note')),
      h('form', { class: 'row', onsubmit: readPlays }, day('from', t('from_day')), day('to', t('until_day')), h('button', { name: 'plays' }, t('read_history')),
        h('button', { type: 'button', name: 'plays-csv', onclick: () => exportPlays('csv') }, t('export_csv')), h('button', { type: 'button', name: 'plays-json', onclick: () => exportPlays('json') }, t('export_json'))),
      h('p', { class: 'muted chain', role: 'status' }), h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': `${t('history')} ${t('table')}` }));
  }

  // What the first words of a command did, in words.
  function deedOf(words) {
    const [first, second, third, fourth] = words;
    if (first === 'command') return `${t('did command')} ${second}: ${third === 'night' ? t(`night_${fourth}`) : t(third)}`;
    if (first === 'plays') return `${t('did plays')} ${(words.find((one) => one.startsWith('--screen=')) || '').slice(9)}`;
    const key = `did ${first} ${second}`;
    const id = (words.find((one) => one.startsWith('--id=')) || '').slice(5) || (/^-|\//.test(third || '-') ? '' : third);
    return t(key) === key ? words.join(' ') : `${t(key)} ${id}`;
  }

  function deedLine({ one }) {
    const what = ['asked', 'done'].includes(one.what)
      ? h('details', {}, h('summary', {}, deedOf(one.words || [])), h('code', {}, (one.words || []).join(' ')), one.said ? h('p', { class: 'muted' }, one.said) : '')
      : [deedName(one), ' ', deedWords(one)];
    const result = one.what === 'asked' ? t('running') : one.what !== 'done' ? '' : one.code === 0 ? t('good') : `${t('failed')} (${one.code})`;
    return h('tr', {}, h('td', {}, clock(Date.parse(one.at))), h('td', {}, one.who, one.from ? h('p', { class: 'muted' }, one.from) : ''), h('td', {}, what), h('td', { class: one.what === 'done' && one.code !== 0 ? 'wrong' : '' }, result));
  }

  async function showJournal() {
    const entries = await getJson('/api/journal');
    // An entry of what was asked and one of what came of it; the newest first.
    const rows = [];
    for (const one of entries) {
      const words = one.words || [];
      if (one.what === 'asked') {
        const done = rows.findLast((row) => !row.asked && JSON.stringify(row.one.words) === JSON.stringify(words));
        if (done) { done.asked = one; continue; }
      }
      rows.push({ one, asked: one.what === 'asked' ? one : null });
    }
    showEach(deeds, rows.slice(0, 40), { id: (row) => { const first = row.asked || row.one; return `${first.at} ${JSON.stringify(first.words || [])}`; }, key: ({ one }) => JSON.stringify(one), make: deedLine });
  }

  showIds();
  showLog();
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
