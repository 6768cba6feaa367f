import pg from 'pg';
import { runNote } from '../src/audit/verify/run-note.ts';
import type { VerifyResult } from '../src/audit/verify/verify-database.ts';
import type { VerifySettings } from './audit-settings.ts';

/**
 * Leaves a `verify` control row about a run from the command line, where the login at hand may write one: the audit is audited
 * (audit.md P13). A login that may only read, or a server that takes no writes, leaves none; the result stands all the same.
 */
export async function recordRun(settings: VerifySettings, result: VerifyResult): Promise<void> {
  if (settings.auditUrl || !settings.adminUrl) return;
  const client = new pg.Client({ connectionString: settings.adminUrl, application_name: 'fashionistar-verify' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT audit.record_verification($1)', [runNote(result, 'system:operator')]);
  } catch (error) {
    process.stderr.write(`This run left no note in the history: ${error instanceof Error ? error.message : String(error)}\n`);
  } finally {
    await client.end().catch(() => undefined);
  }
}
