import type { RoleGrant } from '../../../../src/foundation/access/roles.ts';
import type { AnyCommand, Envelope } from '../../../../src/foundation/command/command.ts';
import type { StaffActor } from '../../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../../src/foundation/runtime/new-id.ts';
import { customerCommands, systemCommands, ticketCommands } from '../../../../src/modules/support/index.ts';
import { system } from '../../../audit/support/staff.ts';
import { staffActor, type TestApp } from '../../../support/app.ts';
import { type Person, run } from '../../identity/people.ts';

/** A colleague without rows behind them: enough for commands that only ask the matrix. */
export const colleague = (app: TestApp, role: RoleGrant['role'], isLead = false): StaffActor =>
  staffActor({ role, isLead }, app.clock.now());

export const why = { code: 'other', text: 'Needs somebody who knows refunds' };

type Opened = { category?: string; priority?: string; title?: string };

/** A ticket about somebody, as a job opens one; its id. */
export async function ticketAbout(app: TestApp, subjectUserId: string, given: Opened = {}): Promise<string> {
  const id = newId();
  const input = {
    id,
    category: 'general',
    priority: 'medium',
    title: 'About a parcel',
    subjectUserId,
    submitterUserId: subjectUserId,
    ...given,
  };
  await run(app, systemCommands.openTicketCommand, input, { actor: system });
  return id;
}

/** What the person themselves opens over the API; its id. */
export async function ownTicket(app: TestApp, person: Person, given: Opened & { body?: string; orderId?: string } = {}): Promise<string> {
  const input = { category: 'general', title: 'Where is my parcel', body: 'It should have come on Friday.', ...given };
  return (await run(app, customerCommands.openOwnTicket, input, { actor: person.actor })).ticketId;
}

export const ticketRow = (app: TestApp, id: string) => app.deps.database.prisma.ticket.findUniqueOrThrow({ where: { id } });

export const messagesOf = (app: TestApp, ticketId: string) =>
  app.deps.database.prisma.ticketMessage.findMany({ where: { ticketId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });

/** Runs a command of the desk on the version of now, unless another one is named. */
export async function act(
  app: TestApp,
  actor: StaffActor,
  command: AnyCommand,
  input: { id: string } & Record<string, unknown>,
  envelope: Omit<Envelope, 'input'> = {},
) {
  const { version } = await ticketRow(app, input.id);
  return run(app, command, input, { actor, envelope: { expectedVersion: version, reason: why, ...envelope } });
}

export const claim = (app: TestApp, actor: StaffActor, id: string) => run(app, ticketCommands.claimTicket, { id }, { actor });
export const takeNext = (app: TestApp, actor: StaffActor) => run(app, ticketCommands.takeNext, {}, { actor });
export const reply = (app: TestApp, person: Person, id: string, body = 'Here is what you asked for.') =>
  run(app, customerCommands.replyToOwnTicket, { id, body }, { actor: person.actor });

/** Names of the events of a ticket, in their order. */
export async function eventsOf(app: TestApp, ticketId: string): Promise<string[]> {
  const rows = await app.deps.database.prisma.outboxEvent.findMany({ where: { aggregateId: ticketId }, orderBy: { id: 'asc' } });
  return rows.map((row) => row.name.replace('support.ticket.', ''));
}
