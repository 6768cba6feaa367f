import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPinnedKeys } from '../../src/audit/seal/signing-key.ts';
import { checkUnaudited } from '../../src/audit/verify/check-unaudited.ts';
import { doctorJob, examine } from '../../src/audit/verify/doctor.job.ts';
import { renderReport } from '../../src/audit/verify/doctor.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { createTestClock } from '../support/clock.ts';
import { examineWith } from '../support/examine.ts';
import { createSealedDatabase, type SealedDatabase } from '../support/sealed-database.ts';
import { tamper } from '../support/tamper.ts';
import { workerDeps } from '../support/worker-deps.ts';

describe('the doctor, where little is there to look at and where much is wrong', () => {
  let sealed: SealedDatabase;
  let people: string[];
  const folder = mkdtempSync(join(tmpdir(), 'fashionistar-doctor-'));

  beforeAll(async () => {
    sealed = await createSealedDatabase();
    people = (await sealed.fill(3)).map((one) => one.userId);
    await sealed.seal();
    await sealed.anchor();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await sealed.stop();
  }, 180_000);

  it('every hour says in the log that all is well, and ends where the pinned keys cannot be read', async () => {
    const logs: string[] = [];
    const config = { ...sealed.config, logLevel: 'info' as const };
    const deps = workerDeps(config, { clock: createTestClock(), logs, url: sealed.database.workerUrl });
    const run = { id: newId(), attempt: 1, isLastAttempt: true, signal: new AbortController().signal, send: async () => undefined };
    try {
      await runInContext(systemContext('audit.doctor', 'worker'), () => doctorJob.handle({}, deps, run));
      expect(logs.some((line) => line.includes('"audit.healthy"'))).toBe(true);
      const withKeys = (auditKeysFile: string) => examine({ ...deps, config: { ...config, auditKeysFile } });
      expect((await withKeys(join(folder, 'none'))).problems.map((problem) => problem.kind)).toEqual(['key_expired']);
      await expect(withKeys(folder)).rejects.toMatchObject({ code: 'EISDIR' });
    } finally {
      await deps.hasher.close();
      await deps.database.close();
    }
  });

  it('says that the key ends soon, or ended; not that it ends some day', { timeout: 60_000 }, async () => {
    const day = 86_400_000;
    const told = async (endsInDays: number, nowInDays: number) => {
      const to = new Date(Date.now() + endsInDays * day).toISOString();
      const keys = readPinnedKeys(sealed.config.auditKeysFile).map((key) => ({ ...key, to }));
      const { problems } = await examineWith(sealed.admin, keys, new Date(Date.now() + nowInDays * day));
      return problems.map(({ kind, detail }) => `${kind} ${detail}`.replace(to, 'then'));
    };
    expect([await told(60, 0), await told(3, 0), await told(3, 5)]).toEqual([
      [],
      ['key_expired it ends then'],
      ['key_expired it ended then'],
    ]);
  });

  it('tells what its login may not look at, rather than calling it healthy', { timeout: 60_000 }, async () => {
    const rows: typeof sealed.admin = async (sql, values) => {
      if (sql.includes('capture_drift')) return sealed.admin('SET ROLE app_web; SELECT * FROM audit.value');
      return sealed.admin(sql, values);
    };
    const report = await examineWith(rows, readPinnedKeys(sealed.config.auditKeysFile));
    expect(report.notChecked).toEqual(['captures']);
    expect(renderReport(report)).toContain('not checked captures (this login may not)');
  });

  it('compares no content that was erased, names a row that came back, and of many rows twenty', { timeout: 60_000 }, async () => {
    const [first = '', second = '', third = ''] = people;
    const copy = await sealed.copy();
    const [was] = await copy.admin<{ row: object }>(`SELECT to_jsonb(u) AS row FROM identity."user" AS u WHERE id = '${first}'`);
    await copy.admin(`DELETE FROM identity."user" WHERE id = '${first}'`);
    await copy.admin('ALTER TABLE identity."user" DISABLE TRIGGER audit_rows');
    await copy.admin(`INSERT INTO identity."user" SELECT * FROM jsonb_populate_record(NULL::identity."user", $1)`, [
      JSON.stringify(was?.row),
    ]);
    await copy.admin(`UPDATE identity."user" SET first_name = 'Mallory' WHERE id IN ('${second}', '${third}')`);
    await tamper(copy.admin, 'audit.value', `DELETE FROM audit.value WHERE subject_id = '${second}'`);
    expect(await checkUnaudited(copy.admin)).toEqual(
      [
        { record: first, detail: 'its history ends with a deletion, but the row is there: it was written without an event' },
        { record: third, detail: 'first_name changed without an event' },
      ]
        .map(({ record, detail }) => ({ kind: 'unaudited_change', subject: `identity.user ${record}`, detail }))
        .sort((one, other) => one.subject.localeCompare(other.subject)),
    );
    await tamper(
      copy.admin,
      'audit.value',
      `UPDATE audit.value SET body = '{"first_name":["x",{"$truncated":true}]}' WHERE row_id =
        (SELECT id FROM audit.event WHERE subject_id = '${third}' ORDER BY occurred_at DESC, id DESC LIMIT 1)`,
    );
    expect((await checkUnaudited(copy.admin)).map((problem) => problem.subject)).toEqual([`identity.user ${first}`]);
    await copy.admin(`INSERT INTO identity."user" (kind, auth_method, email_enc, email_bidx)
      SELECT 'client', 'email', '\\x01', sha256(convert_to(n::text, 'UTF8')) FROM generate_series(1, 25) AS n`);
    expect(await checkUnaudited(copy.admin)).toHaveLength(20);
  });
});
