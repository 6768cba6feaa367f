import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPinnedKeys } from '../../src/audit/seal/signing-key.ts';
import { examine } from '../../src/audit/verify/doctor.job.ts';
import { renderReport } from '../../src/audit/verify/doctor.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { createTestClock } from '../support/clock.ts';
import { examineWith } from '../support/examine.ts';
import { type AdminSql, createSealedDatabase, type SealedDatabase } from '../support/sealed-database.ts';
import { workerDeps } from '../support/worker-deps.ts';

describe('P14: the doctor lists what would let a change pass unrecorded', () => {
  let sealed: SealedDatabase;
  let userId: string;

  beforeAll(async () => {
    sealed = await createSealedDatabase();
    userId = (await sealed.fill(2))[0]?.userId ?? '';
    await sealed.seal();
    await sealed.anchor();
  });
  // Many copies to drop: on a busy machine that takes its time.
  afterAll(() => sealed.stop(), 180_000);

  /** Problems of a copy after the change, as `kind subject`. */
  async function problemsAfter(change: (admin: AdminSql) => Promise<unknown>): Promise<string[]> {
    const copy = await sealed.copy();
    await change(copy.admin);
    const report = await examineWith(copy.admin, readPinnedKeys(sealed.config.auditKeysFile));
    expect(report.notChecked).toEqual([]);
    return report.problems.map((problem) => `${problem.kind} ${problem.subject}`);
  }

  it('finds a fresh database healthy, and lists what is exempt with the reason', async () => {
    const report = await examineWith(sealed.admin, readPinnedKeys(sealed.config.auditKeysFile));
    expect(report.problems).toEqual([]);
    expect(report.checked).toContain('live rows');
    expect(report.exemptions.length).toBeGreaterThan(20);
    expect(report.exemptions.every((one) => one.why.length >= 10)).toBe(true);
    expect(renderReport(report)).toMatch(/^exempt {6}audit\.\*: the history itself[\s\S]*\nHEALTHY\n$/);
  });

  it.each([
    ['hourly', 14, false],
    ['daily, when it compares every live row with its history', 3, true],
  ])('works with the login of the worker, which sees what its job needs: %s', async (_when, hour, isThorough) => {
    const now = new Date();
    now.setUTCHours(hour);
    const deps = workerDeps(sealed.config, { clock: createTestClock(now), logs: [], url: sealed.database.workerUrl });
    try {
      const report = await examine(deps);
      expect(report).toMatchObject({ problems: [], notChecked: [] });
      expect(report.checked.includes('live rows')).toBe(isThorough);
    } finally {
      await deps.hasher.close();
      await deps.database.close();
    }
  });

  it('finds with the login of the worker what was changed while its trigger was off', async () => {
    const copy = await sealed.copy();
    await copy.admin(`ALTER TABLE identity."user" DISABLE TRIGGER audit_rows;
      UPDATE identity."user" SET first_name = 'Mallory' WHERE id = '${userId}';
      ALTER TABLE identity."user" ENABLE ALWAYS TRIGGER audit_rows`);
    const now = new Date();
    now.setUTCHours(3);
    const url = new URL(sealed.database.workerUrl);
    url.pathname = new URL(copy.url).pathname;
    const deps = workerDeps(sealed.config, { clock: createTestClock(now), logs: [], url: url.href });
    try {
      const { problems } = await examine(deps);
      expect(problems.map(({ kind, subject, detail }) => `${kind} ${subject}: ${detail}`)).toEqual([
        `unaudited_change identity.user ${userId}: first_name changed without an event`,
      ]);
    } finally {
      await deps.hasher.close();
      await deps.database.close();
    }
  });

  it('names tables and columns without a policy', async () => {
    const problems = await problemsAfter((admin) =>
      admin(`SET ROLE migrator; CREATE TABLE support.planned (id uuid PRIMARY KEY); ALTER TABLE support.note ADD COLUMN share_token text; RESET ROLE;
        INSERT INTO audit.policy (tbl, field, mode) VALUES ('support.gone', '*', 'audit'); CREATE TABLE support.named (name text PRIMARY KEY);
        INSERT INTO audit.policy (tbl, field, mode, pk_columns) VALUES ('support.named', '*', 'audit', '{name}')`),
    );
    expect(problems).toEqual(
      expect.arrayContaining([
        'table_without_policy support.planned',
        'policy_without_table support.gone',
        'secret_column support.note.share_token',
        'personal_key support.named.name',
        'trigger_missing support.named.audit_rows',
        'trigger_outdated support.note',
      ]),
    );
  });

  it('names triggers that are missing, off, weakened, or of another policy', async () => {
    const problems = await problemsAfter((admin) =>
      admin(`ALTER TABLE identity."user" DISABLE TRIGGER audit_rows; ALTER TABLE identity.client ENABLE TRIGGER audit_rows;
        DROP TRIGGER audit_rows ON identity.vendor; DROP TRIGGER audit_truncate ON support.note;
        CREATE OR REPLACE TRIGGER audit_rows AFTER INSERT ON identity.session FOR EACH ROW EXECUTE FUNCTION audit.capture__identity__session();
        ALTER TABLE identity.session ENABLE ALWAYS TRIGGER audit_rows;
        UPDATE audit.policy SET mode = 'secret' WHERE tbl = 'identity.passkey' AND field = 'public_key'`),
    );
    expect(problems).toEqual([
      'trigger_disabled identity.client.audit_rows',
      'trigger_changed identity.session.audit_rows',
      'trigger_disabled identity.user.audit_rows',
      'trigger_missing identity.vendor.audit_rows',
      'trigger_missing support.note.audit_truncate',
      'trigger_outdated identity.passkey',
      'trigger_outdated identity.passkey',
      'trigger_outdated identity.session',
    ]);
  });

  it('names guards, grants, owners and roles that are not as they should be', async () => {
    const problems = await problemsAfter(async (admin) => {
      const [month] = await admin<{ part: string }>("SELECT 'audit.event' || to_char(now() AT TIME ZONE 'UTC', '\"_p\"YYYYMM') AS part");
      await admin(`DROP TRIGGER guard_truncate ON ${month?.part}; ALTER TABLE audit.leaf DISABLE TRIGGER guard_rows;
        GRANT SELECT ON ${month?.part} TO app_web; GRANT INSERT ON audit.event TO app_worker; GRANT SELECT ON audit.value TO app_web; GRANT SELECT ON audit.hold TO PUBLIC;
        GRANT EXECUTE ON FUNCTION audit.record_control(text, text) TO app_web; REVOKE EXECUTE ON FUNCTION audit.record_action(jsonb) FROM app_web;
        ALTER TABLE audit.epoch OWNER TO migrator; ALTER FUNCTION audit.as_uuid(text) OWNER TO migrator`);
    });
    const month = new Date().toISOString().slice(0, 7).replace('-', '');
    expect(problems.sort()).toEqual(
      [
        `guard_missing audit.event_p${month}.guard_truncate`,
        'trigger_disabled audit.leaf.guard_rows',
        `grant_wrong audit.event_p${month}`,
        'grant_wrong audit.event',
        'grant_wrong audit.value',
        'grant_wrong audit.hold',
        'grant_wrong audit.record_control',
        'grant_missing audit.record_action',
        'function_owner audit.epoch',
        'function_owner audit.as_uuid',
      ].sort(),
    );
  });

  it('names functions that somebody replaced or slipped in', async () => {
    const problems = await problemsAfter((admin) =>
      admin(`CREATE OR REPLACE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE FUNCTION audit.back_door() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM audit.event'`),
    );
    expect(problems).toEqual(
      expect.arrayContaining(['function_changed audit.refuse_change', 'function_changed audit.back_door', 'grant_wrong audit.back_door']),
    );
  });

  it('names months that are not made, actions that nobody recorded, and jobs that failed for good', async () => {
    const problems = await problemsAfter(async (admin) => {
      const [month] = await admin<{ part: string }>(
        "SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1 month', '\"_p\"YYYYMM') AS part",
      );
      await admin(`DROP TABLE audit.event${month?.part}; DROP TABLE platform.api_log${month?.part};
        INSERT INTO audit.event (txid, action_id, epoch, op, tbl, record_id, actor_type, db_user, changed)
        VALUES (pg_current_xact_id(), '01940000-0000-7000-8000-00000000000f', 1, 2, 'identity.vendor', 'x', 'staff', 'app_web', '{}');
        INSERT INTO pgboss.job (name, data) SELECT q.name, '{}' FROM pgboss.queue AS q WHERE q.name = 'audit.verify.dead'`);
    });
    const next = new Date();
    next.setUTCDate(1);
    next.setUTCMonth(next.getUTCMonth() + 1);
    const month = next.toISOString().slice(0, 7).replace('-', '');
    expect(problems).toEqual([
      `partition_missing audit.event_p${month}`,
      `partition_missing platform.api_log_p${month}`,
      'event_without_action 01940000-0000-7000-8000-00000000000f',
      'dead_letters audit.verify.dead',
      'unaudited_change identity.vendor x',
    ]);
  });

  it('names rows that were changed, made or removed while the trigger was off, also after it is on again', async () => {
    const victim = (await sealed.admin<{ id: string }>(`SELECT id FROM identity."user" WHERE id <> '${userId}'`))[0]?.id;
    const hidden = newId();
    const problems = await problemsAfter((admin) =>
      admin(`ALTER TABLE identity."user" DISABLE TRIGGER audit_rows; UPDATE identity."user" SET first_name = 'Mallory' WHERE id = '${userId}';
        DELETE FROM identity."user" WHERE id = '${victim}';
        INSERT INTO identity."user" (id, kind, auth_method, email_enc, email_bidx) VALUES ('${hidden}', 'client', 'email', '\\x01', sha256('x'));
        ALTER TABLE identity."user" ENABLE ALWAYS TRIGGER audit_rows`),
    );
    expect(problems.sort()).toEqual([userId, victim, hidden].map((id) => `unaudited_change identity.user ${id}`).sort());
  });

  it('takes no offence at counters and stamps, which are not audited', async () => {
    expect(
      await problemsAfter((admin) => admin(`UPDATE identity."user" SET login_count = login_count + 1 WHERE id = '${userId}'`)),
    ).toEqual([]);
  });

  it('names a lag, a missing anchor, a key that ends and a database of another server', async () => {
    const keys = readPinnedKeys(sealed.config.auditKeysFile).map((key) => ({
      ...key,
      to: new Date(Date.now() + 86_400_000).toISOString(),
    }));
    const copy = await sealed.copy();
    await copy.admin(`ALTER TABLE audit.anchor DISABLE TRIGGER guard_rows; DELETE FROM audit.anchor; ALTER TABLE audit.anchor ENABLE ALWAYS TRIGGER guard_rows;
      ALTER TABLE audit.checkpoint DISABLE TRIGGER guard_rows; UPDATE audit.checkpoint SET at = at - interval '3 days'; ALTER TABLE audit.checkpoint ENABLE ALWAYS TRIGGER guard_rows;
      UPDATE audit.epoch SET system_identifier = 1;
      INSERT INTO audit.control (occurred_at, txid, epoch, type, body) VALUES (now() - interval '2 minutes', pg_current_xact_id(), 1, 'policy', '{}')`);
    const ended = keys.map((key) => ({ ...key, from: '2020-01-01T00:00:00Z' }));
    const kinds = (await examineWith(copy.admin, ended)).problems.map((problem) => problem.kind);
    expect(kinds).toEqual(['epoch_required', 'seal_lag', 'anchor_lag', 'key_expired', 'verify_late']);
    expect((await examineWith(sealed.admin, [])).problems.map((problem) => problem.kind)).toEqual(['key_expired']);
  });
});
