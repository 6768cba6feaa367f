import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type AuditEvent, eventsOf, insertUser, openSql, type Sql } from '../support/sql.ts';

/** RFC 8785 for what the audit stores: keys by code point, no blanks. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}

describe('P11: the log equals reality', () => {
  let database: TestDatabase;
  let admin: Sql;
  let web: Sql;
  let userId: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = await openSql(database.adminUrl);
    web = await openSql(database.webUrl);
    userId = await web.inContext(async (tx) => (await tx.rows<{ id: string }>(insertUser))[0]?.id ?? '');
  });
  afterAll(async () => {
    await web.close();
    await admin.close();
    await database.drop();
  });

  const update = (set: string, values: unknown[] = []) =>
    web.inContext((tx) => tx.rows(`UPDATE identity."user" SET ${set} WHERE id = '${userId}'`, values));
  const userEvents = () => eventsOf(admin, 'identity.user', userId);
  const lastEvent = async (table = 'identity.user') => (await eventsOf(admin, table)).at(-1);

  it('an update that changes nothing writes nothing', async () => {
    const before = await userEvents();
    await update('first_name = first_name');
    await update("city = NULL, first_name = 'Ada'");
    expect(await userEvents()).toEqual(before);
  });

  it('an update of ignored fields alone writes nothing', async () => {
    const before = await userEvents();
    await update('login_count = login_count + 1, last_login_at = now(), updated_at = now(), version = version + 1, failed_logins = 3');
    expect(await userEvents()).toEqual(before);
  });

  it('stores changed fields only, sorted, and shows ignored ones nowhere', async () => {
    await update("timezone = 'UTC', bio = 'Weaver', version = version + 1, lock_level = 2");
    expect(await lastEvent()).toMatchObject({
      op: 2,
      subject_id: userId,
      changed: ['bio', 'lock_level', 'timezone'],
      body: '{"bio":[null,"Weaver"],"lock_level":[0,2],"timezone":["Africa/Lagos","UTC"]}',
      is_committed: true,
    });
  });

  it('renders bytes in hex and times in UTC with six digits, whatever the session says', async () => {
    await web.rows("SET timezone = 'Asia/Tokyo'");
    await web.rows("SET bytea_output = 'escape'");
    await web.rows("SET datestyle = 'German'");
    await update("locked_until = '2026-01-02T03:04:05.000006Z', address_enc = '\\xDEADBEEF'");
    await web.rows('RESET ALL');
    await web.rows("SET timezone = 'UTC'");
    expect((await lastEvent())?.body).toBe('{"address_enc":[null,"deadbeef"],"locked_until":[null,"2026-01-02T03:04:05.000006Z"]}');
    expect(JSON.parse((await lastEvent())?.snapshot ?? '{}')).toMatchObject({
      address_enc: 'deadbeef',
      locked_until: '2026-01-02T03:04:05.000006Z',
    });
  });

  it('names secret fields and keeps their values nowhere', async () => {
    await web.inContext(async (tx) => {
      await tx.rows(`INSERT INTO identity.credential (user_id, password_hash) VALUES ('${userId}', 'v1$k1$planted-secret')`);
    });
    expect(await lastEvent('identity.credential')).toMatchObject({ op: 1, is_committed: true });
    await web.inContext((tx) => tx.rows("UPDATE identity.credential SET password_hash = 'v1$k1$planted-again'"));
    expect(await lastEvent('identity.credential')).toMatchObject({ changed: ['password_hash'], body: '{}' });
    await web.inContext((tx) => tx.rows('DELETE FROM identity.credential'));
    const stored = await admin.rows<{ body: string }>('SELECT body FROM audit.value UNION ALL SELECT body FROM audit.snapshot');
    expect(stored.some((row) => row.body.includes('planted'))).toBe(false);
    const [bidx] = await admin.rows<{ hex: string }>('SELECT encode(email_bidx, \'hex\') AS hex FROM identity."user"');
    expect(stored.some((row) => row.body.includes(bidx?.hex ?? '?'))).toBe(false);
  });

  it('stores the whole row of a delete, and its last picture', async () => {
    const id = await web.inContext(async (tx) => (await tx.rows<{ id: string }>(insertUser))[0]?.id ?? '');
    await web.inContext((tx) => tx.rows('DELETE FROM identity."user" WHERE id = $1', [id]));
    const [made, gone] = await eventsOf(admin, 'identity.user', id);
    const inserted = JSON.parse(made?.body ?? '{}');
    const deleted = JSON.parse(gone?.body ?? '{}');
    expect(gone).toMatchObject({ op: 3, changed: made?.changed });
    expect(Object.fromEntries(Object.entries(inserted).map(([key, pair]) => [key, Array.isArray(pair) ? [pair[1], null] : []]))).toEqual(
      deleted,
    );
    expect(gone?.snapshot).toBe(made?.snapshot);
  });

  it('takes pictures of critical records only', async () => {
    await web.inContext((tx) => tx.rows("INSERT INTO reference.country (iso2, iso3, name) VALUES ('NG', 'NGA', 'Nigeria')"));
    expect((await lastEvent('reference.country'))?.snapshot).toBeNull();
    expect((await lastEvent())?.snapshot).not.toBeNull();
  });

  it('replaces a value over 16 KB by its size and hash', async () => {
    const bytes = Buffer.alloc(20_000, 7);
    await update('address_enc = $1', [bytes]);
    const text = `"${bytes.toString('hex')}"`;
    const marker = { $truncated: true, bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') };
    expect(JSON.parse((await lastEvent())?.body ?? '{}')).toMatchObject({ address_enc: ['deadbeef', marker] });
    expect(JSON.parse((await lastEvent())?.snapshot ?? '{}').address_enc).toEqual(marker);
    await update('address_enc = NULL');
  });

  it('stores of a large document only the keys that changed', async () => {
    const large = { keep: 'x'.repeat(5000), hours: { mon: '09:00-17:00' }, gone: 1 };
    const changed = { keep: large.keep, hours: { mon: '10:00-17:00' }, added: ['b', 1.5, 2 ** 60] };
    const [flag] = await web.inContext((tx) =>
      tx.rows<{ id: string }>("INSERT INTO platform.feature_flag (name, rules) VALUES ('big', $1) RETURNING id", [JSON.stringify(large)]),
    );
    await web.inContext((tx) => tx.rows('UPDATE platform.feature_flag SET rules = $1 WHERE id = $2', [JSON.stringify(changed), flag?.id]));
    expect((await lastEvent('platform.feature_flag'))?.body).toBe(
      '{"rules":[{"gone":1,"hours":{"mon":"09:00-17:00"}},{"added":["b","1.5","1152921504606847000"],"hours":{"mon":"10:00-17:00"}}]}',
    );
  });

  it('is canonical, committed to and true for whatever text people write', { timeout: 60_000 }, async () => {
    let seen = (await userEvents()).length;
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !text.includes('\0')),
          bio: fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).filter((text) => !/[\0\p{Cs}]/u.test(text))),
          purposes: fc.array(
            fc.string({ maxLength: 12 }).filter((text) => !text.includes('\0')),
            { maxLength: 4 },
          ),
          risk: fc.integer({ min: 0, max: 100 }),
          hold: fc.boolean(),
        }),
        async (row) => {
          await update('first_name = $1, bio = $2, objected_purposes = $3, risk_score = $4, legal_hold = $5', [
            row.name,
            row.bio,
            row.purposes,
            row.risk,
            row.hold,
          ]);
          const events = await userEvents();
          expect(events.length - seen).toBeLessThanOrEqual(1);
          seen = events.length;
          const last: AuditEvent | undefined = events.at(-1);
          expect(last?.is_committed).toBe(true);
          const picture: unknown = JSON.parse(last?.snapshot ?? '{}');
          expect(picture).toMatchObject({
            first_name: row.name,
            bio: row.bio,
            objected_purposes: row.purposes,
            risk_score: row.risk,
            legal_hold: row.hold,
          });
          expect(canonical(picture)).toBe(last?.snapshot);
          expect(canonical(JSON.parse(last?.body ?? '{}'))).toBe(last?.body);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('replaying the diffs of a record gives the record', async () => {
    const state: Record<string, unknown> = {};
    for (const event of await userEvents()) {
      const body: Record<string, [unknown, unknown]> = JSON.parse(event.body);
      for (const [field, [before, after]] of Object.entries(body)) {
        expect(state[field] ?? null).toEqual(before);
        state[field] = after;
      }
      const picture: Record<string, unknown> = JSON.parse(event.snapshot ?? '{}');
      for (const [field, value] of Object.entries(picture)) expect(state[field] ?? null).toEqual(value);
    }
    const [row] = await admin.rows<{ first_name: string; risk_score: number }>(
      'SELECT first_name, risk_score FROM identity."user" WHERE id = $1',
      [userId],
    );
    expect(state).toMatchObject({ first_name: row?.first_name, risk_score: row?.risk_score });
  });
});
