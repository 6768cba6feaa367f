import type { Prisma, Ticket } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { closeResolved, overdueToClose } from './close.ts';
import { emitTicket, moveTicket } from './move-ticket.ts';
import { runningClock } from './sla.ts';

const input = z.object({});
type Input = z.infer<typeof input>;

/** Tickets that one run looks after at most; the next run takes the rest. */
const batch = 200;

/** Puts back into the queue what nobody was active on for half an hour. Repeating it finds nothing more. */
export const lapseClaims = defineCommand<Input, { lapsed: number }>({
  name: 'lapse-ticket-claims',
  resource: 'ticket',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope) {
    const over = await scope.tx.ticket.findMany({ where: lapsed(scope.now), orderBy: { claimExpiresAt: 'asc' }, take: batch });
    const done = await inTurn(over, (ticket) => moveTicket(scope, ticket, { step: 'lapse' }));
    return { lapsed: done };
  },
});

const lapsed = (now: Date): Prisma.TicketWhereInput => ({ status: 'in_progress', claimExpiresAt: { lte: now } });

/**
 * Tells once per clock that it is at risk, and once that it was missed. Tickets of an earlier version get their clock first.
 * Repeating it finds nothing more.
 */
export const tellSla = defineCommand<Input, { told: number }>({
  name: 'watch-ticket-clocks',
  resource: 'ticket',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope) {
    const clockless = await scope.tx.ticket.findMany({ where: withoutClock, take: batch });
    await inTurn(clockless, (ticket) =>
      scope.tx.ticket.updateMany({ where: { id: ticket.id, slaBreachAt: null }, data: runningClock(ticket) }),
    );
    const breached = await scope.tx.ticket.findMany({ where: unheard.breached(scope.now), take: batch });
    const atRisk = await scope.tx.ticket.findMany({ where: unheard.atRisk(scope.now), take: batch });
    const told = await inTurn(breached, (ticket) => tell(scope, ticket, 'sla_breached'));
    return { told: told + (await inTurn(atRisk, (ticket) => tell(scope, ticket, 'sla_at_risk'))) };
  },
});

const running = { status: { in: ['open', 'in_progress'] } } satisfies Prisma.TicketWhereInput;
const withoutClock = { ...running, slaBreachAt: null } satisfies Prisma.TicketWhereInput;
const unheard = {
  breached: (now: Date) => ({ ...running, slaBreachAt: { lte: now }, slaBreachToldAt: null }) satisfies Prisma.TicketWhereInput,
  /** Of a clock that is missed already, "at risk" is no news. */
  atRisk: (now: Date) =>
    ({ ...running, slaRiskAt: { lte: now }, slaBreachAt: { gt: now }, slaRiskToldAt: null }) satisfies Prisma.TicketWhereInput,
};

/** The mark is set on the condition that it was not: of two workers one tells. */
async function tell(scope: CommandScope, ticket: Ticket, what: 'sla_at_risk' | 'sla_breached'): Promise<boolean> {
  const mark = what === 'sla_breached' ? ({ slaBreachToldAt: scope.now } as const) : ({ slaRiskToldAt: scope.now } as const);
  const unmarked = what === 'sla_breached' ? { slaBreachToldAt: null } : { slaRiskToldAt: null };
  const { count } = await scope.tx.ticket.updateMany({ where: { id: ticket.id, version: ticket.version, ...unmarked }, data: mark });
  if (count === 0) return false;
  scope.touched(ticket.id);
  emitTicket(scope, what, ticket);
  return true;
}

/** One after the other, as a transaction wants it; counts what came of it. */
async function inTurn(tickets: readonly Ticket[], work: (ticket: Ticket) => Promise<unknown>): Promise<number> {
  let done = 0;
  for (const ticket of tickets) if (await work(ticket)) done += 1;
  return done;
}

/** Claims, clocks and closing, each only when something is due, so that a quiet minute leaves nothing in the history. */
export async function watchTickets(deps: CommandDeps): Promise<void> {
  const { prisma } = deps.database;
  const now = deps.clock.now();
  const isDue = async (where: Prisma.TicketWhereInput) => (await prisma.ticket.findFirst({ where, select: { id: true } })) !== null;
  if (await isDue(lapsed(now))) await runCommand(deps, lapseClaims, { input: {} });
  if (await isDue({ OR: [withoutClock, unheard.breached(now), unheard.atRisk(now)] })) await runCommand(deps, tellSla, { input: {} });
  if (await isDue(overdueToClose(now))) await runCommand(deps, closeResolved, { input: {} });
}
