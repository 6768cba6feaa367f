import type { Ticket } from '@prisma/client';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import type { TicketPriority } from './ticket-state.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Seconds to the first response and to the resolution (product.md 4.6). */
export const slaSeconds: Readonly<Record<TicketPriority, { firstResponse: number; resolution: number }>> = {
  urgent: { firstResponse: 30 * minute, resolution: 4 * hour },
  high: { firstResponse: 2 * hour, resolution: 24 * hour },
  medium: { firstResponse: 8 * hour, resolution: 72 * hour },
  low: { firstResponse: 24 * hour, resolution: 7 * day },
};

/** At risk once this share of the time is used (F86). */
const riskShare = 0.8;

type Due = Pick<Ticket, 'firstResponseDueAt' | 'resolutionDueAt'>;
type Started = { createdAt: Date; priority: TicketPriority; pausedS: number };

/** When the two clocks of a ticket end; time awaiting somebody is added, since it does not count. */
export function dueDates({ createdAt, priority, pausedS }: Started): Due {
  const { firstResponse, resolution } = slaSeconds[priority];
  return {
    firstResponseDueAt: addSeconds(createdAt, firstResponse + pausedS),
    resolutionDueAt: addSeconds(createdAt, resolution + pausedS),
  };
}

/** The moments of the clock that runs: the first response until there was one, then the resolution. Told marks start anew. */
export type RunningClock = { slaRiskAt: Date; slaBreachAt: Date; slaRiskToldAt: null; slaBreachToldAt: null };

export function runningClock(ticket: Due & Started & Pick<Ticket, 'firstRespondedAt'>): RunningClock {
  const { firstResponse, resolution } = slaSeconds[ticket.priority];
  const isAnswered = ticket.firstRespondedAt !== null;
  const slaBreachAt = isAnswered ? ticket.resolutionDueAt : ticket.firstResponseDueAt;
  const left = (1 - riskShare) * (isAnswered ? resolution : firstResponse);
  return { slaRiskAt: addSeconds(slaBreachAt, -Math.round(left)), slaBreachAt, slaRiskToldAt: null, slaBreachToldAt: null };
}

export const slaStates = ['on_track', 'at_risk', 'breached', 'paused', 'done'] as const;
export type SlaState = (typeof slaStates)[number];

type Watched = Pick<Ticket, 'status' | 'pausedAt' | 'slaRiskAt' | 'slaBreachAt'>;

/** The badge. What was breached before a pause stays breached; what was not is paused until somebody answers. */
export function slaState({ status, pausedAt, slaRiskAt, slaBreachAt }: Watched, now: Date): SlaState {
  if (status === 'resolved' || status === 'closed') return 'done';
  const at = pausedAt ?? now;
  if (slaBreachAt && at >= slaBreachAt) return 'breached';
  if (pausedAt) return 'paused';
  return slaRiskAt && at >= slaRiskAt ? 'at_risk' : 'on_track';
}

export type SlaClock = {
  state: SlaState;
  /** Which of the two clocks it is. */
  kind: 'first_response' | 'resolution';
  /** When it ends or ended. */
  dueAt: Date;
  /** Used share of the time, 0 to 1 and beyond. */
  used: number;
  pausedAt: Date | null;
};

/** Everything a ring beside a ticket shows. */
export function slaClock(ticket: Ticket, now: Date): SlaClock {
  const kind = ticket.firstRespondedAt === null ? 'first_response' : 'resolution';
  const { firstResponse, resolution } = slaSeconds[ticket.priority];
  const total = kind === 'resolution' ? resolution : firstResponse;
  const dueAt = kind === 'resolution' ? ticket.resolutionDueAt : ticket.firstResponseDueAt;
  const at = ticket.pausedAt ?? ticket.resolvedAt ?? now;
  const left = (dueAt.getTime() - at.getTime()) / 1000;
  return { state: slaState(ticket, now), kind, dueAt, used: Math.max(0, (total - left) / total), pausedAt: ticket.pausedAt };
}

/** Whole seconds a ticket has stood still until now; 0 where it has not. */
export function pausedSeconds({ pausedAt }: Pick<Ticket, 'pausedAt'>, now: Date): number {
  return pausedAt ? Math.max(0, Math.round((now.getTime() - pausedAt.getTime()) / 1000)) : 0;
}
