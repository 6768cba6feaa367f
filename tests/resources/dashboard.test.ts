import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Grade, grades, type RoleGrant } from '../../src/foundation/access/roles.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { totpCode, totpStepAt } from '../../src/foundation/crypto/totp.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { AdminClient } from '../admin/support/admin-client.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { openSql } from '../support/sql.ts';

const password = 'correct horse battery staple 9';
const chart = z.object({
  kind: z.enum(['line', 'bars']),
  summary: z.string().min(1),
  series: z
    .array(z.object({ label: z.string() }))
    .min(1)
    .max(2),
  points: z.array(z.object({ label: z.string(), values: z.array(z.number()) })).min(1),
});
const card = z.object({
  id: z.string(),
  title: z.string(),
  value: z.string().nullable(),
  note: z.string().nullable(),
  href: z.string().nullable(),
  chart: chart.nullable(),
});
const answer = z.object({ greeting: z.string(), cards: z.array(card) });
type Card = z.infer<typeof card>;

const tickets = ['my-tickets', 'sla', 'waiting-tickets', 'first-response'];
const people = ['locked-accounts', 'undelivered-codes'];
const audit = ['audit-state', 'last-anchor', 'denied-actions', 'reveals', 'exports', 'holds'];
const review = ['review-queue', 'oldest-case', 'my-claims', 'decisions', 'resubmissions'];
const copy = ['improvable', 'suggestions', 'acceptance'];
const system = ['api-health', 'dead-letters', 'seal-lag', 'outbox-lag', 'enrichment-lag'];

/** Cards that a grade must have (back-office.md section 8), and some that it must not. */
const expected: Readonly<Record<Grade, { has: readonly string[]; lacks: readonly string[] }>> = {
  assistant: { has: [...tickets, 'undelivered-codes'], lacks: ['approvals', 'sign-ins', ...audit, ...system] },
  support: { has: [...tickets, ...people, 'privacy'], lacks: ['approvals', 'escalations', ...audit, ...system] },
  support_lead: { has: [...tickets, ...people, 'approvals', 'escalations', 'api-health'], lacks: [...audit, 'dead-letters'] },
  reviewer: { has: [...review, 'take-downs'], lacks: [...tickets, 'approvals', 'second-reviews', ...copy, ...audit] },
  reviewer_lead: { has: [...review, 'second-reviews', 'time-to-decision'], lacks: [...tickets, 'approvals', ...audit] },
  enhancer: { has: [...copy, 'own-actions'], lacks: [...review, ...tickets, 'approvals', ...people, ...audit] },
  moderator: { has: [...tickets, 'take-downs', 'suspended-stores'], lacks: ['approvals', 'locked-accounts', ...audit] },
  finance: { has: ['my-tickets', 'approvals', 'kyc-waiting'], lacks: ['sla', 'locked-accounts', ...audit] },
  auditor: { has: [...audit, ...system, 'sign-ins'], lacks: [...tickets, 'approvals', 'locked-accounts', 'expiring-grants'] },
  admin: { has: [...tickets, ...review, ...people, ...audit, ...system, 'approvals', 'sign-ins', 'expiring-grants'], lacks: [] },
  super_admin: { has: [...tickets, ...review, ...people, ...audit, ...system, 'approvals', 'sign-ins', 'expiring-grants'], lacks: [] },
};

let app: TestApp & { stop(): Promise<void> };
let origin = '';

beforeAll(async () => {
  app = await startTestApp({ NODE_ENV: 'production', APP_LAB: '1' });
  await app.as({ kind: 'system', name: 'seed' }, () => fillCountries(app.deps));
  const { port } = await app.startWeb();
  origin = `http://127.0.0.1:${port}`;
}, 180_000);
afterAll(() => app?.stop());

const grantOf = (grade: Grade): RoleGrant =>
  grade === 'support_lead' || grade === 'reviewer_lead'
    ? { role: grade === 'support_lead' ? 'support' : 'reviewer', isLead: true }
    : { role: grade, isLead: false };

async function signIn(grade: Grade, name: string): Promise<{ client: AdminClient; userId: string }> {
  const { email, secret, userId } = await app.as({ kind: 'system', name: 'seed' }, async () => {
    const input = { email: `${name}@staff.example.com`, password, firstName: 'Ada', lastName: 'Obi', grants: [grantOf(grade)] };
    const made = await runCommand(app.deps, systemCommands.createStaffAccount, { input });
    const enrolled = await runCommand(app.deps, systemCommands.enrolTotpFor, { input: { userId: made.output.userId } });
    return { email: input.email, secret: enrolled.output.secret, userId: made.output.userId };
  });
  const client = new AdminClient(origin);
  await client.postForm('/admin/login', { email, password });
  app.clock.advance(30);
  const signedIn = await client.postForm('/admin/login/mfa', { code: totpCode(secret, totpStepAt(app.clock.now())) });
  expect(signedIn.status).toBe(303);
  return { client, userId };
}

async function cardsOf(client: AdminClient): Promise<readonly Card[]> {
  const { status, json } = await client.get('/admin/api/dashboard');
  expect(status).toBe(200);
  return answer.parse(json).cards;
}

/** The data behind an address of a list or a page. */
const dataOf = (href: string) =>
  href.replace(/^\/admin\/resources\/(\w+)/, '/admin/api/resources/$1/actions/list').replace(/^\/admin\/pages\//, '/admin/api/pages/');

describe.each(grades)('%s', { timeout: 120_000 }, (grade) => {
  let client: AdminClient;
  let cards: readonly Card[];

  beforeAll(async () => {
    client = (await signIn(grade, `first.${grade}`)).client;
    cards = await cardsOf(client);
  }, 120_000);

  test('has the cards of its work and no others', () => {
    const ids = cards.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...expected[grade].has]));
    expect(ids.filter((id) => expected[grade].lacks.includes(id))).toEqual([]);
    expect(cards.filter(({ value }) => value === null).map(({ id }) => id)).toEqual([]);
  });

  test('every number opens the list behind it', async () => {
    for (const { id, href } of cards) {
      expect(href, id).not.toBeNull();
      const opened = await client.get(dataOf(href ?? ''));
      expect(opened.status, `${id}: ${href} ${opened.text.slice(0, 200)}`).toBe(200);
    }
  });
});

describe('figures', () => {
  test('tickets are counted as their list shows them', { timeout: 60_000 }, async () => {
    const { client, userId } = await signIn('support', 'counted');
    const sql = await openSql(app.database.adminUrl);
    const now = app.clock.now().getTime();
    const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
    await sql.rows("SET session_replication_role = 'replica'");
    const add = (title: string, fields: { priority: string; assigned: string | null; risk: number; breach: number; answered?: number }) =>
      sql.rows(
        `INSERT INTO support.ticket (id, category, priority, status, title, assigned_to, created_at, first_response_due_at, resolution_due_at, sla_risk_at, sla_breach_at, first_responded_at)
         VALUES ($1, 'account_access', $2::support.ticket_priority, CASE WHEN $3::uuid IS NULL THEN 'open' ELSE 'in_progress' END::support.ticket_status, $4, $3, $5, $6, $6, $7, $6, $8)`,
        [
          newId(),
          fields.priority,
          fields.assigned,
          title,
          at(-120),
          at(fields.breach),
          at(fields.risk),
          fields.answered === undefined ? null : at(fields.answered),
        ],
      );
    await add('mine', { priority: 'high', assigned: userId, risk: 60, breach: 90, answered: -30 });
    await add('close to its time', { priority: 'urgent', assigned: null, risk: -10, breach: 20 });
    await add('over its time', { priority: 'urgent', assigned: null, risk: -60, breach: -20 });
    await add('waits', { priority: 'low', assigned: null, risk: 600, breach: 900 });
    await sql.close();
    const cards = new Map((await cardsOf(client)).map((each) => [each.id, each]));
    expect(cards.get('my-tickets')?.value).toBe('1');
    expect(cards.get('sla')).toMatchObject({ value: '2', note: '1 over their time, 1 close to it' });
    expect(cards.get('waiting-tickets')).toMatchObject({ value: '3', note: '2 urgent, 1 low', chart: { kind: 'bars' } });
    expect(cards.get('first-response')).toMatchObject({ value: '90 min', chart: { kind: 'line' } });
    for (const [id, count] of [
      ['my-tickets', 1],
      ['waiting-tickets', 3],
    ] as const) {
      const list = await client.get(dataOf(cards.get(id)?.href ?? ''));
      expect(list.json.meta).toMatchObject({ total: count });
    }
  });

  test('are kept for 30 seconds', { timeout: 60_000 }, async () => {
    const { client } = await signIn('admin', 'kept');
    const value = async () => (await cardsOf(client)).find(({ id }) => id === 'locked-accounts')?.value;
    expect(await value()).toBe('0');
    await app.as({ kind: 'system', name: 'seed' }, async () => {
      const input = { email: 'locked@shop.example.com', password, firstName: 'Bola', lastName: 'Ade', countryCode: 'NG' };
      const { output } = await runCommand(app.deps, systemCommands.registerVerified, { input });
      const lockedUntil = new Date(app.clock.now().getTime() + 3_600_000);
      await app.deps.database.prisma.user.update({ where: { id: output.userId }, data: { lockedUntil } });
    });
    expect(await value()).toBe('0');
    app.clock.advance(31);
    expect(await value()).toBe('1');
  });
});
