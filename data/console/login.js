// The login page: sends name and password, tells what is wrong, and for how
// long to wait after too many failures.
const WORDS = {
  brand: ['告示控制台', 'Gaoshi console'],
  title: ['登录', 'Log in'],
  'name-label': ['账号', 'Account'],
  'password-label': ['密码', 'Password'],
  enter: ['登录', 'Log in'],
  language: ['English', '中文'],
};
const SAID = {
  401: ['账号或密码不对。', 'Account or password is wrong.'],
  422: ['请填写账号和密码。', 'Enter account and password.'],
  429: ['失败次数过多，请等待 N 秒。', 'Too many failed: wait N seconds.'],
  503: ['现在登录的人太多，请再试一次。', 'Too many log in at once: try again.'],
  0: ['控制台没有回应，请稍后再试。', 'The console does not answer: try again.'],
};
const find = (id) => document.getElementById(id);

// The same place as the page's own choice, console.js.
function saved() {
  try { return JSON.parse(localStorage.getItem('gaoshi.page') || '{}'); } catch { return {}; }
}

let index = (saved().language || (navigator.language.startsWith('zh') ? 'zh' : 'en')) === 'en' ? 1 : 0;
let last = null; // {status, until}: what was told last
let counting = null;

function tell() {
  const words = last ? SAID[last.status] || SAID[0] : null;
  const left = last && last.until ? Math.ceil((last.until - Date.now()) / 1000) : 0;
  find('wrong').textContent = words ? words[index].replace('N', left) : '';
}

function show() {
  document.documentElement.lang = index ? 'en' : 'zh-CN';
  for (const [id, words] of Object.entries(WORDS)) find(id).textContent = words[index];
  document.title = `${WORDS.title[index]} · ${WORDS.brand[index]}`;
  tell();
}

// Told once for those who hear it; for the others the button counts.
function wait(seconds) {
  const until = Date.now() + seconds * 1000;
  last = { status: 429, until };
  tell();
  clearInterval(counting);
  counting = setInterval(() => {
    const left = Math.ceil((until - Date.now()) / 1000);
    find('enter').disabled = left > 0;
    find('enter').textContent = left > 0 ? `${WORDS.enter[index]} (${left})` : WORDS.enter[index];
    if (left > 0) return;
    clearInterval(counting);
    last = null;
    tell();
  }, 500);
  find('enter').disabled = true;
}

find('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  last = null;
  tell();
  find('enter').disabled = true;
  try {
    const response = await fetch('/login', { method: 'POST', body: JSON.stringify({ name: find('name').value.trim(), password: find('password').value }) });
    if (response.ok) {
      location.replace('/');
      return;
    }
    find('password').value = '';
    if (response.status === 429) {
      wait((await response.json()).wait_s);
      return;
    }
    last = { status: response.status };
  } catch {
    last = { status: 0 };
  }
  find('enter').disabled = false;
  tell();
  find('password').focus();
});

find('language').addEventListener('click', () => {
  index = 1 - index;
  try { localStorage.setItem('gaoshi.page', JSON.stringify({ ...saved(), language: index ? 'en' : 'zh' })); } catch { /* full */ }
  show();
});

show();
find('name').focus();
