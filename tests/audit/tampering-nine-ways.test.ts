import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPinnedKeys } from '../../src/audit/seal/signing-key.ts';
import { examineWith } from '../support/examine.ts';
import { type AdminSql, createSealedDatabase, type SealedDatabase } from '../support/sealed-database.ts';
import { sealedRows, tamper } from '../support/tamper.ts';

/** Ways of a superuser to change what happened, each with the fault or problem that must name it. */
const ways: readonly (readonly [
  string,
  readonly string[],
  (admin: AdminSql, id: (kind: 1 | 2 | 3) => Promise<string>) => Promise<unknown>,
])[] = [
  [
    'an event',
    ['event_altered'],
    async (admin, id) => tamper(admin, 'audit.event', `UPDATE audit.event SET actor_id = NULL WHERE id = '${await id(1)}'`),
  ],
  [
    'an action',
    ['action_altered'],
    async (admin, id) => tamper(admin, 'audit.action', `UPDATE audit.action SET action = 'read-user' WHERE id = '${await id(2)}'`),
  ],
  [
    'a value',
    ['value_altered'],
    async (admin, id) => tamper(admin, 'audit.value', `UPDATE audit.value SET body = '{}' WHERE row_id = '${await id(1)}'`),
  ],
  [
    'a snapshot',
    ['snapshot_altered'],
    async (admin, id) => tamper(admin, 'audit.snapshot', `UPDATE audit.snapshot SET body = '{}' WHERE row_id = '${await id(1)}'`),
  ],
  [
    'a leaf',
    ['leaf_altered'],
    async (admin, id) => tamper(admin, 'audit.leaf', `UPDATE audit.leaf SET leaf = sha256('x') WHERE row_id = '${await id(2)}'`),
  ],
  [
    'a checkpoint',
    ['checkpoint_altered'],
    async (admin) =>
      tamper(admin, 'audit.checkpoint', 'UPDATE audit.checkpoint SET epoch = 0 WHERE size = (SELECT min(size) FROM audit.checkpoint)'),
  ],
  [
    'a control row',
    ['control_altered'],
    async (admin, id) => tamper(admin, 'audit.control', `UPDATE audit.control SET type = 'verify' WHERE id = '${await id(3)}'`),
  ],
  [
    'the newest rows, removed with their leaves and checkpoint',
    ['truncated'],
    async (admin) => {
      const from = '(SELECT min(size) FROM audit.checkpoint)';
      for (const table of ['value', 'snapshot', 'event', 'action', 'control']) {
        const key = table === 'value' || table === 'snapshot' ? 'row_id' : 'id';
        await tamper(
          admin,
          `audit.${table}`,
          `DELETE FROM audit.${table} WHERE ${key} IN (SELECT row_id FROM audit.leaf WHERE seq >= ${from})`,
        );
      }
      await tamper(admin, 'audit.leaf', `DELETE FROM audit.leaf WHERE seq >= ${from}`);
      await tamper(admin, 'audit.anchor', `DELETE FROM audit.anchor WHERE checkpoint_size > ${from}`);
      await tamper(admin, 'audit.checkpoint', `DELETE FROM audit.checkpoint WHERE size > ${from}`);
    },
  ],
  [
    'a row, changed while its trigger was off',
    ['unaudited_change'],
    async (admin) =>
      admin(`ALTER TABLE identity."user" DISABLE TRIGGER audit_rows; UPDATE identity."user" SET city = 'Elsewhere' WHERE id = (SELECT min(id::text)::uuid FROM identity."user");
        ALTER TABLE identity."user" ENABLE ALWAYS TRIGGER audit_rows`),
  ],
];

describe('nine ways of tampering', () => {
  let sealed: SealedDatabase;

  beforeAll(async () => {
    sealed = await createSealedDatabase();
    await sealed.fill(2);
    await sealed.admin("SELECT audit.record_policy_change('reference.legacy', 'retired')");
    await sealed.seal();
    await sealed.fill(2);
    await sealed.seal();
    await sealed.anchor();
  });
  // Many copies to drop: on a busy machine that takes its time.
  afterAll(() => sealed.stop(), 180_000);

  /** What verify and the doctor say of a database. */
  async function found(url: string, admin: AdminSql): Promise<string[]> {
    const verified = await sealed.verify({ target: { url, role: 'audit_reader' } });
    const report = await examineWith(admin, readPinnedKeys(sealed.config.auditKeysFile));
    return [...verified.faults, ...report.problems].map((one) => one.kind);
  }

  it('an untouched copy verifies and is healthy', async () => {
    const copy = await sealed.copy();
    expect(await found(copy.url, copy.admin)).toEqual([]);
  });

  it.each(ways)('%s is named', async (_, kinds, change) => {
    const copy = await sealed.copy();
    const first = async (kind: 1 | 2 | 3) => (await sealedRows(copy.admin, kind))[0]?.id ?? '';
    await change(copy.admin, first);
    const named = await found(copy.url, copy.admin);
    expect(named).toEqual(expect.arrayContaining([...kinds]));
  });
});
