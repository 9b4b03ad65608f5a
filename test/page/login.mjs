// login.mjs - the page served over TLS, in a real browser: the login looks well and works
// without JavaScript, roles hold, a session ends, a link from a mail still finds it.
// usage: node login.mjs BUILD-FOLDER [PICTURES-FOLDER]   exit 77: no browser here
import { spawn, execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url)), CHROMIUM = '/usr/bin/chromium';
const skip = (why) => { console.log(`skipped: ${why}`); process.exit(77); };
if (!existsSync(CHROMIUM)) skip('there is no chromium (apt-get install chromium)');
if (!existsSync(join(here, 'node_modules/playwright-core'))) skip('npm ci in test/page brings what drives it');
if (!existsSync('/usr/bin/openssl')) skip('there is no openssl to make a certificate with');
const { chromium } = createRequire(import.meta.url)('playwright-core');
const axe = readFileSync(join(here, 'node_modules/axe-core/axe.min.js'), 'utf8');

const keisoku = join(resolve(process.argv[2] || 'build'), 'src/keisoku'), pictures = process.argv[3];
if (pictures) mkdirSync(pictures, { recursive: true });
const port = 20000 + process.pid % 20000, base = `https://localhost:${port}`;
const work = mkdtempSync(join(tmpdir(), 'keisoku-login-')), file = (name) => join(work, name);
const WORD = 'correct horse staple', VIEW = 'only looking at it';
let bad = 0, n = 0;
const ok = (holds, what, more = '') => {
  console.log(`${holds ? 'ok' : 'not ok'} ${++n} - ${what}${holds || !more ? '' : `: ${more}`}`);
  if (!holds) bad++;
};
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '30',
  '-nodes', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
  '-keyout', file('key'), '-out', file('cert')], { stdio: 'ignore' });
const user = (input, ...words) => execFileSync(keisoku, ['user', ...words, '--users', file('users')], { input });
user(`${WORD}\n`, 'add', 'taro', '--role', 'approver');
user(`${VIEW}\n`, 'add', '花子', '--role', 'viewer', '--lang-of', 'ja', '--theme', 'dark');
writeFileSync(file('site'), readFileSync(join(here, '../../conf/home.site')));
appendFileSync(file('site'), `\npage web listen=127.0.0.1:${port} cert=${file('cert')} key=${file('key')} users=${file('users')}\n`);
const watch = spawn(keisoku, ['watch', file('site'), '--state', file('state')], { stdio: ['ignore', 'ignore', 'ignore'] });
let ended = false;
watch.on('exit', () => { ended = true; });
// another site, with a link to ours
const other = http.createServer((q, a) => {
  a.setHeader('Content-Type', 'text/html');
  a.end(`<a id="link" href="${base}/heat">there</a><form id="form" method="post" action="${base}/logout">` +
    '<input name="form" value="guess"><button>out</button></form>');
}).listen(0, '127.0.0.1');
const elsewhere = () => `http://127.0.0.1:${other.address().port}/`;

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
const open = async (path, { lang = 'ja', scheme = 'light', width = 1440, js = true } = {}) => {
  const context = await browser.newContext({ locale: lang, colorScheme: scheme, javaScriptEnabled: js,
    ignoreHTTPSErrors: true, viewport: { width, height: width < 600 ? 844 : 900 } });
  const page = await context.newPage(), errors = [];
  page.on('console', (m) => m.type() === 'error' && errors.push(m.text()));
  page.on('pageerror', (e) => errors.push(e.message));
  await page.goto(base + path);
  return { page, context, errors };
};
const log_in = async (page, name, password) => {
  await page.fill('#name', name);
  await page.fill('#password', password);
  await Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
};
const faults = async (page) => {
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa',
    'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return result.violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 140)}`).join(' | ');
};
const path_of = (page) => new URL(page.url()).pathname + new URL(page.url()).search;

async function up() {
  for (let i = 0; i < 100 && !ended; i++) {
    const { page, context } = await open('/login').catch(() => ({}));
    if (context) await context.close();
    if (page) return true;
    await sleep(100);
  }
  return false;
}

async function looks() {
  for (const lang of ['ja', 'en'])
    for (const scheme of ['light', 'dark'])
      for (const width of [1440, 390]) {
        const what = `login, ${lang} ${scheme} ${width}`, { page, context, errors } = await open('/heat?from=-600', { lang, scheme, width });
        ok(path_of(page) === '/login?next=%2Fheat%3Ffrom%3D-600', `${what}: one is led there`, path_of(page));
        const found = await faults(page);
        ok(found === '', `${what}: axe finds nothing`, found);
        ok(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth) <= 0, `${what}: no sideways scroll`);
        ok(await page.getAttribute('html', 'lang') === lang, `${what}: in the browser's language`);
        ok(await page.evaluate(() => document.activeElement.id) === 'name', `${what}: the name is where one types`);
        if (pictures) await page.screenshot({ path: join(pictures, `login-${lang}-${scheme}-${width}.png`) });
        if (width === 390 && lang === 'ja') {
          await log_in(page, 'taro', `${WORD}${scheme}`);
          ok(await page.locator('.says[role=alert]').count() === 1, `${what}: a wrong password is said`);
          ok(await page.inputValue('#name') === 'taro' && await page.inputValue('#password') === '',
            `${what}: the name stays, the password does not`);
          if (pictures) await page.screenshot({ path: join(pictures, `login-wrong-${scheme}.png`) });
        } else {
          ok(errors.length === 0, `${what}: no error in the console`, errors.join(' | '));
        }
        await context.close();
      }
}

async function in_and_out(js) {
  const what = js ? 'with JavaScript' : 'without JavaScript', { page, context } = await open('/heat', { js });
  await log_in(page, 'taro', WORD);
  ok(path_of(page) === '/heat', `${what}: one comes to where one wanted to go`, path_of(page));
  ok(/taro/.test(await page.textContent('.who')), `${what}: the page says who has logged in`);
  const jar = (await context.cookies()).find((c) => c.name === '__Host-keisoku');
  ok(jar && jar.secure && jar.httpOnly && jar.sameSite === 'Strict' && jar.path === '/', `${what}: the cookie is for nobody else`);
  const known = (await context.cookies(`${base}/login`)).find((c) => c.name === '__Secure-keisoku-known');
  ok(known && known.secure && known.httpOnly && known.path === '/login', `${what}: the browser is known the next time`);
  await page.click('.themes a[href="?theme=dark"]');
  ok(await page.getAttribute('html', 'data-theme') === 'dark', `${what}: dark by choice`);
  ok(await page.evaluate(() => getComputedStyle(document.body.parentElement).backgroundColor) === 'rgb(17, 23, 26)',
    `${what}: and it is dark`);
  await page.goto(`${base}/power`);
  ok(await page.getAttribute('html', 'data-theme') === 'dark', `${what}: on the next page too`);
  if (js) {
    const found = await faults(page);
    ok(found === '', `${what}: axe finds nothing in the dark`, found);
    if (pictures) await page.screenshot({ path: join(pictures, 'logged-in-dark.png'), fullPage: true });
  }
  await Promise.all([page.waitForNavigation(), page.click('.who form button')]);
  ok(path_of(page) === '/login', `${what}: out again`, path_of(page));
  await context.addCookies([{ ...jar }]);
  await page.goto(`${base}/heat`);
  ok(path_of(page).startsWith('/login'), `${what}: the old cookie opens nothing`, path_of(page));
  await context.close();
}

async function on_record() {
  const { page, context } = await open('/evidence');
  await log_in(page, 'taro', WORD);
  let said = '';
  for (let i = 0; i < 20 && !/taro/.test(said); i++) { await sleep(300); await page.reload(); said = await page.textContent('main'); }
  ok(/ログインがありました/.test(said) && /taro/.test(said), 'who logged in is on record');
  ok(/ログインの試みを拒みました/.test(said) && /ログアウトがありました/.test(said), 'and who was refused, and who went');
  ok(!said.includes(WORD), 'and no password');
  if (pictures) await page.screenshot({ path: join(pictures, 'record.png'), fullPage: true });
  await context.close();
}

async function looks_only() {
  const { page, context } = await open('/', { lang: 'en' });
  await log_in(page, '花子', VIEW);
  ok(await page.getAttribute('html', 'lang') === 'ja', 'the language is the user\'s, not the browser\'s');
  ok(await page.getAttribute('html', 'data-theme') === 'dark', 'the colours are the user\'s');
  const token = await page.inputValue('.who input[name=form]');
  const status = await page.evaluate(async (form) => (await fetch('/api/v1/acts', { method: 'POST', body: '{}',
    headers: { 'Content-Type': 'application/json', 'X-Keisoku-Form': form } })).status, token);
  ok(status === 403, 'who may only look is refused an act', String(status));
  await page.evaluate(() => {
    const form = document.createElement('form');
    form.method = 'post'; form.action = '/act';
    document.body.append(form);
    form.submit();
  });
  await page.waitForSelector('h1');
  await sleep(500);
  const found = await faults(page);
  ok(/operator/.test(await page.textContent('main')), 'and is told whom to ask');
  ok(found === '', 'the refusal: axe finds nothing', found);
  if (pictures) await page.screenshot({ path: join(pictures, 'refused.png') });
  await context.close();
}

async function from_elsewhere() {
  const { page, context } = await open('/login');
  await log_in(page, 'taro', WORD);
  await page.goto(elsewhere());
  await page.click('#link');
  await page.waitForURL(/\/(heat|login)/, { timeout: 10000 }).catch(() => {});
  await sleep(500);
  ok(path_of(page) === '/heat', 'a link on another site leads to the page, still logged in', path_of(page));
  await page.goto(elsewhere());
  await page.click('#form button');
  await sleep(500);
  await page.goto(`${base}/heat`);
  ok(path_of(page) === '/heat', 'a form on another site does not log out', path_of(page));
  user('a longer word than before\n', 'password', 'taro');
  for (let i = 0; i < 50 && path_of(page) === '/heat'; i++) { await sleep(200); await page.goto(`${base}/heat`); }
  ok(path_of(page).startsWith('/login'), 'a new password ends the session', path_of(page));
  await context.close();
}

try {
  ok(await up(), 'the page is up');
  await looks();
  await in_and_out(true);
  await in_and_out(false);
  await on_record();
  await looks_only();
  await from_elsewhere();
} catch (error) {
  ok(false, 'the run', error.stack);
}
await browser.close();
other.close();
watch.kill('SIGTERM');
for (let i = 0; i < 100 && !ended; i++) await sleep(100);
rmSync(work, { recursive: true, force: true });
console.log(`1..${n}`);
process.exit(bad ? 1 : 0);
