import { parseArgs } from 'node:util';
import { createApp } from '../src/app.ts';
import { runCommand } from '../src/foundation/command/run-command.ts';
import { runInContext, systemContext } from '../src/foundation/runtime/request-context.ts';
import { currentSettings } from '../src/foundation/settings/live-settings.ts';
import { switchReadOnlyByOperator } from '../src/foundation/settings/switch-read-only.ts';
import { operatorConfig } from './operator-config.ts';
import { PlainFailure, runScript } from './plain-failure.ts';

const usage = `npm run read-only -- on --reason "Moving the database" | off [--reason "Done"] | status
  on       nobody can change anything; signing in and reading go on. The reason is what everybody reads
  off      opens it again
  status   says whether it is on
docs/runbooks/read-only.md says what goes on and what waits.`;

/** `npm run read-only`: the switch of read-only mode for operators; each change leaves an audit row as system:operator. */
async function readOnly(): Promise<void> {
  const { step, reason } = readFlags();
  const app = await createApp({ config: operatorConfig() });
  try {
    if (step !== 'status') {
      const input = { isOn: step === 'on', ...(reason ? { message: reason } : {}) };
      const envelope = { input, ...(reason ? { reason: { code: 'other', text: reason } } : {}) };
      await runInContext(systemContext('operator', 'cli'), () => runCommand(app.deps, switchReadOnlyByOperator, envelope));
    }
    const { readOnly: now } = await currentSettings(app.deps);
    process.stdout.write(now ? `Read-only mode is on since ${now.since.toISOString()}: ${now.reason}\n` : 'Read-only mode is off.\n');
  } finally {
    await app.stop();
  }
}

function readFlags(): { step: 'on' | 'off' | 'status'; reason: string | null } {
  let parsed: { values: { reason?: string | undefined }; positionals: string[] };
  try {
    parsed = parseArgs({ options: { reason: { type: 'string' } }, allowPositionals: true });
  } catch (error) {
    throw new PlainFailure(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
  const [step = 'status', ...more] = parsed.positionals;
  if ((step !== 'on' && step !== 'off' && step !== 'status') || more.length > 0) throw new PlainFailure(usage);
  const reason = parsed.values.reason?.trim() ?? '';
  if (step === 'on' && reason.length < 3) throw new PlainFailure(`Say why: everybody reads it.\n${usage}`);
  return { step, reason: reason === '' ? null : reason };
}

await runScript(readOnly);
// Pools and threads that were closed may hold the process for seconds.
process.exit();
