import type { Command, CommandDeps, Envelope } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { sha256 } from '../../src/foundation/crypto/digest.ts';
import { AppError } from '../../src/foundation/errors/app-error.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { addSeconds } from '../../src/foundation/runtime/clock.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { type RequestContext, runInContext } from '../../src/foundation/runtime/request-context.ts';
import { systemCommands, ticketCommands } from '../../src/modules/support/index.ts';
import { browsers, places } from './people.ts';

/** A colleague of the demo who runs commands as the back office would, with a factor given a moment before. */
export type Colleague = {
  id: string;
  does<Input, Output, Prepared, Loaded>(
    deps: CommandDeps,
    command: Command<Input, Output, Prepared, Loaded>,
    envelope: Envelope,
  ): Promise<Output>;
};
export type Colleagues = { support: Colleague; lead: Colleague; admin: Colleague };

type Member = { email: string; userId?: string | undefined };

/** The three who ask and decide; null where the demo has lost one. */
export function colleaguesOf(staff: readonly Member[]): Colleagues | null {
  const support = colleague(staff, 'support1@example.com', [{ role: 'support', isLead: false }]);
  const lead = colleague(staff, 'support-lead1@example.com', [{ role: 'support', isLead: true }]);
  const admin = colleague(staff, 'admin1@example.com', [{ role: 'admin', isLead: false }]);
  return support && lead && admin ? { support, lead, admin } : null;
}

/** Null where the demo has lost them. */
export function colleague(staff: readonly Member[], email: string, grants: StaffActor['grants']): Colleague | null {
  const id = staff.find((each) => each.email === email)?.userId;
  if (!id) return null;
  return {
    id,
    async does(deps, command, envelope) {
      const actor: StaffActor = {
        ...{ kind: 'staff', id, displayName: email, grants, sessionHash: sha256(id), hasMfa: false },
        factorAt: deps.clock.now(),
      };
      const context: RequestContext = {
        ...{ requestId: newId(), door: 'admin', ip: places[0].ip, userAgent: browsers[2], path: null, clientId: null, actor, action: null },
      };
      const { output } = await runInContext(context, () => runCommand(deps, command, envelope));
      return output;
    },
  };
}

/** The same product some seconds ago. */
export function backThen(deps: CommandDeps, secondsAgo: number): CommandDeps {
  const at = addSeconds(deps.clock.now(), -secondsAgo);
  return { ...deps, clock: { now: () => at } };
}

/** The id of a new ticket about somebody, answered at once: its clock rests until the customer writes again. */
export async function ticketAbout(
  deps: CommandDeps,
  team: Colleagues,
  about: { userId: string; title: string; category?: 'account_access' | 'privacy' },
): Promise<string> {
  const { userId, title, category = 'account_access' } = about;
  const input = { id: newId(), category, priority: 'medium', title, subjectUserId: userId, submitterUserId: userId };
  const { ticketId: id } = (await runCommand(deps, systemCommands.openTicketCommand, { input })).output;
  const version = async () => (await deps.database.prisma.ticket.findUniqueOrThrow({ where: { id } })).version;
  await team.lead.does(deps, ticketCommands.assignTicket, { input: { id, staffId: team.support.id }, expectedVersion: await version() });
  const body = 'Thank you for writing. We are on it and will tell you as soon as it is decided.';
  await team.support.does(deps, ticketCommands.replyAndWait, { input: { id, body, for: 'customer' }, expectedVersion: await version() });
  return id;
}

/** The worker of a running application may have been faster, and a refusal is what some requests are for. */
export async function quietly(work: () => Promise<unknown>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
  });
}
