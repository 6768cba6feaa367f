import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { settling, signIn } from '../../scripts/screens/page.ts';
import type { Ground } from '../ground.ts';
import { makePeople, makeStaff, type Staff } from '../people.ts';
import { startServer } from '../server.ts';
import { atMost, type Finding, medianAtMost, tableOf } from './finding.ts';
import { listen } from './wire.ts';

const rounds = 9;
const viewport = { width: 1280, height: 900 };
const kilobyte = 1_000;

/** What Chromium sees of the production build: bytes and requests of the first visit and of the next, and how soon there is something to read. */
export async function measureBrowser(ground: Ground): Promise<Finding[]> {
  const adminUrl = await ground.newDatabase();
  await makePeople(ground, adminUrl, 4);
  const [person] = await makeStaff(ground, adminUrl, 1);
  if (!person) throw new Error('No member of staff was made');
  const server = await startServer(['src/main.ts', 'web'], ground.envOf(adminUrl));
  const browser = await chromium.launch({ executablePath: browserPath(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  try {
    const origin = `http://127.0.0.1:${server.port}`;
    const signInPage = await measureSignInPage(browser, origin);
    say(signInPage);
    const state = await signedIn(browser, origin, person);
    const visits: Visit[] = [];
    for (let round = -1; round < rounds; round += 1) {
      const visit = await visitTwice(browser, origin, state);
      if (round >= 0) visits.push(visit);
    }
    const firstLoad = findingsOf(visits);
    say(firstLoad);
    return [...signInPage, ...firstLoad, await measureMoves(browser, origin, state)];
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** As soon as it is known: the whole takes minutes. */
function say(findings: readonly Finding[]): void {
  process.stderr.write(`${tableOf(findings)}\n`);
}

async function measureSignInPage(browser: Browser, origin: string): Promise<Finding[]> {
  const times: number[] = [];
  let [bytes, bundles] = [0, 0];
  for (let round = -1; round < rounds; round += 1) {
    const page = await (await browser.newContext({ viewport })).newPage();
    const wire = await listen(page);
    await page.goto(`${origin}/admin/login`, { waitUntil: 'load' });
    const usableAt = await page.evaluate<number>("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd");
    if (round >= 0) times.push(usableAt);
    bytes = Math.max(bytes, wire.totalBytes());
    bundles = wire.fetched.filter(({ path }) => path.endsWith('.bundle.js')).length;
    await page.context().close();
  }
  return [
    atMost({ what: 'sign-in page, all files', value: bytes / kilobyte, budget: 60, unit: 'KB', digits: 1 }),
    atMost({ what: 'sign-in page, bundles of AdminJS', value: bundles, budget: 0, unit: 'files' }),
    medianAtMost({ what: 'sign-in page, usable after', values: times, budget: 500, unit: 'ms' }),
  ];
}

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

async function signedIn(browser: Browser, origin: string, person: Staff): Promise<State> {
  const context = await browser.newContext({ viewport });
  await signIn(await context.newPage(), origin, { role: 'admin', ...person });
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Sizes in bytes, times in ms. */
type Visit = {
  bytes: number;
  ownBytes: number;
  fontBytes: number;
  requests: number;
  coldPaint: number;
  warmPaint: number;
  returnBytes: number;
  returnBundles: number;
};

/** Before the page runs: notes the largest paint, which the browser reports as it comes. */
const notePaint = `window.fsPaint = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.fsPaint = entry.startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });`;

async function visitTwice(browser: Browser, origin: string, state: State): Promise<Visit> {
  const context = await browser.newContext({ viewport, storageState: state });
  await context.addInitScript(notePaint);
  const first = await visit(context, origin);
  const second = await visit(context, origin);
  await context.close();
  return {
    bytes: first.wire.totalBytes(),
    ownBytes: first.wire.totalBytes(
      ({ path }) => /\/(components|app)\.[0-9a-f]+\.(bundle\.js|css)$/.test(path) && !/\/app\..*\.js$/.test(path),
    ),
    fontBytes: first.wire.totalBytes(({ path }) => path.endsWith('.woff2')),
    requests: first.requests,
    coldPaint: first.paint,
    warmPaint: second.paint,
    returnBytes: second.wire.totalBytes(),
    returnBundles: second.wire.fetched.filter(({ path, isCached }) => path.endsWith('.js') && !isCached).length,
  };
}

async function visit(context: BrowserContext, origin: string) {
  const page = await context.newPage();
  const wire = await listen(page);
  const settled = settling(page);
  await page.goto(`${origin}/admin`);
  await page.locator('.fs-card-value').first().waitFor();
  const requests = wire.fetched.length;
  await settled.settle();
  const paint = await page.evaluate<number>('window.fsPaint');
  return { wire, requests, paint };
}

function findingsOf(visits: readonly Visit[]): Finding[] {
  const most = (pick: (visit: Visit) => number) => Math.max(...visits.map(pick));
  const size = (what: string, pick: (visit: Visit) => number, budget: number) =>
    atMost({ what, value: most(pick) / kilobyte, budget, unit: 'KB', digits: 1 });
  const paint = (what: string, pick: (visit: Visit) => number, budget: number) =>
    medianAtMost({ what, values: visits.map(pick), budget, unit: 'ms' });
  return [
    size('first load after sign-in, all files', ({ bytes }) => bytes, 1_000),
    size('first load, own components and styles', ({ ownBytes }) => ownBytes, 200),
    size('first load, fonts', ({ fontBytes }) => fontBytes, 80),
    size('return visit', ({ returnBytes }) => returnBytes, 60),
    atMost({ what: 'return visit, bundles fetched again', value: most(({ returnBundles }) => returnBundles), budget: 0, unit: 'files' }),
    atMost({ what: 'requests to first usable dashboard', value: most(({ requests }) => requests), budget: 15, unit: 'requests' }),
    paint('largest contentful paint, cold cache', ({ coldPaint }) => coldPaint, 2_000),
    paint('largest contentful paint, warm cache', ({ warmPaint }) => warmPaint, 1_000),
  ];
}

/** Clicks the entry and waits, frame by frame, until its screen has content; gives the milliseconds. */
const moveTo = (href: string) => `new Promise((done, fail) => {
  const began = performance.now();
  document.querySelector('#fs-sidebar a[href="${href}"]:not(.fs-brand)').click();
  let drawn = 0;
  const look = () => {
    const main = document.querySelector('main');
    const isThere = location.pathname === '${href.replace(/\?.*/, '')}' && main.querySelector('h1') && !main.querySelector('.fs-skeleton, [aria-busy=true]');
    drawn = isThere ? drawn + 1 : 0;
    if (drawn === 2) done(performance.now() - began);
    else if (performance.now() - began > 20000) fail(new Error('${href} has no content after 20 s'));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})`;

/** Every entry of the navigation in turn, nine times round; the slowest entry by its median. */
async function measureMoves(browser: Browser, origin: string, state: State): Promise<Finding> {
  const page: Page = await (await browser.newContext({ viewport, storageState: state })).newPage();
  const settled = settling(page);
  await page.goto(`${origin}/admin`);
  await settled.settle();
  const hrefs = await page.evaluate<string[]>('FASHIONISTAR.navigation.flatMap(({ entries }) => entries.map(({ href }) => href))');
  const taken = new Map<string, number[]>(hrefs.map((href) => [href, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const href of hrefs) {
      const ms = await page.evaluate<number>(moveTo(href));
      await settled.settle();
      if (round >= 0) taken.get(href)?.push(ms);
    }
  }
  await page.context().close();
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const [slowest = ['', []]] = [...taken].sort(([, a], [, b]) => median(b) - median(a));
  return medianAtMost({
    what: 'moving between screens, to content',
    values: slowest[1],
    budget: 400,
    unit: 'ms',
    note: `slowest of ${hrefs.length}: ${slowest[0]}`,
  });
}

function browserPath(): string {
  const found = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path),
  );
  if (!found) throw new Error('No chromium: install it (apt-get install chromium) or set CHROMIUM_PATH.');
  return found;
}
