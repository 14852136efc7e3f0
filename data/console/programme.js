// The programme: panels by a form, their order, what runs on a day, and what
// waits in the outbox.
import { t, kindName, said } from './words.js';
import {
  state, SCREEN, h, getJson, post, send, toast, ask, may, save, saved, today, Refusal,
} from './console.js';
import {
  field, input, select, picture, showWords, arrange, showEach, receiptsOf, showTallies, previews, scopeField, seers, shapeOf,
} from './pieces.js';
import {
  loadSchema, kindsOf, panelForm, panelFor, newDraft, draftOfBody,
} from './form.js';

const SECTIONS = ['emergency', 'general', 'quality', 'garden', 'warmth'];
// In the order in which people need them.
const FIRST = ['notice', 'poster', 'qr', 'place', 'countdown'];

function sectionOf(one) { return (one.about || {}).section || 'general'; }
function titleOf(one) { return (one.about || {}).title || one.id; }
function byOrder(a, b) {
  return SECTIONS.indexOf(sectionOf(a)) - SECTIONS.indexOf(sectionOf(b)) || ((a.about || {}).order || 0) - ((b.about || {}).order || 0) || (a.id < b.id ? -1 : 1);
}

async function bodyOf(one) {
  return draftOfBody(await getJson('/api/panel', { id: one.id, seq: one.seq }));
}

export function programme(main) {
  // Drafts by their id; `current` is the one in the form.
  const kept = saved('drafts', { current: '', all: {} });
  let schema = null;
  let preview = null;
  let form = null;
  let problem = null; // what the preview said last
  let showDay = () => {};
  const made = h('div', { class: 'two' });
  const published = h('section', { class: 'card', 'aria-label': t('published') });
  const head = h('h2', { tabindex: -1 });
  const hint = h('p', { class: 'hint' }, t('drag_hint'));
  const none = h('p', { class: 'muted' }, t('none'));
  const sections = SECTIONS.map((name) => ({ name, title: h('h3', {}, t(name)), list: h('ul', { class: 'panels', 'aria-label': t(name) }) }));
  const waitingHead = h('h2', {});
  const waitingList = h('ul', {});
  const outbox = h('section', { class: 'card', 'aria-label': t('outbox'), hidden: true }, waitingHead, waitingList,
    may('alerts') && h('button', { type: 'button', class: 'primary', onclick: async () => { await send('/api/outbox/send', {}); showOutbox(); } }, t('send_waiting')));
  main.append(made, published, runsOn(), outbox);

  const entry = () => kept.all[kept.current];
  const keep = () => save('drafts', kept);
  const text = (all, draft) => JSON.stringify({ ...draft, panel: panelFor(all, draft.panel) });
  const isBegun = (one) => one.changes || Object.keys(one.draft.panel).some((name) => !['template', 'section'].includes(name));

  function begin(template = 'notice') {
    const draft = newDraft(template, { scope: (entry() && entry().draft.scope) || state.start.scope });
    for (const [id, one] of Object.entries(kept.all)) if (!isBegun(one)) delete kept.all[id];
    kept.all[draft.id] = { draft, changes: false };
    kept.current = draft.id;
    keep();
  }

  function drop(id) {
    delete kept.all[id];
    if (kept.current === id) kept.current = '';
    keep();
  }

  function showDrafts() {
    const others = Object.entries(kept.all).filter(([id, one]) => id !== kept.current && isBegun(one));
    return others.length > 0 && h('div', { class: 'field drafts' }, h('b', {}, t('drafts')), h('div', { class: 'row' }, others.map(([id, one]) => h('button', { type: 'button', onclick: () => { kept.current = id; keep(); build(); } }, `${kindName(one.draft.panel.template)}：${one.draft.panel.title || t('no_title')}`))));
  }

  function complain(error) {
    problem = error;
    form.complain(error);
  }

  async function push(event) {
    event.preventDefault();
    const { draft } = entry();
    const button = event.target.querySelector('button.primary');
    const missing = form.missing();
    if (!missing) await preview.settled();
    if (missing || (problem && problem.field)) {
      const wrong = missing ? new Refusal(missing, t('required')) : problem;
      if (form.complain(wrong, true)) {
        form.focus(wrong.field);
        return;
      }
    }
    button.disabled = true;
    button.textContent = t('sending');
    const sent = kept.current; // the person may have begun another one meanwhile
    const answer = await send('/api/panel/push', { draft: text(schema, draft), scope: draft.scope }).catch(() => null);
    if (answer) drop(sent);
    if (answer && !kept.current) {
      begin(draft.panel.template);
      build();
      published.querySelector('h2').focus();
    } else {
      button.disabled = false;
      button.textContent = entry().changes ? t('push_changes') : t('push');
    }
    showOutbox();
  }

  function build() {
    if (!entry()) begin();
    const one = entry();
    const { draft } = one;
    problem = null;
    const changed = () => { keep(); preview.draw(); };
    preview = previews(() => ({ draft: text(schema, draft) }));
    preview.begun = () => Boolean(form && !form.missing());
    form = panelForm(schema, draft, changed);
    preview.complain = complain;
    const kinds = kindsOf(schema);
    const ordered = [...FIRST, ...kinds.filter((kind) => !FIRST.includes(kind))];
    const scope = { get scope() { return draft.scope; }, set scope(value) { draft.scope = value; } };
    const who = seers(scope);
    const node = h('form', { class: 'card', novalidate: true, 'aria-label': one.changes ? t('change_panel') : t('new_panel'), onsubmit: push },
      h('h2', {}, one.changes ? `${t('change_panel')}: ${draft.panel.title || draft.id}` : t('new_panel')),
      showDrafts(),
      !one.changes && field(t('kind'), select(draft.panel.template, ordered.map((kind) => [kind, kindName(kind)]), (kind) => { draft.panel.template = kind; keep(); build(); made.querySelector('select').focus(); })),
      form.node,
      one.changes ? h('p', { class: 'muted' }, `${t('scope')}: ${draft.scope}`) : scopeField(scope, () => { changed(); who.draw(); }), who,
      h('div', { class: 'row actions' }, h('button', { class: 'primary', type: 'submit' }, one.changes ? t('push_changes') : t('push')),
        h('button', { type: 'button', onclick: () => { drop(kept.current); begin(draft.panel.template); build(); } }, one.changes ? t('no') : t('start_new'))));
    if (!one.changes) node.querySelector('select').name = 'kind';
    made.replaceChildren(node, preview);
    preview.draw();
    who.draw();
  }

  async function edit(one) {
    try {
      // What is being changed already goes on.
      if (!kept.all[one.id]) kept.all[one.id] = { draft: await bodyOf(one), changes: true };
    } catch (error) {
      toast(error.message, true);
      return;
    }
    kept.current = one.id;
    keep();
    build();
    made.querySelector('h2').scrollIntoView({ block: 'center' });
    made.querySelector('input').focus();
  }

  // Puts a panel at another place of its section: the orders of the section are
  // written anew, ten apart, for those whose order changes.
  async function move(from, place) {
    const section = state.panels.filter((one) => one.own && sectionOf(one) === sectionOf(from) && one.scope === from.scope).sort(byOrder);
    section.splice(place, 0, section.splice(section.findIndex((one) => one.id === from.id), 1)[0]);
    for (const [index, one] of section.entries()) {
      const order = 10 * (index + 1);
      if ((one.about.order || 0) === order) continue;
      const body = await bodyOf(one);
      body.panel.order = order;
      await post('/api/panel/push', { draft: JSON.stringify(body), scope: body.scope });
    }
    toast(t('ordered'));
  }

  const neighbours = (one) => state.panels.filter((each) => each.own && sectionOf(each) === sectionOf(one) && each.scope === one.scope).sort(byOrder);
  const moveTo = (from, place) => move(from, place).catch((error) => toast(`${t('failed')}: ${error.message}`, true));

  // What an entry says: the panel, and where it stands among those of its scope.
  function panelKey(one) {
    const mates = one.own ? neighbours(one) : [];
    return JSON.stringify([one, mates.findIndex((each) => each.id === one.id), mates.length]);
  }

  let dragged = null;
  function panelItem(one) {
    const mates = one.own ? neighbours(one) : [];
    const place = mates.findIndex((each) => each.id === one.id);
    const takes = (target) => dragged && one.own && target.id !== dragged.id && sectionOf(dragged) === sectionOf(target) && dragged.scope === target.scope;
    const arrow = (name, to, sign) => h('button', { type: 'button', class: name, disabled: to < 0 || to >= mates.length, 'aria-label': `${t(name)}: ${titleOf(one)}`, onclick: () => moveTo(one, to) }, sign);
    const shown = picture({ slot: `panel/${one.id}`, seq: one.seq, shape: 0, shrink: 8 }, titleOf(one));
    shown.draggable = false;
    return h('li', {
      'data-id': one.id, draggable: one.own && may('panels') ? 'true' : null,
      ondragstart: (event) => { dragged = one; event.dataTransfer.setData('text/plain', one.id); event.dataTransfer.effectAllowed = 'move'; },
      ondragend: () => { dragged = null; },
      ondragover: (event) => { if (takes(one)) { event.preventDefault(); event.currentTarget.classList.add('over'); } },
      ondragleave: (event) => event.currentTarget.classList.remove('over'),
      ondrop: (event) => { event.preventDefault(); event.currentTarget.classList.remove('over'); if (takes(one)) moveTo(dragged, place); },
    }, h('div', { class: 'glass' }, shown),
    h('p', { class: 'name' }, titleOf(one)),
    h('p', { class: 'muted' }, `${kindName((one.about || {}).template)} · ${one.scope === 'all' ? t('scope_all') : one.scope}${one.about && one.about.schedule ? ` · ${t('by_schedule')}` : ''}${one.own ? '' : ` · ${t('others')}`}`),
    receiptsOf(one),
    one.own && may('panels') && h('div', { class: 'row' },
      h('button', { type: 'button', class: 'edit', onclick: () => edit(one) }, t('edit')),
      h('button', { type: 'button', class: 'remove', onclick: async () => { if (await ask(`${t('remove_title')} ${titleOf(one)}`, t('yes_remove'))) await send('/api/panel/remove', { id: one.id, scope: one.scope }); } }, t('remove')),
      mates.length > 1 && arrow('earlier', place - 1, '↑'), mates.length > 1 && arrow('later', place + 1, '↓')));
  }

  function showPublished() {
    const sorted = [...state.panels].sort(byOrder).slice(0, 200);
    showWords(head, `${t('published')}${t('open_count')}${state.panels.length}${t('close_count')}`);
    const filled = sections.filter(({ name, list }) => {
      const those = sorted.filter((one) => sectionOf(one) === name);
      showEach(list, those, { id: (one) => one.id, make: panelItem, key: panelKey });
      return those.length > 0;
    });
    arrange(published, [head, sorted.length ? hint : none, ...filled.flatMap(({ title, list }) => [title, list])]);
    showTallies(published);
  }

  async function showOutbox() {
    const waits = await getJson('/api/outbox').catch(() => null);
    const messages = (waits && waits.messages) || [];
    outbox.hidden = messages.length === 0;
    showWords(waitingHead, `${t('outbox')} (${messages.length})`);
    showEach(waitingList, messages, {
      id: (one) => `${one.kind}/${one.id}`,
      make: (one) => h('li', {}, `${one.kind} ${one.id} ${one.title || ''} `, may('alerts') && h('button', { type: 'button', onclick: async () => { await send('/api/outbox/drop', { id: one.id }); showOutbox(); } }, t('drop'))),
    });
  }

  // Every screen where they are few, otherwise one whose id is typed.
  function screenField(asked) {
    const rows = [...state.screens.values()];
    asked.screen ||= rows.length ? rows[0][SCREEN.id] : '';
    if (rows.length > 200) return field(t('screen'), input(asked.screen, (value) => { asked.screen = value.trim(); }));
    return field(t('screen'), select(asked.screen, rows.map((row) => [row[SCREEN.id], row[SCREEN.place] || row[SCREEN.id]]), (value) => { asked.screen = value; }));
  }

  function runsOn() {
    const asked = { screen: '', day: today() };
    const out = h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-label': `${t('runs_on')} ${t('table')}` });
    let chosen = h('span', {});
    const fields = h('div', { class: 'row' }, chosen, field(t('day'), input(asked.day, (value) => { asked.day = value; }, { type: 'date' })), h('button', {}, t('show')));
    const show = async (event) => {
      event.preventDefault();
      out.replaceChildren(t('loading'));
      try {
        const day = await getJson('/api/programme', { screen: asked.screen, on: asked.day });
        const spans = (day.spans || []).filter((span) => span.panels.length);
        const shape = shapeOf(state.screens.has(asked.screen) ? state.screens.get(asked.screen)[SCREEN.groups] : '');
        const shown = (id) => {
          const panel = state.panels.find((one) => one.id === id);
          return h('figure', { class: 'small' }, panel ? picture({ slot: `panel/${id}`, seq: panel.seq, shape, shrink: 16 }, '') : '', h('figcaption', {}, panel ? titleOf(panel) : id));
        };
        out.replaceChildren(spans.length ? h('table', {}, h('tbody', {}, spans.map((span) => h('tr', {}, h('th', { scope: 'row' }, `${span.from.slice(11, 16)}–${span.until.slice(11, 16)}`), h('td', {}, h('div', { class: 'row top' }, span.panels.map((one) => shown(one.id)))))))) : h('p', {}, t('nothing_runs')));
      } catch (error) { out.replaceChildren(h('p', { class: 'wrong' }, said(error))); }
    };
    const box = h('section', { class: 'card', 'aria-label': t('runs_on') }, h('h2', {}, t('runs_on')), h('form', { onsubmit: show }, fields), out);
    box.draw = () => {
      if (fields.dataset.count === String(state.screens.size)) return;
      fields.dataset.count = String(state.screens.size);
      const old = chosen;
      chosen = screenField(asked);
      old.replaceWith(chosen);
    };
    box.draw();
    showDay = box.draw;
    return box;
  }

  if (may('panels')) loadSchema().then((found) => { schema = found; build(); }, (error) => made.replaceChildren(h('p', { class: 'wrong' }, error.message)));
  showPublished();
  showOutbox();
  return {
    update: (what) => {
      if (what === 'messages' || what === 'all') showPublished();
      if (what === 'tallies') showTallies(published);
      if (what === 'all') showDay();
      if (what === 'line' || what === 'all') showOutbox();
    },
  };
}
