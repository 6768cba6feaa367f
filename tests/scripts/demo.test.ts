import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checklists } from '../../src/modules/review/index.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '1000' });
  await (await app.seed())();
}, 600_000);
afterAll(() => app.stop());

/** How many rows have each value of a column, in the order of the alphabet. */
async function counts(table: string, column: string, where = 'true'): Promise<Record<string, number>> {
  const sql = `SELECT ${column}::text AS value, count(*)::int AS n FROM ${table} WHERE ${where} GROUP BY 1 ORDER BY 1`;
  const { rows } = await app.deps.database.pool.query<{ value: string; n: number }>(sql);
  return Object.fromEntries(rows.map(({ value, n }) => [value, n]));
}

describe('the people of the demo (product.md section 10)', () => {
  it('are sixteen of staff, each with the roles of the name alone, fifty clients and twenty vendors', async () => {
    expect(await counts('identity."user"', 'kind')).toEqual({ client: 50, staff: 16, vendor: 20 });
    expect(await counts('identity."user"', 'auth_method', "kind = 'client'")).toEqual({ email: 25, google: 5, phone: 20 });
    expect(await counts('identity.staff_role_grant', 'role', 'revoked_at IS NULL AND expires_at IS NULL')).toEqual({
      ...{ super_admin: 2, admin: 2, support: 3, reviewer: 3, enhancer: 1, assistant: 1, moderator: 1, finance: 2, auditor: 1 },
    });
  });

  it('are some locked, suspended, with an authenticator, with a passkey, linked to Google, and one on legal hold', async () => {
    const { rows } = await app.deps.database.pool.query<Record<string, number>>(
      `SELECT count(*) FILTER (WHERE locked_until IS NOT NULL)::int AS locked, count(*) FILTER (WHERE status = 'suspended')::int AS suspended,
              count(*) FILTER (WHERE legal_hold)::int AS held,
              (SELECT count(DISTINCT user_id)::int FROM identity.totp) AS totp, (SELECT count(DISTINCT user_id)::int FROM identity.passkey) AS passkey,
              (SELECT count(*)::int FROM identity.external_identity) AS google
         FROM identity."user" WHERE kind <> 'staff'`,
    );
    expect(rows[0]).toMatchObject({ locked: 2, suspended: 2, held: 1, google: 5 });
    expect(rows[0]?.['totp']).toBeGreaterThan(3);
    expect(rows[0]?.['passkey']).toBeGreaterThan(3);
  });

  it('write tickets of every category and state: three have missed their first answer, the clock of no other has run out', async () => {
    expect(Object.keys(await counts('support.ticket', 'category'))).toHaveLength(10);
    expect(Object.keys(await counts('support.ticket', 'status')).toSorted()).toEqual([
      ...['awaiting_customer', 'awaiting_vendor', 'closed', 'in_progress', 'open', 'resolved'],
    ]);
    const missed = "first_responded_at IS NULL AND first_response_due_at < now() AND status IN ('open', 'in_progress')";
    expect(Object.values(await counts('support.ticket', 'status', missed)).reduce((sum, n) => sum + n, 0)).toBe(3);
  });

  it('ask for what two people decide and for their data, in every state that commands alone lead to', async () => {
    expect(Object.keys(await counts('support.approval_request', 'status'))).toEqual(
      expect.arrayContaining(['approved', 'awaiting_proof', 'cancelled', 'denied', 'executed', 'expired', 'failed', 'requested']),
    );
    const bank = "kind = 'bank_change' AND status = 'requested' AND expires_at > now() + interval '12 hours'";
    expect((await counts('support.approval_request', 'status', bank))['requested']).toBeGreaterThan(1);
    expect(Object.values(await counts('support.privacy_request', 'kind')).reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(5);
  });
});

describe('the shops of the demo (product.md section 10)', () => {
  it('are twenty, two at least in each state, of every type', async () => {
    expect(await counts('identity.vendor', 'status')).toEqual({
      ...{ draft: 2, submitted: 3, in_review: 2, changes_requested: 2, approved: 5, rejected: 2, suspended: 2, closed: 2 },
    });
    expect(Object.keys(await counts('identity.vendor', 'business_type')).toSorted()).toEqual(
      ['designer', 'fashion_house', 'registered_business', 'sole_trader', 'tailor'].toSorted(),
    );
  });

  it('have proofs in every state that commands lead to', async () => {
    const found = await counts('review.kyc_submission', 'status');
    expect(Object.keys(found).toSorted()).toEqual(['approved', 'in_review', 'rejected', 'resubmit', 'submitted']);
  });

  it('offer a hundred products over every status, with copies and prices that stand out', async () => {
    expect(await counts('catalog.product', 'status')).toEqual({
      ...{ draft: 14, pending: 14, in_review: 2, published: 46, changes_requested: 7, rejected: 7, suspended: 4, archived: 6 },
    });
    const { rows } = await app.deps.database.pool.query<{ copies: number; outliers: number }>(
      `SELECT (SELECT count(*)::int FROM (SELECT title FROM catalog.product GROUP BY title HAVING count(*) > 1) AS t) AS copies,
              (SELECT count(*)::int FROM catalog.product AS p JOIN catalog.category AS c ON c.code = p.category_codes[1]
                WHERE p.price > 10 * c.median_price OR p.price < 0.1 * c.median_price) AS outliers`,
    );
    expect(rows[0]?.copies).toBeGreaterThanOrEqual(2);
    expect(rows[0]?.outliers).toBeGreaterThanOrEqual(2);
  });

  it('got twelve proposals, six of them suggestions', async () => {
    expect(await counts('catalog.product_revision', 'kind')).toEqual({ suggestion: 6, vendor_edit: 6 });
    expect(Object.keys(await counts('catalog.product_revision', 'status'))).toEqual(
      expect.arrayContaining(['proposed', 'rejected', 'withdrawn']),
    );
  });

  it('hold a conflict of interest and a payout account that a suspended shop has too', async () => {
    const { rows } = await app.deps.database.pool.query<{ referred: number; shared: number }>(
      `SELECT (SELECT count(*)::int FROM identity."user" AS u JOIN identity."user" AS r ON r.id = u.referred_by WHERE r.kind = 'staff') AS referred,
              (SELECT count(*)::int FROM identity.vendor_bank_account AS a JOIN identity.vendor_bank_account AS b
                 ON b.account_number_bidx = a.account_number_bidx AND b.vendor_id <> a.vendor_id
                 JOIN identity.vendor AS v ON v.id = b.vendor_id WHERE v.status = 'suspended') AS shared`,
    );
    expect(rows).toEqual([{ referred: 1, shared: 1 }]);
  });

  it('were decided on with a whole checklist, which fails where something was found', async () => {
    const where = { decision: { not: null }, sampleOfId: null };
    const cases = await app.deps.database.prisma.reviewCase.findMany({ where });
    const found = cases.map(({ kind, decision, decisionCode, checklist }) => {
      const answers = checklist as { item: string; answer: string; note?: string }[];
      expect(answers.map(({ item }) => item)).toEqual(checklists[kind].map(({ item }) => item));
      const fails = answers.filter(({ answer }) => answer === 'fail');
      for (const { note } of fails) expect(note?.length).toBeGreaterThan(10);
      return `${kind} ${decision} ${decisionCode ?? '-'}: ${fails.map(({ item }) => item).join(', ')}`;
    });
    expect([...new Set(found)].toSorted()).toEqual([
      'kyc approve -: ',
      'kyc reject identity_mismatch: names',
      'kyc request_changes -: readable',
      'product approve -: ',
      'product reject counterfeit: counterfeit',
      'product request_changes -: images',
      'product_revision approve -: ',
      'product_revision reject misleading: price',
      'vendor approve -: ',
      'vendor reject prohibited: collections',
      'vendor reject prohibited: kyc, collections',
      'vendor request_changes -: description, logo',
      'vendor request_changes -: description, logo, kyc',
    ]);
  });

  it('wait in the queue of every kind, and nothing of a store that does not sell is shown', async () => {
    expect(Object.keys(await counts('review.review_case', 'kind', `status IN ('queued', 'claimed')`)).toSorted()).toEqual([
      ...['kyc', 'product', 'product_revision', 'vendor'],
    ]);
  });
});
