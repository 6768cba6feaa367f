import { readFile } from 'node:fs/promises';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { runCommand } from '../../foundation/command/run-command.ts';
import { parsePinnedKeys } from '../proof/pinned-keys.ts';
import { faultLine } from './faults.ts';
import { noteInputOf, noteVerification } from './note-verification.ts';
import type { ReadTarget } from './read-session.ts';
import { verifiedUpTo } from './verification.queries.ts';
import { type VerifyResult, verifyDatabase } from './verify-database.ts';

/** `since_verified`: from where sealed verify rows reach without a hole. */
export type JobScope = 'full' | 'since_verified';

export type VerificationRun = {
  scope: JobScope;
  /** Actor type for the note, for example `system:audit.verify`. */
  by: string;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
};

/**
 * Verifies this installation's own history, leaves the control row about it, and tells the log what was found. A fault is a
 * result, not a failure: only a run that could not be made throws.
 */
export async function runVerification(deps: CommandDeps, run: VerificationRun): Promise<VerifyResult> {
  const { config } = deps;
  const result = await verifyDatabase({
    target: auditorTarget(config),
    scope: run.scope === 'full' ? { kind: 'full' } : { kind: 'from', seq: await verifiedUpTo(deps) },
    origin: config.auditOrigin,
    keys: parsePinnedKeys(await readFile(config.auditKeysFile, 'utf8')),
    anchorFolder: config.auditAnchorDir,
    archiveFolder: config.auditArchiveDir,
    now: deps.clock.now(),
    ...(run.signal ? { signal: run.signal } : {}),
    ...(run.onProgress ? { onProgress: run.onProgress } : {}),
  });
  await runCommand(deps, noteVerification, { input: noteInputOf(result, run.by) });
  report(deps, result);
  return result;
}

/** The login for verify (AUDIT_DATABASE_URL), else the administrator's, who then acts as the auditor and sees no more. */
export function auditorTarget(config: CommandDeps['config']): ReadTarget {
  if (config.auditDatabaseUrl) return { url: config.auditDatabaseUrl, role: null };
  if (!config.databaseUrl) throw new Error('Neither AUDIT_DATABASE_URL nor DATABASE_URL names a login that may read the history.');
  return { url: config.databaseUrl, role: 'audit_reader' };
}

const linesLogged = 10;

function report({ log }: CommandDeps, result: VerifyResult): void {
  const { scope, range, rows, seconds, faultCount } = result;
  const warnings = result.warnings.map((warning) => `${warning.kind}: ${warning.detail}`);
  const figures = { scope, range, rows, seconds, warnings };
  if (faultCount === 0) {
    log.info({ event: 'audit.verified', ...figures });
    return;
  }
  const faults = result.faults.slice(0, linesLogged).map(faultLine);
  log.error(
    { event: 'audit.verify.failed', ...figures, faultCount, faults },
    'the history was tampered with: see docs/runbooks/verify-failed.md',
  );
}
