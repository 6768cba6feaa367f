import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { systemCommands } from '../../src/modules/support/index.ts';

/** A ticket about this person, as an action that has to name one needs it. @returns its id */
export async function ticketAbout({ deps }: { deps: CommandDeps }, subjectUserId: string): Promise<string> {
  const input = { id: newId(), category: 'account_access', priority: 'medium', title: 'Asked for help on the phone', subjectUserId };
  const { output } = await runInContext(systemContext('test', 'cli'), () => runCommand(deps, systemCommands.openTicketCommand, { input }));
  return output.ticketId;
}
