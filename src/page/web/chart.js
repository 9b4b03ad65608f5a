// chart.js - on the page of one sensor the drawing becomes one that can be read off and
// zoomed into (uPlot, when this build has it); where it has not, the drawing stays.
const TONES = { heat: '--heat', power: '--power', wire: '--wire' };

export async function chart(path) {
  const figure = document.querySelector('figure.chart[data-history]');
  if (!figure || !path) return;
  const [{ default: uPlot }, answer] = await Promise.all([import(path), fetch(figure.dataset.history)]);
  if (!answer.ok) return;
  const history = await answer.json();
  if (history.times.length < 2) return;
  const unit = history.unit === 'C' ? '\u00b0C' : history.unit;
  const css = getComputedStyle(document.documentElement), ink = (name) => css.getPropertyValue(name).trim();
  const tone = ink(TONES[figure.dataset.tone] || '--wire'), muted = ink('--muted'), line = ink('--line');
  const clock = (options) => new Intl.DateTimeFormat('en-GB', { timeZone: document.body.dataset.tz, ...options });
  const minute = clock({ hour: '2-digit', minute: '2-digit' }), day = clock({ month: 'numeric', day: 'numeric' });
  const both = clock({ month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' });
  const say = (t, step) => (step >= 86400 ? day : minute).format(t * 1000);
  const axis = { stroke: muted, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: '12px system-ui' };
  const holder = document.createElement('div');
  const plot = new uPlot({
    width: figure.clientWidth, height: 300, legend: { show: true, live: true, markers: { show: false } },
    cursor: { drag: { x: true, y: false } },
    tzDate: (t) => uPlot.tzDate(new Date(t * 1000), document.body.dataset.tz),
    series: [{ label: figure.dataset.time, value: (u, t) => (t == null ? '-' : both.format(t * 1000)) }, { label: figure.dataset.name, stroke: tone, width: 2, fill: tone + '22', spanGaps: false,
      value: (u, v) => (v == null ? '-' : `${v} ${unit}`) }],
    axes: [{ ...axis, space: 70, values: (u, ticks, i, space, step) => ticks.map((t) => say(t, step)) }, { ...axis, size: 54 }],
    hooks: {
      setSelect: [(u) => {
        if (u.select.width < 8) return;
        const url = new URL(location.href);
        url.searchParams.set('from', Math.floor(u.posToVal(u.select.left, 'x')));
        url.searchParams.set('to', Math.ceil(u.posToVal(u.select.left + u.select.width, 'x')));
        location.href = url;
      }],
      draw: [(u) => {
        for (const limit of history.limits || []) {
          const y = u.valToPos(limit.value, 'y', true);
          u.ctx.strokeStyle = ink(limit.severity === 'critical' ? '--crit' : '--warn');
          u.ctx.beginPath();
          u.ctx.moveTo(u.bbox.left, y);
          u.ctx.lineTo(u.bbox.left + u.bbox.width, y);
          u.ctx.stroke();
          u.ctx.fillStyle = u.ctx.strokeStyle;
          u.ctx.textAlign = 'left';
          u.ctx.textBaseline = 'alphabetic';
          u.ctx.font = `${12 * devicePixelRatio}px system-ui`;
          u.ctx.fillText(`${limit.value} ${unit}`, u.bbox.left + 6, y - 5);
        }
      }],
    },
  }, [history.times, history.values], holder);
  figure.replaceChildren(holder);
  figure.dataset.from = history.times[0] * 1000; // for range.js: a finger picks there
  figure.dataset.to = history.times.at(-1) * 1000;
  new ResizeObserver(() => plot.setSize({ width: figure.clientWidth, height: 300 })).observe(figure);
}
