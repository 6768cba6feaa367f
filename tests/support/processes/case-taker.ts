import { createApp } from '../../../src/app.ts';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import { loadConfig } from '../../../src/foundation/config/config.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { runInContext, systemContext } from '../../../src/foundation/runtime/request-context.ts';
import { caseCommands } from '../../../src/modules/review/index.ts';

/** Four reviewers at work in a process of their own, to be killed: a line of its output is the id of a case that one of them was given. */
const [databaseUrl, dataDir] = [process.env['TAKER_DATABASE_URL'], process.env['TAKER_DATA_DIR']];
if (databaseUrl && dataDir) {
  const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_POOL: '6', DATABASE_URL: databaseUrl, DATA_DIR: dataDir });
  const { deps } = await createApp({ config });
  await Promise.all(Array.from({ length: 4 }, () => takeUntilKilled()));

  async function takeUntilKilled(): Promise<void> {
    for (;;) {
      // Somebody else each time: nobody may hold more than three.
      const actor = reviewer();
      const context = { ...systemContext('case-taker', 'cli'), actor };
      const { output } = await runInContext(context, () => runCommand(deps, caseCommands.takeNext, { input: {} }));
      if (output.caseId === null) return;
      process.stdout.write(`${output.caseId}\n`);
    }
  }
}

function reviewer(): StaffActor {
  return {
    kind: 'staff',
    id: newId(),
    displayName: 'Reviewer of a process that dies',
    grants: [{ role: 'reviewer', isLead: false }],
    sessionHash: Buffer.alloc(32, 1),
    hasMfa: true,
    factorAt: new Date(),
  };
}
