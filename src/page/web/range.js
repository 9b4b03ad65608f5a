// range.js - a stretch of a chart that is dragged becomes the address, so that it can be
// shared; the server draws it.
export function range() {
  document.addEventListener('pointerdown', (down) => {
    const figure = down.target.closest?.('figure.chart');
    if (!figure || down.button !== 0 || down.target.closest('a') || down.pointerType === 'touch') return;
    const box = [...figure.children].find((c) => c.offsetParent)?.getBoundingClientRect();
    if (!box) return;
    const svg = figure.querySelector('svg').viewBox.baseVal, scale = box.width / svg.width;
    const left = figure.dataset.left * scale, right = figure.dataset.right * scale;
    const from = +figure.dataset.from, to = +figure.dataset.to;
    const time = (x) => from + (to - from) * Math.min(1, Math.max(0,
      (x - box.left - left) / (box.width - left - right)));
    const pick = document.createElement('div');
    pick.className = 'pick';
    const move = (e) => {
      const a = Math.min(down.clientX, e.clientX), b = Math.max(down.clientX, e.clientX);
      pick.setAttribute('width', b - a);
      pick.style.left = `${a - box.left}px`;
      pick.style.width = `${b - a}px`;
    };
    const up = (e) => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', up);
      pick.remove();
      if (Math.abs(e.clientX - down.clientX) < 8) return;
      const [a, b] = [time(down.clientX), time(e.clientX)].sort((x, y) => x - y);
      const url = new URL(location.href);
      url.searchParams.set('from', Math.floor(a / 1000));
      url.searchParams.set('to', Math.ceil(b / 1000));
      location.href = url;
    };
    down.preventDefault();
    figure.append(pick);
    move(down);
    addEventListener('pointermove', move);
    addEventListener('pointerup', up);
  });
}
