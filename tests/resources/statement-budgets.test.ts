import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pages, resources } from '../../src/resources/index.ts';
import type { AdminClient } from '../admin/support/admin-client.ts';
import type { BackOffice } from '../admin/support/back-office.ts';
import { startWholeOffice } from '../admin/support/whole-office.ts';
import { openStatementMeter, type StatementMeter } from '../support/statement-meter.ts';

/** Statements that one page of a list may send, session and filters included. Raising one is a decision; a new list needs one. */
const listBudgets: Readonly<Record<string, number>> = {
  Ticket: 11,
  ApprovalRequest: 19,
  PrivacyRequest: 12,
  Delivery: 9,
  User: 9,
  Client: 10,
  Staff: 13,
  StaffGrant: 20,
  StaffInvite: 16,
  ReviewCase: 14,
  Vendor: 13,
  Product: 12,
  ProductRevision: 19,
  BankAccount: 14,
  KycSubmission: 16,
  LoginEvent: 19,
  Session: 19,
  Country: 8,
  Category: 8,
};

/** The same for the pages that open without a record. */
const pageBudgets: Readonly<Record<string, number>> = {
  review: 9,
  'access-review': 6,
  'permission-simulator': 8,
  'review-quality': 11,
  audit: 10,
  'audit-exports': 5,
  'audit-state': 8,
  'api-log': 6,
  'legal-holds': 6,
  'unfinished-registrations': 5,
  notifications: 6,
  'bulk-runs': 8,
  'list-exports': 5,
  'saved-views': 5,
  queues: 6,
  statements: 7,
  webhooks: 6,
  settings: 7,
};

/** A record has to be named for this one, a role for that one. */
const notAlone = ['history', 'improve-listings'];

/** The demo has no more than two rows of these before a worker ran and an invitation was sent. */
const nearlyEmpty = ['Delivery', 'StaffInvite'];

/** Milliseconds in the database. Measured are 0.1 to 7; a busy machine is no reason to fail, a missing index is. */
const mostMs = 250;

let office: BackOffice;
let meter: StatementMeter;
let client: AdminClient;
beforeAll(async () => {
  office = await startWholeOffice({ RATE_LIMIT_SCALE: '1000' });
  // All of the demo: a statement per row shows only where there are rows.
  await (await office.app.seed())();
  meter = await openStatementMeter(office.app.database.adminUrl);
  client = await office.signedIn(await office.addStaff('super_admin', { hasTotp: true }));
}, 600_000);
afterAll(async () => {
  await meter?.close();
  await office?.stop();
});

async function read(path: string): Promise<Record<string, unknown>> {
  const { status, json } = await client.get(path);
  expect(status, path).toBe(200);
  return json;
}

describe('budgets of the back office, on the data of the demo', () => {
  it.each(resources.map(({ id }) => id))('the list of %s: statements, milliseconds, and no statement per row', async (id) => {
    const list = (rows: number) => read(`/admin/api/resources/${id}/actions/list?perPage=${rows}`);
    const { records } = await list(50);
    if (!nearlyEmpty.includes(id))
      expect(records).toHaveProperty(
        'length',
        expect.toSatisfy((rows: number) => rows > 3),
      );
    const few = await meter.costOf(() => list(2));
    const many = await meter.costOf(() => list(50));
    expect(many.statements).toBeLessThanOrEqual(listBudgets[id] ?? 0);
    expect(many.ms).toBeLessThanOrEqual(mostMs);
    expect(many.statements - few.statements).toBeLessThanOrEqual(1);
  });

  it.each(pages.map(({ id }) => id).filter((id) => !notAlone.includes(id)))('the page %s: statements and milliseconds', async (id) => {
    const open = () => read(`/admin/api/pages/${id}`);
    await open();
    const { statements, ms } = await meter.costOf(open);
    expect(statements).toBeLessThanOrEqual(pageBudgets[id] ?? 0);
    expect(ms).toBeLessThanOrEqual(mostMs);
  });

  it('would see a statement per row', async () => {
    const perRow = (rows: number) => async () => {
      for (let row = 0; row < rows; row += 1) await office.app.deps.database.prisma.country.findFirst({ skip: row });
    };
    const [few, many] = [await meter.costOf(perRow(2)), await meter.costOf(perRow(50))];
    expect(many.statements - few.statements).toBeGreaterThanOrEqual(48);
  });
});
