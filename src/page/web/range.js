// range.js - a stretch of a chart that is dragged, by mouse, pen or finger, becomes the
// address, so that it can be shared; the server draws it.  A finger that goes up or down
// scrolls (touch-action: pan-y); one that goes sideways picks.
const LEAST = 8; // pixels: less is a tap, or a hand that shakes

// Where in the window time runs: of uPlot its own field (with a mouse it picks by itself),
// else the drawing without its margins.
function field(figure, pointer) {
  const over = figure.querySelector('.u-over');
  if (over) return pointer === 'mouse' ? null : over.getBoundingClientRect();
  const shown = [...figure.children].find((c) => c.offsetParent), svg = shown?.querySelector('svg');
  if (!svg) return null;
  const box = shown.getBoundingClientRect(), scale = box.width / svg.viewBox.baseVal.width;
  const left = figure.dataset.left * scale, right = figure.dataset.right * scale;
  return new DOMRect(box.x + left, box.y, box.width - left - right, box.height);
}

function go(figure, box, one, other) {
  const from = +figure.dataset.from, to = +figure.dataset.to, url = new URL(location.href);
  const [a, b] = [one, other].map((x) => from + (to - from) * Math.min(1, Math.max(0, (x - box.x) / box.width)))
    .sort((x, y) => x - y);
  url.searchParams.set('from', Math.floor(a / 1000));
  url.searchParams.set('to', Math.ceil(b / 1000));
  location.href = url;
}

export function range() {
  document.addEventListener('pointerdown', (down) => {
    const figure = down.target.closest?.('figure.chart');
    if (!figure || !down.isPrimary || down.button !== 0 || down.target.closest('a')) return;
    const box = field(figure, down.pointerType), home = figure.getBoundingClientRect();
    if (!box) return;
    const pick = document.createElement('div'), ends = new AbortController();
    pick.className = 'pick';
    const on = (name, does) => addEventListener(name, (e) => e.pointerId === down.pointerId && does(e),
      { signal: ends.signal });
    const end = () => { ends.abort(); pick.remove(); };
    on('pointermove', (e) => {
      if (!pick.isConnected && Math.abs(e.clientX - down.clientX) < LEAST) return;
      if (!pick.isConnected) figure.append(pick);
      pick.style.left = `${Math.min(down.clientX, e.clientX) - home.left}px`;
      pick.style.width = `${Math.abs(e.clientX - down.clientX)}px`;
    });
    on('pointercancel', end); // it scrolls, or something came between
    on('pointerup', (e) => {
      end();
      if (Math.abs(e.clientX - down.clientX) >= LEAST) go(figure, box, down.clientX, e.clientX);
    });
    if (down.pointerType === 'mouse') down.preventDefault();
  });
}
