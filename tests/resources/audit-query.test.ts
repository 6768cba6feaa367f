import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/foundation/errors/app-error.ts';
import { parseAuditQuery } from '../../src/resources/audit/audit-query.ts';

const id = '0199d1f0-1111-7222-8333-444455556666';

function refusal(query: Record<string, string>): string {
  try {
    parseAuditQuery(query);
  } catch (error) {
    if (error instanceof AppError) return error.code;
  }
  return 'accepted';
}

describe('the address of the audit explorer', () => {
  it('without anything is the list', () => {
    expect(parseAuditQuery({})).toMatchObject({ kind: 'list', before: undefined });
  });

  it('opens one action by its id, as receipts link to it', () => {
    expect(parseAuditQuery({ action: id })).toEqual({ kind: 'action', actionId: id });
  });

  it('reads every filter of the list', () => {
    const query = {
      actor: id,
      verb: 'unlock-user',
      resource: 'user',
      outcome: 'denied',
      door: 'admin',
      role: 'support',
      tx: '771',
      about: id,
      from: '2026-01-01',
    };
    expect(parseAuditQuery(query)).toMatchObject({
      kind: 'list',
      filter: {
        actorId: id,
        action: 'unlock-user',
        resource: 'user',
        outcome: 'denied',
        door: 'admin',
        role: 'support',
        txid: '771',
        recordId: id,
      },
    });
  });

  it('takes a day as its whole length, in UTC', () => {
    expect(parseAuditQuery({ from: '2026-01-01', to: '2026-01-01' })).toMatchObject({
      filter: { from: '2026-01-01T00:00:00.000Z', to: '2026-01-01T23:59:59.999Z' },
    });
  });

  it('takes a moment without a zone as UTC', () => {
    expect(parseAuditQuery({ from: '2026-01-01T10:30:00' })).toMatchObject({ filter: { from: '2026-01-01T10:30:00.000Z' } });
    expect(parseAuditQuery({ from: '2026-01-01T10:30:00+01:00' })).toMatchObject({ filter: { from: '2026-01-01T09:30:00.000Z' } });
  });

  it('finds a request or a transaction however long ago it was', () => {
    expect(parseAuditQuery({ request: id })).toMatchObject({ filter: { requestId: id, from: '2000-01-01T00:00:00Z' } });
  });

  it('goes on after a cursor and ignores one that is not ours', () => {
    expect(parseAuditQuery({ before: `2026-11-22 00:10:00.123456+00~${id}` })).toMatchObject({
      before: { at: '2026-11-22 00:10:00.123456+00', id },
    });
    expect(parseAuditQuery({ before: "2026'; DROP~x" })).toMatchObject({ before: undefined });
  });

  it('refuses filters it does not know and values that do not fit', () => {
    expect(refusal({ colour: 'red' })).toBe('unknown_filter');
    const bad = [{ action: 'x' }, { actor: 'x' }, { outcome: 'maybe' }, { door: 'window' }, { tx: '1;' }, { from: 'yesterday' }];
    expect(bad.map((query) => refusal(query as Record<string, string>))).toEqual(bad.map(() => 'invalid_filter'));
  });
});
