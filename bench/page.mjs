// bench/page.mjs - the first page in numbers, beside that of the packaged netdata: bytes,
// requests, hosts, first paint (median of 5; desk, and a phone with a fourth of the
// processor and 1.6 Mbit/s), elements; then who listens: 200 events and 50 pages at once,
// 1,000 events' memory.  Nothing is asserted.
// usage: node bench/page.mjs [BUILD-FOLDER]   needs test/page/node_modules and chromium
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, readFileSync, mkdtempSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url)), build = resolve(process.argv[2] || 'build');
const { chromium } = createRequire(join(here, '../test/page/'))('playwright-core');
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

async function up(url) {
  for (let i = 0; i < 300; i++) {
    try { if ((await fetch(url)).ok) return true; } catch { /* not yet */ }
    await sleep(100);
  }
  return false;
}

async function once(browser, url, phone) {
  const context = await browser.newContext(phone ? { viewport: { width: 390, height: 844 } } :
    { viewport: { width: 1440, height: 1000 } });
  const page = await context.newPage(), requests = [];
  page.on('request', (r) => requests.push(r));
  if (phone) {
    const cdp = await context.newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await cdp.send('Network.enable');
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 150,
      downloadThroughput: 200000, uploadThroughput: 93750 });
  }
  await page.goto(url, { waitUntil: 'load' });
  await sleep(phone ? 2500 : 1500);
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  const nodes = await page.evaluate(() => document.getElementsByTagName('*').length);
  const high = await page.evaluate(() => document.documentElement.scrollHeight / innerHeight);
  let bytes = 0, n = 0;
  for (const r of requests) {
    if (/\/events$|\/icon-|favicon/.test(r.url())) continue;
    n++;
    const sizes = await Promise.race([r.sizes().catch(() => null), sleep(1000)]);
    bytes += sizes ? sizes.responseBodySize + sizes.responseHeadersSize : 0;
  }
  const hosts = new Set(requests.map((r) => new URL(r.url()).host));
  await context.close();
  return { paint, nodes, bytes, n, hosts: hosts.size, high };
}

async function row(browser, name, url) {
  const desk = [], phone = [];
  for (let i = 0; i < 5; i++) desk.push(await once(browser, url, false));
  for (let i = 0; i < 5; i++) phone.push(await once(browser, url, true));
  console.log(`${name}: first paint ${Math.round(median(desk.map((d) => d.paint)))} ms desk, ` +
    `${Math.round(median(phone.map((d) => d.paint)))} ms phone; ${median(desk.map((d) => d.bytes))} bytes in ` +
    `${median(desk.map((d) => d.n))} requests, ${median(desk.map((d) => d.hosts))} hosts; ` +
    `${median(desk.map((d) => d.nodes))} elements, ${median(desk.map((d) => d.high)).toFixed(1)} screens high`);
}

const rss = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`))[1]);
const get = (path, agent) => new Promise((done) => {
  const began = performance.now();
  http.get({ host: '127.0.0.1', port, path, agent }, (r) => {
    r.resume();
    r.on('end', () => done(performance.now() - began));
  }).on('error', () => done(Infinity));
});
const listen = () => new Promise((done) => {
  const request = http.get({ host: '127.0.0.1', port, path: '/events', agent: false }, (r) => {
    const client = { request, events: 0 };
    r.on('data', (d) => { client.events += String(d).includes('event: now'); });
    r.on('error', () => {});
    done(client);
  });
  request.on('error', () => {});
});

const port = 20000 + process.pid % 20000, state = join(mkdtempSync(join(tmpdir(), 'keisoku-bench-')), 'state');
const serve = spawn(join(here, '../test/scene/serve'), [build], { stdio: 'ignore',
  env: { ...process.env, PORT: port, FACTOR: '60', SERVE_STATE: state } });
await up(`http://127.0.0.1:${port}/`);
await sleep(8000);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
await row(browser, 'keisoku', `http://127.0.0.1:${port}/`);
if (existsSync('/usr/sbin/netdata')) {
  const netdata = spawn('/usr/sbin/netdata', ['-D', '-i', '127.0.0.1', '-p', String(port + 1), '-u', 'root'],
    { stdio: 'ignore' });
  if (await up(`http://127.0.0.1:${port + 1}/`)) {
    await sleep(8000);
    await row(browser, 'netdata', `http://127.0.0.1:${port + 1}/`);
  }
  netdata.kill('SIGTERM');
} else {
  console.log('netdata is not installed: not compared');
}
await browser.close();

const status = await (await fetch(`http://127.0.0.1:${port}/api/status`)).json();
const pid = status.roles.find((r) => r.role === 'page').pid, before = rss(pid);
let clients = [];
for (let i = 0; i < 200; i++) clients.push(await listen());
const times = await Promise.all(Array.from({ length: 50 }, () => get('/', new http.Agent())));
console.log(`200 listen, 50 pages at once: slowest ${Math.max(...times).toFixed(0)} ms, median ${median(times).toFixed(0)} ms`);
for (let i = 200; i < 1000; i++) clients.push(await listen());
await sleep(5000);
const there = rss(pid), events = clients.map((c) => c.events);
console.log(`1,000 listen: page ${there} kB, ${((there - before) / 1000).toFixed(1)} kB each; ` +
  `events in the last seconds: ${Math.min(...events.slice(0, 200))} to ${Math.max(...events)}`);
for (const c of clients) c.request.destroy();
await sleep(3000);
console.log(`gone again: page ${rss(pid)} kB (before ${before} kB)`);
serve.kill('SIGTERM');
await sleep(1500);
process.exit(0);
