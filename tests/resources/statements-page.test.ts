import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackOffice } from '../admin/support/back-office.ts';
import { startWholeOffice } from '../admin/support/whole-office.ts';

let office: BackOffice;
beforeAll(async () => {
  office = await startWholeOffice();
}, 180_000);
afterAll(() => office?.stop());

const path = '/admin/api/pages/statements';

describe('statements', () => {
  it('shows admins what the web processes ask the database, in the order they choose', async () => {
    const admin = await office.signedIn(await office.addStaff('admin', { hasTotp: true }));
    const { json, status } = await admin.get(path);
    expect(status).toBe(200);
    expect(json).toMatchObject({ by: 'total', report: { state: 'ready', forgotten: expect.any(Number) } });
    const { statements } = json.report as { statements: readonly { text: string; calls: number }[] };
    expect(statements.some(({ text }) => text.includes('admin_session'))).toBe(true);
    const byCalls = (await admin.get(`${path}?by=calls`)).json.report as { statements: readonly { calls: number }[] };
    const calls = byCalls.statements.map((each) => each.calls);
    expect(calls).toEqual(calls.toSorted((one, other) => other - one));
    expect(await admin.get(`${path}?by=text`)).toMatchObject({ status: 400, json: { code: 'invalid_filter' } });
  });

  it('is nobody else’s', async () => {
    for (const role of ['auditor', 'support', 'finance'] as const) {
      const client = await office.signedIn(await office.addStaff(role, { hasTotp: true }));
      expect((await client.get(path)).status).toBe(403);
    }
  });
});
