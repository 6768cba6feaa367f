import type { Command, CommandDeps, Envelope } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import type { Actor, StaffActor } from '../../src/foundation/runtime/actor.ts';
import { addSeconds } from '../../src/foundation/runtime/clock.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { type RequestContext, runInContext } from '../../src/foundation/runtime/request-context.ts';
import { customerCommands, ticketCommands } from '../../src/modules/support/index.ts';
import { demoActor } from './demo-actor.ts';
import type { SeededCustomer } from './demo-files.ts';
import { inGroups } from './in-groups.ts';
import { browsers, places } from './people.ts';
import { quietly } from './request-scene.ts';
import { type TicketScript, ticketScripts } from './ticket-scripts.ts';

type Cast = { customers: readonly SeededCustomer[]; staff: readonly { role: string; email: string; userId?: string | undefined }[] };
type Desk = { lead: StaffActor; agents: readonly StaffActor[]; assistant: StaffActor };

const hour = 3600;
const because = { code: 'policy', text: 'Needs the word of a lead before we answer' };

/** Thirty tickets in every state, each led there by the commands that customers and staff use, at the times they would have. */
export async function seedTickets(deps: CommandDeps, cast: Cast): Promise<void> {
  const now = deps.clock.now();
  const [lead, assistant] = [demoActor(deps, cast.staff, 'support_lead'), demoActor(deps, cast.staff, 'assistant')];
  const agents = cast.staff.filter(({ role }) => role === 'support').flatMap((person) => demoActor(deps, [person], 'support') ?? []);
  if (!lead || !assistant || agents.length === 0) return;
  const people = cast.customers.filter(({ state, registeredAt }) => state === 'active' && registeredAt < addSeconds(now, -300 * hour));
  const opened = await inGroups(ticketScripts, async (script, index) => {
    const person = people[script.ends === 'merged' ? 1 : index % people.length];
    if (!person) return null;
    let id: string | null = null;
    await quietly(async () => {
      id = await play(deps, { script, person, now, desk: { lead, assistant, agents } }, index);
    });
    return id;
  });
  const [twice, again] = [opened[1], opened.at(-1)];
  if (twice && again)
    await quietly(async () => runAs(deps, lead, ticketCommands.mergeTicket, { id: again, into: await numberOf(deps, twice) }));
}

type Play = { script: TicketScript; person: SeededCustomer; now: Date; desk: Desk };

async function play(deps: CommandDeps, { script, person, now, desk }: Play, index: number): Promise<string> {
  const { category, title, body, hoursAgo, priority, ends, tags } = script;
  const opened = addSeconds(now, -Math.round(hoursAgo * hour));
  /** As long after the opening as this share of the time since. */
  const after = (share: number) => ({
    ...deps,
    clock: { now: () => new Date(opened.getTime() + share * (now.getTime() - opened.getTime())) },
  });
  const agent = desk.agents[index % desk.agents.length] ?? desk.lead;
  const customer = customerActor(person, opened);
  const { ticketId: id } = await runAs(after(0), customer, customerCommands.openOwnTicket, { category, title, body });
  const sorted = { ...(priority === 'medium' ? {} : { priority }), ...(tags ? { tags: [...tags] } : {}) };
  if (Object.keys(sorted).length > 0) await runAs(after(0.02), desk.assistant, ticketCommands.triageTicket, { id, ...sorted });
  if (ends === 'drafted') {
    const draft = `Hello ${person.firstName},\n\nthank you for writing. We have asked the shop and will come back to you today.`;
    await runAs(after(0.1), desk.assistant, ticketCommands.draftReply, { id, body: draft });
  }
  if (ends === 'escalated') await runAs(after(0.5), desk.assistant, ticketCommands.escalateTicket, { id }, { reason: because });
  if (ends === 'open' || ends === 'drafted' || ends === 'escalated' || ends === 'merged') return id;
  if (ends === 'in_progress') {
    // Held at the moment, so that the claim lasts.
    await runAs(deps, agent, ticketCommands.claimTicket, { id });
    await runAs(deps, agent, ticketCommands.addTicketNote, { id, body: 'Called the carrier; they look for it until 4 pm.' });
    return id;
  }
  // A lead hands them out: nobody could take so many within the hour in which the demo plays them.
  await runAs(after(0.1), desk.lead, ticketCommands.assignTicket, { id, staffId: agent.id });
  const reply = `Hello ${person.firstName},\n\nwe are looking into it. Could you tell us the number of the order?`;
  if (ends === 'awaiting_customer') await runAs(after(0.12), agent, ticketCommands.replyAndWait, { id, body: reply, for: 'customer' });
  else if (ends === 'awaiting_vendor')
    await runAs(after(0.12), agent, ticketCommands.replyAndWait, {
      id,
      body: `Hello ${person.firstName},\n\nwe have asked the shop.`,
      for: 'vendor',
    });
  else await finish(after, { id, agent, person, desk, ends });
  return id;
}

type Finish = { id: string; agent: StaffActor; person: SeededCustomer; desk: Desk; ends: TicketScript['ends'] };

async function finish(after: (share: number) => CommandDeps, { id, agent, person, desk, ends }: Finish): Promise<void> {
  await runAs(after(0.11), agent, ticketCommands.checkIdentity, { id, passed: ['member_id', 'country'] });
  await runAs(after(0.12), agent, ticketCommands.sendReply, { id, body: `Hello ${person.firstName},\n\nwe are on it.` });
  const said = {
    body: `Hello ${person.firstName},\n\nthis is done. Please look and tell us if something is left.`,
    resolution: 'Settled with the shop',
  };
  await runAs(after(0.13), agent, ticketCommands.resolveTicket, { id, ...said });
  if (ends === 'closed') await runAs(after(0.9), desk.lead, ticketCommands.closeTicket, { id }, { reason: because });
}

/** On the version of now: nobody else writes while the demo is made. */
async function runAs<Input, Output, Prepared, Loaded>(
  deps: CommandDeps,
  actor: Actor,
  command: Command<Input, Output, Prepared, Loaded>,
  input: object,
  envelope: Omit<Envelope, 'input'> = {},
): Promise<Output> {
  const id = 'id' in input && typeof input.id === 'string' ? input.id : null;
  const row = id && (await deps.database.prisma.ticket.findUnique({ where: { id }, select: { version: true } }));
  const expectedVersion = row ? { expectedVersion: row.version } : {};
  const context: RequestContext = {
    ...{ requestId: newId(), ip: places[0].ip, userAgent: browsers[2], path: null, clientId: null, action: null, actor },
    door: actor.kind === 'staff' ? 'admin' : 'api',
  };
  return (await runInContext(context, () => runCommand(deps, command, { input, ...expectedVersion, ...envelope }))).output;
}

async function numberOf(deps: CommandDeps, id: string): Promise<string> {
  return (await deps.database.prisma.ticket.findUniqueOrThrow({ where: { id }, select: { number: true } })).number;
}

function customerActor({ userId, kind }: SeededCustomer, authTime: Date): Actor {
  return { kind, id: userId, sessionId: newId(), acr: 'aal1', authTime };
}
