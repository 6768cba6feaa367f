import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { defineCommand } from '../../foundation/command/command.ts';
import { runCommand } from '../../foundation/command/run-command.ts';
import { defineJob } from '../../foundation/jobs/job.ts';
import { type PinnedKey, parsePinnedKeys } from '../proof/pinned-keys.ts';
import { type DoctorReport, runDoctor } from './doctor.ts';
import type { Rows } from './doctor-problems.ts';

/** Published when the doctor finds something. Payload: kinds of the problems, each once. */
export const doctorFailed = 'audit.doctor.failed';

const queue = 'audit.doctor';
/** Comparing live rows with their history reads every audited table: once a day, at this hour. */
const thoroughHour = 3;

const reportProblems = defineCommand({
  name: 'report-problems',
  resource: 'audit',
  access: 'system',
  input: z.strictObject({ kinds: z.array(z.string()), problems: z.int().positive() }),
  async run(scope, { kinds, problems }) {
    scope.note(`problems ${problems}: ${kinds.join(', ')}`);
    scope.emit({ name: doctorFailed, aggregateId: null, payload: { problems, kinds } });
    return null;
  },
});

/** Hourly. A problem is told by the log, an action row and an event, each time until it is gone. Repeating is harmless: it only reads. */
export const doctorJob = defineJob({
  queue,
  payload: z.object({}),
  policy: 'exclusive',
  retryLimit: 2,
  schedule: '13 * * * *',
  async handle(_payload, deps) {
    const report = await examine(deps);
    if (report.problems.length === 0) {
      deps.log.info({ event: 'audit.healthy', checked: report.checked, notChecked: report.notChecked });
      return;
    }
    const problems = report.problems.slice(0, 20).map(({ kind, subject, detail }) => `${kind} ${subject}: ${detail}`);
    deps.log.error({ event: doctorFailed, count: report.problems.length, problems }, 'the audit is not in order: run npm run audit:doctor');
    const kinds = [...new Set(report.problems.map((problem) => problem.kind))].sort();
    await runCommand(deps, reportProblems, { input: { kinds, problems: report.problems.length } });
  },
});

/** The doctor with the login of this process. */
export async function examine(deps: CommandDeps): Promise<DoctorReport> {
  const now = deps.clock.now();
  const rows: Rows = async <Row extends Record<string, unknown>>(sql: string, values?: unknown[]) =>
    (await deps.database.pool.query<Row>(sql, values)).rows;
  return runDoctor({
    rows,
    keys: await pinnedKeys(deps.config.auditKeysFile),
    now,
    eventDays: 2,
    isThorough: now.getUTCHours() === thoroughHour,
  });
}

/** None before the first checkpoint of a demo, whose sealer makes the file. */
async function pinnedKeys(file: string): Promise<PinnedKey[]> {
  try {
    return parsePinnedKeys(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
