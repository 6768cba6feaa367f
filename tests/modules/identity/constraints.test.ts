import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openSql, type Sql } from '../../support/sql.ts';

const check = '23514';
const unique = '23505';

/** SQL of 32 random bytes, as a blind index is. */
const bidx = "sha256(convert_to(gen_random_uuid()::text, 'UTF8'))";

describe('rules of the identity tables that hold under any SQL', () => {
  let database: TestDatabase;
  let sql: Sql;

  beforeAll(async () => {
    database = await createTestDatabase();
    sql = await openSql(database.adminUrl);
  });
  afterAll(async () => {
    await sql.close();
    await database.drop();
  });

  const insertOf = (columns: Record<string, string>) =>
    `INSERT INTO identity."user" (${Object.keys(columns).join(', ')}) VALUES (${Object.values(columns).join(', ')}) RETURNING id`;
  const byEmail = { kind: "'client'", auth_method: "'email'", email_enc: "'\\x01'", email_bidx: bidx };
  const byPhone = { kind: "'client'", auth_method: "'phone'", phone_enc: "'\\x01'", phone_bidx: bidx };
  const make = async (columns: Record<string, string> = byEmail) => (await sql.rows<{ id: string }>(insertOf(columns)))[0]?.id ?? '';
  const set = (id: string, change: string) => sql.errorCode(`UPDATE identity."user" SET ${change} WHERE id = '${id}'`);

  it.each([
    ['by email', byEmail, 'none'],
    ['by phone', byPhone, 'none'],
    ['by Google', { ...byEmail, auth_method: "'google'" }, 'none'],
    ['a vendor by phone', { ...byPhone, kind: "'vendor'" }, 'none'],
    ['staff by email', { ...byEmail, kind: "'staff'" }, 'none'],
    ['without identifier', { kind: "'client'", auth_method: "'email'" }, check],
    ['with both identifiers', { ...byEmail, phone_enc: "'\\x01'", phone_bidx: bidx }, check],
    ['by phone with an email', { ...byEmail, auth_method: "'phone'" }, check],
    ['by email with a phone', { ...byPhone, auth_method: "'email'" }, check],
    ['by Google with a phone', { ...byPhone, auth_method: "'google'" }, check],
    ['staff by phone', { ...byPhone, kind: "'staff'" }, check],
    ['staff by Google', { ...byEmail, auth_method: "'google'", kind: "'staff'" }, check],
    ['with an index and no ciphertext', { ...byEmail, email_enc: 'NULL' }, check],
    ['with a short index', { ...byEmail, email_bidx: "'\\x0102'" }, check],
    ['with an empty name', { ...byEmail, first_name: "''" }, check],
    ['with a country by name', { ...byEmail, country_code: "'ng'" }, check],
    ['with a risk over 100', { ...byEmail, risk_score: '101' }, check],
    ['verified without saying how', { ...byEmail, identifier_verified_at: 'now()' }, check],
    ['of an unknown kind', { ...byEmail, kind: "'robot'" }, '22P02'],
  ])('an account %s', async (_, columns, code) => {
    expect(await sql.errorCode(insertOf(columns))).toBe(code);
  });

  it('one account per identifier', async () => {
    const id = await make();
    expect(
      await sql.errorCode(
        `INSERT INTO identity."user" (kind, auth_method, email_enc, email_bidx) SELECT 'vendor', 'email', '\\x02', email_bidx FROM identity."user" WHERE id = '${id}'`,
      ),
    ).toBe(unique);
  });

  it('member ids count up, are padded to six digits and grow beyond them', async () => {
    await sql.rows("SELECT setval('identity.member_id_seq', 7)");
    const memberOf = async (id: string) =>
      (await sql.rows<{ member_id: string }>(`SELECT member_id FROM identity."user" WHERE id = '${id}'`))[0]?.member_id;
    expect(await memberOf(await make())).toBe('FASTAR000008');
    await sql.rows("SELECT setval('identity.member_id_seq', 999998)");
    expect(await memberOf(await make())).toBe('FASTAR999999');
    expect(await memberOf(await make())).toBe('FASTAR1000000');
  });

  it('id, kind and member id never change', async () => {
    const id = await make();
    expect(await set(id, "kind = 'vendor'")).toBe('FS001');
    expect(await set(id, "member_id = 'FASTAR777777'")).toBe('FS001');
    expect(await set(id, `id = '${newId()}'`)).toBe('FS001');
    await sql.rows("SELECT set_config('fashionistar.identifier_change', 'on', false)");
    expect(await set(id, "kind = 'vendor'")).toBe('FS001');
    await sql.rows("SELECT set_config('fashionistar.identifier_change', '', false)");
  });

  it('the identifier changes only where a contact change says so', async () => {
    const id = await make();
    const toPhone = `auth_method = 'phone', email_enc = NULL, email_bidx = NULL, phone_enc = '\\x01', phone_bidx = ${bidx}`;
    expect(await set(id, toPhone)).toBe('FS002');
    expect(await set(id, `email_bidx = ${bidx}`)).toBe('FS002');
    expect(await set(id, "auth_method = 'google'")).toBe('FS002');
    expect(await set(id, "email_enc = '\\x0304'")).toBe('none');
    await sql.rows('BEGIN');
    await sql.rows("SELECT set_config('fashionistar.identifier_change', 'on', true)");
    expect(await set(id, toPhone)).toBe('none');
    await sql.rows('COMMIT');
    expect(await set(id, `phone_bidx = ${bidx}`)).toBe('FS002');
  });

  it('erasure takes every personal column, or is refused', async () => {
    const id = await make({ ...byEmail, first_name: "'Ada'", email_masked: "'a•••@e•••.com'" });
    expect(await set(id, "status = 'erased'")).toBe(check);
    expect(await set(id, "status = 'erased', email_enc = NULL, email_bidx = NULL, first_name = NULL")).toBe(check);
    expect(await set(id, "status = 'erased', email_enc = NULL, email_bidx = NULL, email_masked = NULL")).toBe(check);
    expect(await set(id, "status = 'erased', email_enc = NULL, email_bidx = NULL, email_masked = NULL, first_name = NULL")).toBe('none');
  });

  it('a person is client or vendor, never both, and staff is neither', async () => {
    const [client, vendor, staff] = [
      await make(),
      await make({ ...byEmail, kind: "'vendor'" }),
      await make({ ...byEmail, kind: "'staff'" }),
    ];
    const into = (table: string, id: string) => sql.errorCode(`INSERT INTO identity.${table} (user_id) VALUES ('${id}')`);
    expect(await into('client', client)).toBe('none');
    expect(await into('client', client)).toBe(unique);
    expect(await into('vendor', client)).toBe('FS003');
    expect(await into('vendor', vendor)).toBe('none');
    expect(await into('client', vendor)).toBe('FS003');
    expect(await into('client', staff)).toBe('FS003');
    expect(await into('vendor', staff)).toBe('FS003');
    expect(await into('staff_profile', staff)).toBe('none');
    expect(await into('staff_profile', client)).toBe('FS003');
    expect(await sql.errorCode(`UPDATE identity.client SET user_id = '${vendor}' WHERE user_id = '${client}'`)).toBe('FS003');
    expect(await sql.errorCode(`DELETE FROM identity."user" WHERE id = '${client}'`)).toBe('23001');
  });

  it('grants: staff only, one open grant per role, leads of support and reviewers only', async () => {
    const [client, staff, granter] = [await make(), await make({ ...byEmail, kind: "'staff'" }), newId()];
    const grant = (id: string, role: string, more = '') =>
      sql.errorCode(
        `INSERT INTO identity.staff_role_grant (user_id, role, reason, granted_by${more && ', is_lead'}) VALUES ('${id}', '${role}', 'joined', '${granter}'${more})`,
      );
    expect(await grant(client, 'support')).toBe('FS003');
    expect(await grant(staff, 'finance', ', true')).toBe(check);
    expect(await grant(staff, 'support', ', true')).toBe('none');
    expect(await grant(staff, 'support')).toBe(unique);
    await sql.rows(`UPDATE identity.staff_role_grant SET revoked_at = now(), revoked_by = '${granter}' WHERE user_id = '${staff}'`);
    expect(await grant(staff, 'support')).toBe('none');
  });

  it('vendors: approved means verified with collections; numbers stay in their ranges', async () => {
    const id = await make({ ...byEmail, kind: "'vendor'" });
    await sql.rows(`INSERT INTO identity.vendor (user_id) VALUES ('${id}')`);
    const change = (text: string) => sql.errorCode(`UPDATE identity.vendor SET ${text} WHERE user_id = '${id}'`);
    expect(await change("status = 'approved', collections = '{agbada}'")).toBe(check);
    expect(await change("status = 'approved', verified_at = now()")).toBe(check);
    expect(await change("status = 'approved', verified_at = now(), collections = '{agbada}'")).toBe('none');
    expect(await change("status = 'suspended', verified_at = NULL")).toBe(check);
    expect(await change('collections = array_fill($$x$$::text, ARRAY[16])')).toBe(check);
    expect(await change('commission_bps = 5001')).toBe(check);
    expect(await change('risk_score = -1')).toBe(check);
    expect(await change("store_slug = 'Adire_House'")).toBe(check);
    expect(await change("tax_id_enc = '\\x01'")).toBe(check);
  });

  it('bank accounts: one default, only a verified one; a number once per vendor', async () => {
    const id = await make({ ...byEmail, kind: "'vendor'" });
    const [vendor] = await sql.rows<{ id: string }>(`INSERT INTO identity.vendor (user_id) VALUES ('${id}') RETURNING id`);
    const account = (number: string, status: string, isDefault: boolean) =>
      sql.errorCode(
        `INSERT INTO identity.vendor_bank_account (vendor_id, bank_code, bank_name, account_name_enc, account_name_masked, account_number_enc, account_number_bidx, account_last4, status, is_default)
         VALUES ('${vendor?.id}', '058', 'Bank', '\\x01', 'A•••', '\\x01', sha256('${number}'), '1234', '${status}', ${isDefault})`,
      );
    expect(await account('1', 'pending', true)).toBe(check);
    expect(await account('1', 'verified', true)).toBe('none');
    expect(await account('2', 'verified', true)).toBe(unique);
    expect(await account('1', 'pending', false)).toBe(unique);
    expect(await account('1', 'removed', false)).toBe('none');
    const owners = await sql.rows('SELECT DISTINCT owner_user_id FROM identity.vendor_bank_account');
    expect(owners).toEqual([{ owner_user_id: id }]);
  });

  it('sessions and tokens hold together', async () => {
    const id = await make();
    const session = (more: string) =>
      sql.errorCode(
        `INSERT INTO identity.session (user_id, surface, amr, acr, auth_time, idle_expires_at, absolute_expires_at${more.split('|')[0]})
         VALUES ('${id}', 'api', '{pwd}', 'aal1', now(), now() + interval '1 day', now() + interval '2 days'${more.split('|')[1] ?? ''})`,
      );
    expect(await session('')).toBe('none');
    expect(await session(', revoked_at|, now()')).toBe(check);
    expect(await sql.errorCode("UPDATE identity.session SET acr = 'aal3'")).toBe(check);
    expect(await sql.errorCode("UPDATE identity.session SET idle_expires_at = absolute_expires_at + interval '1 second'")).toBe(check);
    expect(await sql.errorCode("UPDATE identity.session SET amr = '{}'")).toBe(check);
    const token = (columns: string, values: string) =>
      sql.errorCode(`INSERT INTO identity.refresh_token (session_id, ${columns}) SELECT id, ${values} FROM identity.session`);
    expect(await token('seq, token_hash', `0, ${bidx}`)).toBe('none');
    expect(await token('seq, token_hash', `0, ${bidx}`)).toBe(unique);
    expect(await token('seq, token_hash', "1, '\\x01'")).toBe(check);
    expect(await token('seq, token_hash, successor_box', `1, ${bidx}, '\\x01'`)).toBe(check);
  });
});
