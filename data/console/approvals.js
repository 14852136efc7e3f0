// Alerts that wait for a second person: what the first one asked, with the very
// pictures of what will be sent, to confirm or to decline.
import { state, may, h, get, getJson, post, toast, clock } from './console.js';
import { t, language } from './words.js';
import { arrange, pageOf, shapeName } from './pieces.js';

const WORDS = {
  title: ['等待第二人确认', 'It waits for a second person'],
  title_cancel: ['解除等待第二人确认', 'An all-clear waits for a second person'],
  asked: ['申请人', 'Asked by'],
  until: ['有效到', 'Lapses at'],
  update: ['更新', 'Update'],
  own: ['需要另一个账号确认；您可以撤回。', 'Another account has to confirm it; you may withdraw it.'],
  type: ['输入级别以确认发布（如：红色）', 'Type the level to send it (such as: red)'],
  type_cancel: ['确认解除这条预警', 'Confirm that this alert ends'],
  confirm: ['确认并发布', 'Confirm and send'],
  confirm_cancel: ['确认解除', 'Confirm the all-clear'],
  decline: ['不同意', 'Decline'],
  withdraw: ['撤回', 'Withdraw'],
  reason: ['理由', 'Reason'],
  confirmed: ['已由第二人确认', 'Confirmed by'],
  sending: ['正在发送', 'being sent'],
  failed: ['发送失败，见日志', 'sending failed, see the journal'],
  kept: ['在发件箱中等待', 'it waits in the outbox'],
  declined: ['未获同意', 'Declined by'],
  withdrawn: ['已撤回', 'Withdrawn by'],
  lapsed: ['无人确认，已失效', 'Nobody answered: it lapsed'],
  waits: ['已提交，等待第二人确认', 'Asked: it waits for a second person'],
  logout: ['退出', 'Log out'],
  fingerprint: ['内容指纹', 'Fingerprint'],
  d_login: ['登录', 'logged in'],
  'd_login refused': ['登录被拒', 'login refused'],
  d_logout: ['退出', 'logged out'],
  d_refused: ['无权操作，已拒绝', 'refused'],
  d_waits: ['提交，等待第二人', 'asked for a second person'],
  d_confirmed: ['作为第二人确认', 'confirmed as the second person'],
  d_declined: ['作为第二人不同意，或撤回', 'declined or withdrew'],
  d_lapsed: ['无人确认，失效', 'lapsed'],
};
const w = (key) => WORDS[key][language() === 'en' ? 1 : 0];
const nodes = new Map(); // id → {key, node}
let known = null; // ids that were there before

// One picture of the draft in a shape, page by page.
function shot(one, shape, index) {
  const image = h('img', { alt: `${t('preview')}: ${shapeName(shape.name)}` });
  const count = h('span', { 'aria-live': 'polite' });
  let page = 1;
  let pages = 1;
  const draw = async () => {
    try {
      const response = await get('/api/approval/picture', { id: one.id, shape: index, page, shrink: shape.width > 1100 || shape.height > 1100 ? 2 : 1 });
      pages = Number(response.headers.get('X-Gaoshi-Pages'));
      page = Number(response.headers.get('X-Gaoshi-Page'));
      const old = image.src;
      image.src = URL.createObjectURL(await response.blob());
      if (old) URL.revokeObjectURL(old);
      count.textContent = pageOf(page, pages);
    } catch (error) { count.textContent = error.message; }
  };
  const turn = (step) => { page = Math.min(Math.max(page + step, 1), pages); draw(); };
  draw();
  return h('figure', { 'data-shape': shape.name }, h('figcaption', {}, shapeName(shape.name)), image, h('div', { class: 'row' },
    h('button', { type: 'button', 'aria-label': `${t('previous')}: ${shapeName(shape.name)}`, onclick: () => turn(-1) }, '‹'), count,
    h('button', { type: 'button', 'aria-label': `${t('next')}: ${shapeName(shape.name)}`, onclick: () => turn(1) }, '›')));
}

async function answer(path, body) {
  try {
    await post(path, body);
  } catch (error) {
    toast(`${t('failed')}: ${error.message}`, true);
  }
  readApprovals();
}

function text(label, name) {
  const control = h('input', { name, autocomplete: 'off' });
  return { control, node: h('label', { class: 'field' }, h('span', {}, label), control) };
}

function answers(one) {
  const reason = text(w('reason'), 'reason');
  const decline = h('button', { type: 'button', class: 'decline', onclick: () => answer('/api/approval/decline', { id: one.id, reason: reason.control.value }) }, one.own ? w('withdraw') : w('decline'));
  if (one.own) return [h('p', { class: 'muted' }, w('own')), h('div', { class: 'row' }, decline)];
  const typed = text(one.cancel ? w('type_cancel') : w('type'), 'typed');
  return [h('form', {
    class: 'row', onsubmit: (event) => {
      event.preventDefault();
      answer('/api/approval/confirm', { id: one.id, digest: one.digest, confirm: typed.control.value.trim() });
    },
  }, !one.cancel && typed.node, h('button', { class: 'danger' }, one.cancel ? w('confirm_cancel') : w('confirm'))),
  h('div', { class: 'row' }, reason.node, decline)];
}

function end(one) {
  if (one.state === 'lapsed') return w('lapsed');
  if (one.state === 'declined') return `${one.decided === one.who ? w('withdrawn') : w('declined')} ${one.decided}${one.reason ? `: ${one.reason}` : ''}`;
  const sent = one.code === 0 ? t('sent') : one.code === -1 ? w('sending') : one.code === 3 ? w('kept') : w('failed');
  return `${w('confirmed')} ${one.decided} · ${sent}`;
}

function article(one) {
  const about = one.about || {};
  const waits = one.state === 'waits';
  const seers = h('span', {});
  if (waits && one.scope) getJson('/api/scope', { scope: one.scope }).then((found) => { seers.textContent = ` · ${found.screens} ${t('screens_found')}`; }, () => {});
  return h('article', { class: `card approval ${one.state} l-${about.level || 'none'}`, 'data-approval': one.id, 'aria-label': one.cancel ? w('title_cancel') : w('title') },
    h('h2', {}, waits ? (one.cancel ? w('title_cancel') : w('title')) : end(one)),
    h('p', { class: 'words' }, [about.status === 'actual' ? t('actual') : '', about.update ? w('update') : '', about.level ? t(about.level) : '', about.event, about.headline].filter(Boolean).join(' · ')),
    about.instruction && h('p', { class: 'words' }, about.instruction),
    one.cancel && one.words && h('p', {}, `${w('reason')}: ${one.words}`),
    h('p', { class: 'muted' }, `${one.message} · ${one.scope}`, seers, about.expires ? ` · ${t('expires')} ${clock(Date.parse(about.expires))}` : ''),
    h('p', { class: 'muted' }, `${w('asked')} ${one.who} · ${clock(one.asked_ms)}${waits ? ` · ${w('until')} ${clock(Date.now() + one.left_ms)}` : ''} · ${w('fingerprint')} ${one.digest.slice(0, 8)}`),
    waits && !one.cancel && h('div', { class: 'shots' }, state.start.shapes.map((shape, index) => shot(one, shape, index))),
    waits && answers(one));
}

// Only what changed is built anew: what somebody types stays.
function show(list) {
  const box = document.getElementById('approvals');
  for (const id of [...nodes.keys()]) if (!list.some((one) => one.id === id)) nodes.delete(id);
  for (const one of list) {
    const key = `${one.state} ${one.code} ${language()}`;
    const old = nodes.get(one.id);
    if (old && old.key === key) continue;
    const node = article(one);
    if (old) old.node.replaceWith(node);
    nodes.set(one.id, { key, node });
  }
  arrange(box, list.map((one) => nodes.get(one.id).node));
  for (const one of list) if (known && !known.has(one.id) && !one.own) toast(`${w('asked')} ${one.who}: ${one.cancel ? w('title_cancel') : w('title')}`, true);
  known = new Set(list.map((one) => one.id));
}

export async function readApprovals() {
  if (state.start.accounts && state.start.two_people && may('alerts')) show(await getJson('/api/approvals'));
}

// An entry of the journal: what was done, and the words of it.
export function deedName(one) {
  if (one.what === 'asked') return t('asked');
  if (one.what === 'done') return `${t('finished_with')} ${one.code}`;
  return WORDS[`d_${one.what}`] ? w(`d_${one.what}`) : one.what;
}

export function deedWords(one) {
  return [...(one.words || []), one.id, one.scope, one.path, one.reason, one.asked && `← ${one.asked}`, one.digest && one.digest.slice(0, 8)].filter(Boolean).join(' ');
}

// What the form says when its alert waits; null: it was sent.
export function waiting(asked) {
  return asked.approval ? w('waits') : null;
}

export function showPeople() {
  const button = document.getElementById('logout');
  button.hidden = !state.start.accounts;
  button.textContent = w('logout');
  document.getElementById('approvals').setAttribute('aria-label', w('title'));
  button.onclick = async () => {
    await post('/api/logout', {});
    location.assign('/login');
  };
  readApprovals();
}
