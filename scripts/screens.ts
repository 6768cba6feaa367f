import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { totpCode, totpStepAt } from '../src/foundation/crypto/totp.ts';
import { PlainFailure, runScript } from './plain-failure.ts';

const demoStaff = z.array(z.object({ role: z.string(), email: z.string(), password: z.string(), totpSecret: z.string().optional() }));
type Staff = z.infer<typeof demoStaff>[number];

const looks = [
  { name: '1280-light', width: 1280, height: 900, colorScheme: 'light' },
  { name: '1280-dark', width: 1280, height: 900, colorScheme: 'dark' },
  { name: '390-light', width: 390, height: 844, colorScheme: 'light' },
  { name: '390-dark', width: 390, height: 844, colorScheme: 'dark' },
] as const;

/**
 * `npm run screens [role ...]`: pictures of every screen a role can reach, from a copy that runs (PUBLIC_URL or PORT, and DATA_DIR),
 * into screens/<role>/<look>/. Needs chromium (CHROMIUM_PATH, else the one on this machine). Without roles: one account of each.
 */
async function main(): Promise<void> {
  const base = process.env['PUBLIC_URL'] || `http://localhost:${process.env['PORT'] || '3000'}`;
  const people = staffToShow(process.argv.slice(2));
  const browser = await chromium.launch({ executablePath: browserPath(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  try {
    for (const person of people) await showAll(browser, base, person);
  } finally {
    await browser.close();
  }
}

function staffToShow(roles: readonly string[]): Staff[] {
  const file = join(resolve(process.env['DATA_DIR'] || '.data'), 'demo-staff.json');
  if (!existsSync(file)) throw new PlainFailure(`${file} is missing: run "npm start" or "npm run start:lab" first and leave it running.`);
  const staff = demoStaff.parse(JSON.parse(readFileSync(file, 'utf8')));
  const first = [...new Map(staff.toReversed().map((person) => [person.role, person])).values()].reverse();
  return roles.length === 0 ? first : first.filter((person) => roles.includes(person.role));
}

function browserPath(): string {
  const found = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path),
  );
  if (!found) throw new PlainFailure('No chromium: install it (apt-get install chromium) or set CHROMIUM_PATH.');
  return found;
}

async function showAll(browser: Browser, base: string, person: Staff): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await signIn(page, base, person);
  const addresses = await reachable(page, base);
  for (const { name, width, height, colorScheme } of looks) {
    const folder = join('screens', person.role, name);
    mkdirSync(folder, { recursive: true });
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    for (const address of addresses) {
      await open(page, address);
      await page.screenshot({ path: join(folder, `${fileName(base, address)}.png`), fullPage: true });
    }
  }
  process.stdout.write(`${person.role}: ${addresses.length} screens in ${looks.length} looks\n`);
  await context.close();
}

async function signIn(page: Page, base: string, person: Staff): Promise<void> {
  await page.goto(`${base}/admin`);
  await page.fill('input[name=email]', person.email);
  await page.fill('input[name=password]', person.password);
  await page.click('button[type=submit]');
  if (new URL(page.url()).pathname.startsWith('/admin/login/mfa') && person.totpSecret) {
    await page.fill('input[name=code]', totpCode(person.totpSecret, totpStepAt(new Date())));
    await page.click('button[type=submit]');
  }
  await page.waitForSelector('#fs-sidebar', { state: 'attached' }).catch(() => {
    throw new PlainFailure(`${person.email} could not sign in; the page says: ${page.url()}`);
  });
}

/** The dashboard, every entry of the navigation, and the first record of each list. */
async function reachable(page: Page, base: string): Promise<string[]> {
  await open(page, `${base}/admin`);
  const lists = await hrefs(page, '#fs-sidebar a[href^="/admin"]');
  const addresses = [`${base}/admin`, ...lists.map((href) => new URL(href, base).href)];
  for (const list of addresses.slice(1)) {
    await open(page, list);
    const [record] = await hrefs(page, 'main a[href*="/records/"]');
    if (record) addresses.push(new URL(record, base).href);
  }
  return [...new Set(addresses)];
}

function hrefs(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
}

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address, { waitUntil: 'networkidle' });
}

function fileName(base: string, address: string): string {
  const path = address.slice(base.length).replace(/^\/admin\/?/, '');
  return (
    path
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'record')
      .replace(/[^a-z0-9]+/gi, '-')
      .replace(/^-|-$/g, '') || 'dashboard'
  );
}

await runScript(main);
