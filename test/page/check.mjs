// check.mjs - the page in a real browser (Debian's chromium, playwright-core, axe-core),
// over the simulated room: what appears, recovers and goes stale, in both languages, light
// and dark, on a phone and a desk; nothing from another host, nothing too large.
// usage: node check.mjs BUILD-FOLDER [PICTURES-FOLDER]   exit 77: no browser here
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url)), CHROMIUM = '/usr/bin/chromium';
const skip = (why) => { console.log(`skipped: ${why}`); process.exit(77); };
if (!existsSync(CHROMIUM)) skip('there is no chromium (apt-get install chromium)');
if (!existsSync(join(here, 'node_modules/playwright-core'))) skip('npm ci in test/page brings what drives it');
const { chromium } = createRequire(import.meta.url)('playwright-core');
const axe = readFileSync(join(here, 'node_modules/axe-core/axe.min.js'), 'utf8');

const build = resolve(process.argv[2] || 'build'), pictures = process.argv[3];
if (pictures) mkdirSync(pictures, { recursive: true });
const port = 20000 + process.pid % 20000, base = `http://127.0.0.1:${port}`;
let bad = 0, n = 0;
const ok = (holds, what, more = '') => {
  console.log(`${holds ? 'ok' : 'not ok'} ${++n} - ${what}${holds || !more ? '' : `: ${more}`}`);
  if (!holds) bad++;
};
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// the room: its cooling stops and starts when this test says so
const state = join(mkdtempSync(join(tmpdir(), 'keisoku-page-')), 'state');
const turn = () => process.kill(Number(readFileSync(state, 'utf8').split('\n')[1]), 'SIGUSR1');
const serve = spawn(join(here, '../scene/serve'), [build], { stdio: 'ignore',
  env: { ...process.env, PORT: port, FACTOR: process.env.FACTOR || '75',
    OFF: '1900000000', ON: '0', SERVE_STATE: state } });
let ended = false;
serve.on('exit', () => { ended = true; });
const stop = async () => {
  serve.kill('SIGTERM');
  for (let i = 0; i < 100 && !ended; i++) await sleep(100);
};

async function up() {
  for (let i = 0; i < 300 && !ended; i++) {
    try { if ((await fetch(`${base}/`)).ok) return true; } catch { /* not yet */ }
    await sleep(100);
  }
  return false;
}

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
async function open(path, { lang = 'ja', scheme = 'light', width = 1440, js = true } = {}) {
  const context = await browser.newContext({ locale: lang, colorScheme: scheme, javaScriptEnabled: js,
    viewport: { width, height: width < 600 ? 844 : 1000 } });
  const page = await context.newPage(), seen = { requests: [], errors: [] };
  page.on('request', (r) => seen.requests.push(r));
  page.on('console', (m) => m.type() === 'error' && seen.errors.push(m.text()));
  page.on('pageerror', (e) => seen.errors.push(e.message));
  await page.goto(base + path);
  if (js) await page.waitForSelector('#live.fresh', { timeout: 15000 });
  return { page, seen, context };
}

async function faults(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa',
    'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return result.violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 140)}`).join(' | ');
}

const wide = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
const kind = (r) => /\/events$|\/icon-/.test(new URL(r.url()).pathname);

async function weigh({ seen }) {
  const counted = seen.requests.filter((r) => !kind(r));
  let bytes = 0;
  for (const r of counted) {
    const sizes = await r.sizes().catch(() => null);
    bytes += sizes ? sizes.responseBodySize + sizes.responseHeadersSize : 0;
  }
  return { n: counted.length, bytes, hosts: new Set(seen.requests.map((r) => new URL(r.url()).host)) };
}

async function matrix(phase, alarm) {
  for (const lang of ['ja', 'en'])
    for (const scheme of ['light', 'dark'])
      for (const width of [1440, 390]) {
        const what = `${phase}, ${lang} ${scheme} ${width}`, view = await open('/', { lang, scheme, width });
        const { page, seen } = view, weight = await weigh(view), found = await faults(page);
        ok(found === '', `${what}: axe finds nothing`, found);
        ok(await wide(page) <= 0, `${what}: no sideways scroll`, String(await wide(page)));
        ok(weight.hosts.size === 1, `${what}: nothing from another host`, [...weight.hosts].join(' '));
        ok(weight.n <= 4 && weight.bytes <= 60000, `${what}: ${weight.n} requests, ${weight.bytes} bytes`);
        ok(seen.errors.length === 0, `${what}: no error in the console`, seen.errors.join(' | '));
        ok(await page.getAttribute('html', 'lang') === lang, `${what}: in the browser's language`);
        if (alarm && width === 390) {
          const box = await page.locator('.button.main').boundingBox();
          ok(box && box.y + box.height <= 760, `${what}: main button in the first screen`, JSON.stringify(box));
        }
        if (pictures) await page.screenshot({ path: join(pictures, `${phase}-${lang}-${scheme}-${width}.png`),
          fullPage: width !== 390 });
        await view.context.close();
      }
}

async function sections(incident) {
  const paths = ['/heat', '/power', '/wire', '/plan', '/whatif?lose=ups1', '/evidence', '/room/server', '/rack/r1', '/host/db1',
    '/sensor/inlet-top?kind=temperature', '/sensor/db1:reach?kind=reach', '/rule/KS-HEAT-001', '/windows', '/channels', incident];
  const links = new Set();
  for (const [i, path] of paths.entries())
    for (const width of [1440, 390]) {
      const view = await open(path, { lang: i % 2 ? 'en' : 'ja', scheme: i % 2 ? 'dark' : 'light', width });
      await sleep(path.startsWith('/sensor') ? 800 : 0);
      const found = await faults(view.page);
      ok(found === '', `${path} ${width}: axe finds nothing`, found);
      ok(await wide(view.page) <= 0, `${path} ${width}: no sideways scroll`, String(await wide(view.page)));
      ok(view.seen.errors.length === 0, `${path} ${width}: no error`, view.seen.errors.join(' | '));
      for (const href of await view.page.evaluate(() => [...document.querySelectorAll('a[href^="/"]')]
        .map((a) => a.getAttribute('href').split('#')[0]))) links.add(href);
      if (pictures) await view.page.screenshot({ path: join(pictures,
        `section-${path.split('?')[0].replaceAll('/', '_')}-${width}.png`), fullPage: true });
      await view.context.close();
    }
  const dead = [];
  for (const href of links) {
    const status = (await fetch(base + href)).status;
    if (status !== 200) dead.push(`${href} ${status}`);
  }
  ok(links.size > 60 && dead.length === 0, `all ${links.size} links of these pages lead somewhere`, dead.slice(0, 9).join(' | '));
}

// Every statement of the first page leads to what it rests on.
async function evidence() {
  const { page, context } = await open('/', { lang: 'en' });
  const bare = await page.evaluate(() => [['#verdict h1', 1], ['#verdict .lead', 1], ['#verdict .line4 .since', 1],
    ['#verdict .line4 .now', 1], ['#verdict .line4 .next', 1], ['#verdict .line4 .after', 1], ['#verdict .todo li b', 1], ['#senses .big', 3],
    ['#main h2', 1], ['#next .what', 1], ['#racks .dev', 8], ['#multiples .name', 8],
    ['#findings tr td:nth-child(4)', 1], ['#findings td.id', 1], ['#evidence td.id', 0]].flatMap(([what, least]) => {
    const all = [...document.querySelectorAll(what)];
    const none = all.filter((e) => !e.closest('a[href]') && !e.querySelector('a[href]') && what !== '#evidence td.id');
    return none.map((e) => `${what}: ${e.textContent.slice(0, 40)}`).concat(all.length < least ? `${what}: ${all.length}` : []);
  }));
  ok(bare.length === 0, 'every statement leads to what it rests on', bare.slice(0, 8).join(' | '));
  const rule = await page.getAttribute('#findings td.id a', 'href');
  await page.goto(base + rule);
  ok(/^\/rule\/KS-/.test(rule) && /What it means/.test(await page.textContent('main')), 'a rule says what it means', rule);
  await context.close();
}

// "I have it" by its button; silence and maintenance as plain forms, without JavaScript.
async function hands() {
  const { page, context } = await open('/', { width: 390 });
  const incident = await page.getAttribute('#verdict a[href^="/incident/"]', 'href');
  await page.click('#verdict form:has(input[value=acknowledge]) button');
  await page.waitForSelector('#verdict .held', { timeout: 10000 }).catch(() => {});
  ok(await page.locator('#verdict .held').count() === 1, 'it is taken on by one button, and the page says who has it');
  ok(await page.locator('#verdict form:has(input[value=acknowledge])').count() === 0, 'and asks no more');
  ok(new URL(page.url()).pathname === '/', 'without leaving the page', page.url());
  await context.close();
  const plain = await open(incident, { js: false, lang: 'en' });
  ok(/page has it/.test(await plain.page.textContent('#told')), 'it is on record', await plain.page.textContent('#told'));
  await plain.page.click('#mute summary');
  await plain.page.fill('#mute input[name=reason]', 'spot cooler <ordered>');
  await plain.page.fill('#mute input[name=who]', 'mio');
  await plain.page.click('#mute form button');
  ok(new URL(plain.page.url()).pathname === incident, 'a silence, without JavaScript', plain.page.url());
  ok(/mio set a silence.*spot cooler <ordered>/s.test(await plain.page.textContent('#told')), 'with its reason',
    await plain.page.textContent('#told'));
  await plain.page.goto(`${base}/windows/r1`);
  ok(await plain.page.inputValue('select[name=subject]') === 'r1', 'a maintenance window of the rack it was asked for');
  await plain.page.fill('form:has(input[value=maintenance]) input[name=reason]', 'new UPS');
  await plain.page.click('form:has(input[value=maintenance]) button');
  ok(/new UPS/.test(await plain.page.textContent('#windows')), 'is set', await plain.page.textContent('#windows'));
  ok((await plain.page.content()).includes('mio') && await plain.page.locator('#windows form').count() === 2,
    'both stand in the list, and can be ended');
  for (let left = 2; left > 0; left--) await plain.page.click('#windows form button');
  ok(await plain.page.locator('#windows form').count() === 0, 'they are ended by one button each');
  const ics = await (await fetch(`${base}/calendar.ics`)).text();
  ok(/SUMMARY:.*r1/.test(ics) && /new UPS/.test(ics), 'and in the calendar', ics);
  await plain.context.close();
  return incident;
}

async function withoutScript() {
  const { page, context } = await open('/', { js: false });
  ok(/\u00b0C/.test(await page.textContent('#verdict h1')), 'without JavaScript: the verdict');
  ok(await page.locator('#main svg.draw').count() >= 1, 'without JavaScript: the main chart');
  ok(await page.locator('#racks a.dev, #racks .dev').count() >= 8, 'without JavaScript: the racks');
  ok(/\d\d:\d\d/.test(await page.textContent('#live')), 'without JavaScript: of when it is');
  await page.click('.lang');
  ok(await page.getAttribute('html', 'lang') === 'en', 'without JavaScript: the language changes');
  await page.goto(`${base}/heat`);
  ok(await page.getAttribute('html', 'lang') === 'en', 'and stays');
  await page.goto(`${base}/plan`);
  await page.fill('input[name=lose]', await page.getAttribute('input[name=lose]', 'placeholder'));
  await page.click('form.try button');
  ok(/\/whatif\?lose=/.test(page.url()) && /fails$/.test(await page.textContent('h1')), 'without JavaScript: a loss is tried');
  await context.close();
}

async function drags() {
  const { page, context } = await open('/sensor/inlet-top?kind=temperature&from=1784488800&to=1784492400',
    { js: true });
  await page.goto(`${base}/`);
  const box = await page.locator('#main .wide svg').boundingBox();
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 5 });
  await Promise.all([page.waitForURL(/from=\d+&to=\d+/, { timeout: 5000 }).catch(() => {}), page.mouse.up()]);
  const url = new URL(page.url()), span = url.searchParams.get('to') - url.searchParams.get('from');
  ok(span > 60 && span < 12 * 3600, 'a stretch of time is dragged into the address', page.url());
  await page.focus('.dev');
  ok(await page.evaluate(() => document.activeElement.getAttribute('href')?.startsWith('/host/')),
    'a host of the rack takes the keyboard');
  await context.close();
}

// On paper: white whatever the browser likes, no controls, nothing cut, few sheets.
async function paper(incident) {
  for (const [path, most] of [['/', 3], [incident, 2], ['/plan', 2], ['/whatif?lose=ups1', 2]])
    for (const lang of ['ja', 'en']) {
      const { page, context } = await open(path, { lang, scheme: 'dark' });
      const pdf = await page.pdf({ preferCSSPageSize: true });
      const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
      ok(sheets >= 1 && sheets <= most, `${path} ${lang} on paper: at most ${most} sheets`, String(sheets));
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      await page.setViewportSize({ width: 710, height: 1000 }); // A4 within its margins
      const wrong = await page.evaluate(() => {
        const shown = (e) => e.getClientRects().length > 0, found = [];
        const dark = (colour) => { const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number); return a > 0.5 && r + g + b < 600; };
        for (const e of document.querySelectorAll('html,body,main,.card,.band,.top,footer,.absent'))
          if (dark(getComputedStyle(e).backgroundColor)) found.push(`dark ${e.className || e.tagName}`);
        for (const e of document.querySelectorAll('button,input,select,form,.tabs,.bottom,.themes,.files'))
          if (shown(e)) found.push(`shown ${e.outerHTML.slice(0, 60)}`);
        for (const e of document.querySelectorAll('table,svg.draw,h1,h2'))
          if (shown(e) && e.getBoundingClientRect().right > innerWidth + 1) found.push(`cut ${e.outerHTML.slice(0, 60)}`);
        return found.slice(0, 5).join(' | ');
      });
      ok(wrong === '', `${path} ${lang} on paper: white, no controls, nothing cut`, wrong);
      await context.close();
    }
}

// Fingers on a phone: sideways picks a stretch of time, up and down scrolls, a tap does neither.
async function fingers() {
  for (const path of ['/', '/sensor/inlet-top?kind=temperature']) {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const page = await context.newPage(), hand = await context.newCDPSession(page), errors = [];
    page.on('pageerror', (e) => errors.push(e.message));
    await page.goto(base + path);
    await page.waitForSelector('#live.fresh', { timeout: 15000 });
    await sleep(1500); // the chart that can be read off is in its place
    const chart = page.locator('figure.chart').first(), before = page.url();
    await chart.evaluate((e) => scrollTo(0, e.getBoundingClientRect().top + scrollY - 300));
    const box = await chart.boundingBox(), y = box.y + box.height / 2;
    const touch = (type, at) => hand.send('Input.dispatchTouchEvent', { type, touchPoints: at ? [{ x: at[0], y: at[1] }] : [] });
    const draw = async (...points) => {
      await touch('touchStart', points[0]);
      for (const point of points.slice(1)) { await touch('touchMove', point); await sleep(30); }
      await touch('touchEnd');
    };
    await draw([box.x + box.width / 2, y]);
    await sleep(300);
    ok(page.url() === before, `${path}: a tap picks nothing`, page.url());
    const top = await page.evaluate(() => scrollY);
    await draw(...[0, 20, 50, 90, 140, 200].map((d) => [box.x + box.width / 2 + d / 20, y - d]));
    await sleep(500);
    const down = await page.evaluate(() => scrollY) - top;
    ok(down > 60 && page.url() === before && await page.locator('.pick').count() === 0,
      `${path}: a finger that goes up scrolls, and picks nothing`, `${down} ${page.url()}`);
    await page.evaluate((to) => scrollTo(0, to), top);
    await sleep(200);
    await Promise.all([page.waitForURL(/from=\d+&to=\d+/, { timeout: 5000 }).catch(() => {}),
      draw(...[0.35, 0.4, 0.5, 0.6, 0.7].map((share) => [box.x + box.width * share, y + share * 10]))]);
    const url = new URL(page.url()), span = url.searchParams.get('to') - url.searchParams.get('from');
    ok(span > 60 && span < 12 * 3600, `${path}: a stretch of time is picked by a finger`, page.url());
    ok(errors.length === 0, `${path}: no error`, errors.join(' | '));
    await context.close();
  }
}

try {
  ok(await up(), 'the room is up');
  const watcher = await open('/');
  await watcher.page.waitForSelector('#verdict.quiet.ok', { timeout: 60000 }).catch(() => {});
  ok(await watcher.page.locator('#verdict.quiet.ok').count() === 1, 'all well is one quiet line');
  await matrix('normal', false);
  turn();
  // the page that was open learns of it by itself
  await watcher.page.waitForSelector('#verdict.warn, #verdict.crit', { timeout: 180000 });
  ok(/^[\u25b2\u25a0]/.test(await watcher.page.title()), 'the title carries the state', await watcher.page.title());
  ok(/icon-(warn|crit)/.test(await watcher.page.getAttribute('link[rel=icon]', 'href')), 'and the icon');
  await watcher.page.waitForFunction(() => document.querySelector('#main .fore'), null, { timeout: 60000 })
    .catch(() => {});
  ok(await watcher.page.locator('#main .wide .fore').count() === 1, 'the forecast is drawn, dashed');
  await matrix('alarm', true);
  await evidence();
  const incident = await hands();
  turn(); // cool again, before anything dies
  await withoutScript();
  await drags();
  await fingers();
  await paper(incident);
  await sections(incident);
  await watcher.page.waitForSelector('#verdict.quiet.ok', { timeout: 240000 }).catch(() => {});
  ok(await watcher.page.locator('#verdict.quiet.ok').count() === 1, 'and that it is over');
  await stop();
  await watcher.page.waitForSelector('#live.stale', { timeout: 12000 }).catch(() => {});
  ok(/\u66f4\u65b0\u304c\u6b62\u307e\u3063\u3066\u3044\u307e\u3059/.test(await watcher.page.textContent('#live')),
    'ten seconds without news are said', await watcher.page.textContent('#live'));
  ok(await watcher.page.evaluate(() => getComputedStyle(document.querySelector('main')).filter.includes('grayscale')),
    'and look it');
} catch (error) {
  ok(false, 'the run', error.stack);
}
await browser.close();
await stop();
console.log(`1..${n}`);
process.exit(bad ? 1 : 0);
