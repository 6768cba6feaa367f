import { Client } from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nuban } from '../modules/identity/vendors.ts';
import { type Api, bearer, refusal, startApi } from './support/api.ts';
import { fileFrom, pdf } from './support/files.ts';
import { newVendor } from './support/privacy.ts';

let api: Api;
let admin: Client;
const lines: string[] = [];
beforeAll(async () => {
  api = await startApi(
    { RATE_LIMIT_SCALE: '1000', LOG_LEVEL: 'trace' },
    pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
  );
  admin = new Client({ connectionString: api.app.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await api.stop();
});

/** Every table in which a text stands anywhere, in clear or as the bytes of a column. */
async function tablesWith(text: string): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`,
  );
  const hex = Buffer.from(text, 'utf8').toString('hex');
  const found: string[] = [];
  for (const { name } of rows) {
    const hit = await admin.query(`SELECT 1 FROM ${name} AS t WHERE t::text LIKE $1 OR t::text LIKE $2 LIMIT 1`, [`%${text}%`, `%${hex}%`]);
    if (hit.rowCount) found.push(name);
  }
  return found;
}

it('numbers of documents and accounts stand nowhere in clear: no table, no value of the history, no line of the log', async () => {
  const { accessToken, user } = await newVendor(api);
  const [number, nin, holder] = [nuban('058'), '73918264501', 'Oluwaseyi Adegboyega'];
  const add = (body: object) => api.call('POST', '/api/v1/account/vendor/bank-accounts', { body, headers: bearer(accessToken) });
  expect((await add({ bankCode: '058', accountNumber: number, accountName: holder })).status).toBe(202);
  expect(refusal(await add({ bankCode: '058', accountNumber: number, accountName: holder }))).toBe('409 bank_account_exists');
  const proofs = async (given: string) => [
    { type: 'nin_card', documentNumber: given, fileId: await fileFrom(api, accessToken) },
    { type: 'selfie', fileId: await fileFrom(api, accessToken) },
    { type: 'utility_bill', fileId: await fileFrom(api, accessToken, pdf()) },
  ];
  const kyc = (documents: object[]) =>
    api.call('POST', '/api/v1/account/vendor/kyc', { body: { legalName: holder, documents }, headers: bearer(accessToken) });
  expect((await kyc(await proofs(`${nin}9`))).status).toBe(422);
  expect((await kyc(await proofs(nin))).status).toBe(202);
  // What is looked for can be found: the first name stands in clear in the table of people.
  expect(await tablesWith(user.id)).not.toEqual([]);
  for (const secret of [number, nin, holder]) expect(await tablesWith(secret), secret).toEqual([]);
  for (const table of ['audit.action', 'audit.event']) {
    const { rows } = await admin.query<{ bodies: string | null }>(
      `SELECT string_agg(v.body, ' ') AS bodies FROM audit.read_values(ARRAY(SELECT id FROM ${table})) AS v`,
    );
    const bodies = rows[0]?.bodies ?? '';
    expect(bodies.length, table).toBeGreaterThan(200);
    for (const secret of [number, nin, holder]) expect(bodies.includes(secret), `${secret} in ${table}`).toBe(false);
  }
  expect(lines.length).toBeGreaterThan(5);
  for (const secret of [number, nin, holder]) expect(lines.filter((line) => line.includes(secret))).toEqual([]);
});
