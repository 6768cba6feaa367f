import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { PlainFailure, runScript } from './plain-failure.ts';
import { writeContactSheet } from './screens/contact-sheet.ts';
import { watch } from './screens/faults.ts';
import { dialogsOf, findScreens, type Screen, tabsOf } from './screens/find-screens.ts';
import { type LabCopy, runningCopy, type Staff, startCopy } from './screens/lab-copy.ts';
import { type Looker, lookAt, openScreen, type Picture } from './screens/look.ts';
import { readOptions, type ScreensOptions } from './screens/options.ts';
import { settling, signIn } from './screens/page.ts';

/**
 * `npm run screens`: starts a lab copy, becomes each role in turn and takes pictures of all it can open, wide and narrow, light
 * and dark, with a contact sheet. Exit code 1 when anything is wrong on any of them: a console error, a report of the content
 * policy, a foreign, failed or refused request, an axe violation, sideways scrolling, a word or picture of AdminJS, whatever only a
 * mouse can use.
 */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const executablePath = browserPath();
  const copy = options.isRunning ? runningCopy() : await startCopy();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void copy.stop().finally(() => process.exit(130)));
  const pictures: Picture[] = [];
  const faults: string[] = [];
  const known = new Set<string>();
  try {
    const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
    mkdirSync(options.folder, { recursive: true });
    for (const person of peopleToBe(copy, options)) {
      const before = [pictures.length, faults.length] as const;
      await showAll({ browser, copy, person, options, pictures, faults, known });
      const [taken, wrong] = [pictures.length - before[0], faults.length - before[1]];
      process.stdout.write(`${person.role}: ${taken} pictures, ${wrong} faults\n`);
    }
    await browser.close();
  } finally {
    await copy.stop();
  }
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.stdout.write(`${pictures.length} pictures, ${faults.length} faults: ${writeContactSheet(options.folder, pictures, faults)}\n`);
  process.exitCode = faults.length > 0 || pictures.length === 0 ? 1 : 0;
}

type Show = {
  browser: Browser;
  copy: LabCopy;
  person: Staff;
  options: ScreensOptions;
  pictures: Picture[];
  faults: string[];
  /** Dialogs that were seen: each is looked at once, whoever opens it first. */
  known: Set<string>;
};

async function showAll({ browser, copy, person, options, pictures, faults, known }: Show): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const problems: string[] = [];
  watch(page, copy.origin, problems);
  rmSync(join(options.folder, person.role), { recursive: true, force: true });
  const looker: Looker = {
    page,
    settled: settling(page),
    origin: copy.origin,
    role: person.role,
    folder: options.folder,
    widths: options.widths,
    problems,
    onFault: (fault) => faults.push(fault),
    onPicture: (picture) => pictures.push(picture),
  };
  await signIn(page, copy.origin, person);
  await looker.settled.settle();
  await prefer(page, options);
  await page.goto(`${copy.origin}/admin`);
  await looker.settled.settle();
  const found = await findScreens(page);
  // What finding them asked for and was refused is no fault of a screen.
  problems.splice(0);
  const isWanted = ({ name }: Screen) => options.screens.length === 0 || options.screens.some((part) => name.includes(part));
  for (const screen of found.filter(isWanted)) await showScreen(looker, screen, known);
  await context.close();
}

/** A screen, its tabs, and the dialogs that its buttons open. One that cannot be looked at is a fault, not the end. */
async function showScreen(looker: Looker, screen: Screen, known: Set<string>): Promise<void> {
  const isNew = (name: string) => !known.has(name);
  const look = async (target: Screen) => {
    await openScreen(looker, target);
    const more = target.open
      ? []
      : [...(await tabsOf(looker.page, target)), ...(await wide(looker, () => dialogsOf(looker.page, target, isNew)))];
    await lookAt(looker, target);
    return more;
  };
  const waiting: Screen[] = [screen];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    if (next.open && known.has(next.name)) continue;
    if (next.open) known.add(next.name);
    const isTab = next.name.includes('-tab-');
    try {
      const more = await look(next);
      waiting.push(...more.filter((other) => !isTab || other.open));
    } catch (error) {
      looker.onFault(`${looker.role}, ${next.name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  }
}

/** Buttons are found where all of them are drawn. */
async function wide<T>({ page, widths }: Looker, work: () => Promise<T>): Promise<T> {
  await page.setViewportSize({ width: Math.max(...widths), height: 900 });
  return work();
}

function peopleToBe(copy: LabCopy, { roles }: ScreensOptions): readonly Staff[] {
  const unknown = roles.filter((role) => !copy.staff.some((person) => person.role === role));
  if (unknown.length > 0)
    throw new PlainFailure(`No demo account is ${unknown.join(', ')}. There are: ${copy.staff.map(({ role }) => role).join(', ')}.`);
  return copy.staff.filter(({ role }) => roles.length === 0 || roles.includes(role));
}

/** Saves what the person would choose on their account page. */
async function prefer(page: Page, { isCompact, isPseudo }: ScreensOptions): Promise<void> {
  const fields = new URLSearchParams({
    theme: 'system',
    density: isCompact ? 'compact' : 'comfortable',
    ...(isPseudo ? { locale: 'en-XA' } : {}),
  });
  await page.evaluate(
    `fetch('/admin/account/preferences', { method: 'POST', redirect: 'manual', body: new URLSearchParams(${JSON.stringify(fields.toString())}) }).then(() => null)`,
  );
}

function browserPath(): string {
  const found = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path),
  );
  if (!found) throw new PlainFailure('No chromium: install it (apt-get install chromium) or set CHROMIUM_PATH.');
  return found;
}

await runScript(main);
process.exit();
