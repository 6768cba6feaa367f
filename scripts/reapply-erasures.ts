import { createApp } from '../src/app.ts';
import { registeredErasures } from '../src/audit/index.ts';
import { runCommand } from '../src/foundation/command/run-command.ts';
import { AppError } from '../src/foundation/errors/app-error.ts';
import { runInContext, systemContext } from '../src/foundation/runtime/request-context.ts';
import { systemCommands } from '../src/modules/identity/index.ts';
import { operatorConfig } from './operator-config.ts';
import { PlainFailure, runScript } from './plain-failure.ts';
import { createProgress } from './progress.ts';

/**
 * `npm run erasures:reapply`, after a restore: erases everybody again whom the register beside the archives names. Says how many
 * were erased, were so already, are unknown to this backup, or are kept by a legal hold. A running worker then erases their history.
 */
async function reapply(): Promise<void> {
  const app = await createApp({ config: operatorConfig() });
  const progress = createProgress('people');
  try {
    const ids = await registeredErasures(app.deps);
    const counts: Record<string, number> = {};
    for (const [index, id] of ids.entries()) {
      const outcome = await runInContext(systemContext('operator', 'cli'), () => repeat(id));
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      progress.update(index + 1, ids.length);
    }
    progress.end();
    process.stdout.write(`${JSON.stringify({ registered: ids.length, ...counts })}\n`);
    if (counts['held']) throw new PlainFailure(`${counts['held']} of them are kept by a legal hold: release it, then run this again.`);
  } finally {
    await app.stop();
  }

  async function repeat(id: string): Promise<'erased' | 'erased before' | 'unknown' | 'held'> {
    try {
      await runCommand(app.deps, systemCommands.repeatErasure, { input: { id } });
      return 'erased';
    } catch (error) {
      const code = error instanceof AppError ? error.code : null;
      if (code === 'transition_not_allowed') return 'erased before';
      if (code === 'not_found') return 'unknown';
      if (code === 'legal_hold') return 'held';
      throw error;
    }
  }
}

await runScript(reapply);
