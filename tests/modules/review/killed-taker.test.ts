import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { caseSystemCommands } from '../../../src/modules/review/index.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { colleague, eventsOf, opened, product, store, takeNext } from './desk.ts';

const waitingCases = 40;
let app: TestApp;
let child: ChildProcess | undefined;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100' });
  const selling = await store(app, { status: 'approved' });
  for (let made = 0; made < waitingCases; made += 1) await opened(app, 'product', await product(app, selling));
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await app.stop();
});

/** Each case with the state of its product: one transaction moves both. */
async function pairs(): Promise<{ id: string; status: string; product: string }[]> {
  const { prisma } = app.deps.database;
  const cases = await prisma.reviewCase.findMany({ select: { id: true, status: true, subjectId: true } });
  const products = new Map((await prisma.product.findMany({ select: { id: true, status: true } })).map(({ id, status }) => [id, status]));
  return cases.map(({ id, status, subjectId }) => ({ id, status, product: products.get(subjectId) ?? 'gone' }));
}

/** Starts the takers and kills them, as the power does, once they said that they hold so many. */
async function killedAfter(count: number): Promise<string[]> {
  const taker = spawn(process.execPath, [new URL('../../support/processes/case-taker.ts', import.meta.url).pathname], {
    env: { PATH: process.env['PATH'], TAKER_DATABASE_URL: app.database.adminUrl, TAKER_DATA_DIR: app.deps.config.dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = taker;
  let said = '';
  const ids = () => said.split('\n').filter(Boolean);
  taker.stdout.on('data', (part) => {
    said += String(part);
    if (ids().length >= count) taker.kill('SIGKILL');
  });
  const [, signal] = await once(taker, 'close');
  expect(signal).toBe('SIGKILL');
  return ids();
}

it('claims of a process that was killed lapse and return, each with its product, and nothing is half taken', {
  timeout: 120_000,
}, async () => {
  const given = await killedAfter(8);
  expect(new Set(given).size).toBe(given.length);
  // A transaction of the dead may still be ending.
  await expect.poll(async () => (await pairs()).every((pair) => (pair.status === 'claimed') === (pair.product === 'in_review'))).toBe(true);
  const held = (await pairs()).filter(({ status }) => status === 'claimed').map(({ id }) => id);
  expect(held).toEqual(expect.arrayContaining(given));
  expect(held.length).toBeLessThan(waitingCases);

  const lapse = () => app.as(system, () => caseSystemCommands.lapseClaims(app.deps));
  expect(await lapse()).toBe(0);
  app.clock.advance(31 * 60);
  expect(await lapse()).toBe(held.length);
  expect(await pairs()).toEqual(
    Array.from({ length: waitingCases }, () => expect.objectContaining({ status: 'queued', product: 'pending' })),
  );
  for (const id of held) expect(await eventsOf(app, id)).toEqual(['opened', 'claimed', 'released']);

  const again = new Set<string | null>();
  for (let taken = 0; taken < waitingCases; taken += 1) again.add((await takeNext(app, colleague(app))).caseId);
  expect(again.has(null)).toBe(false);
  expect(again.size).toBe(waitingCases);
});
