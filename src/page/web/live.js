// live.js - what is shown stays true: one event a second from the server, its age said,
// grey when it is older than ten seconds; parts that changed are fetched and put in place.
const STALE_S = 10, FETCH_MS = 3000;

export function live() {
  const line = document.getElementById('live');
  if (!line || !window.EventSource) return;
  const says = line.querySelector('span');
  let heard = performance.now(), event = document.body.dataset.event, fetched = heard, busy = false;

  const age = () => {
    const s = Math.floor((performance.now() - heard) / 1000), old = s >= STALE_S;
    const words = (old ? line.dataset.stale : line.dataset.fresh).replace('{s}', s);
    if (says.textContent !== words) says.textContent = words;
    line.classList.toggle('stale', old);
    line.classList.toggle('fresh', !old);
    line.setAttribute('aria-live', old ? 'polite' : 'off');
    document.body.classList.toggle('old', old);
  };
  const renew = async () => {
    if (busy || document.hidden || performance.now() - fetched < FETCH_MS) return;
    if (document.querySelector('.pick, .uplot')) return;
    busy = true;
    fetched = performance.now();
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
      if (answer.ok) replace(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    } catch { /* the age says it */ }
    busy = false;
  };
  // a form is sent without leaving the page; where that fails, as a plain form
  document.addEventListener('submit', async (e) => {
    const form = e.target;
    if (e.defaultPrevented || form.getAttribute('action') !== '/act') return;
    e.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    try {
      const answer = await fetch('/act', { method: 'POST', body: new URLSearchParams(new FormData(form)) });
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (!answer.ok) throw new Error();
      form.reset();
      form.closest('details')?.removeAttribute('open');
      document.activeElement?.blur();
      if (new URL(answer.url).pathname === location.pathname) replace(fresh);
      else location.href = answer.url;
    } catch {
      button.disabled = false;
      form.submit();
    }
  });
  const source = new EventSource('/events');
  source.addEventListener('now', (e) => {
    const now = JSON.parse(e.data);
    heard = performance.now();
    age();
    state(now);
    if (String(now.event) !== event) { event = String(now.event); renew(); }
  });
  setInterval(age, 1000);
  age();
}

// Title and icon carry the state, also of a tab in the background.
function state(now) {
  if (location.pathname === '/') document.title = now.title + ' \u00b7 keisoku';
  const icon = document.querySelector('link[rel=icon]'), href = `/icon-${now.state}.svg`;
  if (icon && icon.getAttribute('href') !== href) icon.setAttribute('href', href);
  document.body.classList.remove('ok', 'warn', 'crit', 'none');
  document.body.classList.add(now.state);
}

// Only what changed, so that focus, selection and scrolling stay.
function replace(fresh) {
  const from = fresh.getElementById('content'), to = document.getElementById('content');
  if (!from || !to) return;
  const a = [...to.children], b = [...from.children];
  if (a.length !== b.length) { swap(to, from); return; }
  a.forEach((old, i) => each(old, b[i]));
}

function each(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  const inner = (n) => n.matches('div.three,div.two,div.main-next,div.racks-path') && n.children.length;
  if (inner(old) && inner(old) === inner(fresh)) {
    [...old.children].forEach((child, i) => each(child, fresh.children[i]));
    return;
  }
  swap(old, fresh);
}

// What is being filled in stays.
const busyForm = (node) => [...node.querySelectorAll('form')].some((form) => form.closest('details[open]')
  || form.contains(document.activeElement) || [...form.elements].some((field) => field.type !== 'hidden'
    && field.defaultValue !== undefined && field.value !== field.defaultValue && field.tagName === 'INPUT'));

function swap(old, fresh) {
  if (busyForm(old)) return;
  const at = document.activeElement, href = old.contains(at) ? at.getAttribute('href') : null;
  const node = document.importNode(fresh, true);
  old.replaceWith(node);
  if (href) node.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
}
