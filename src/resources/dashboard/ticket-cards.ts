import type { CardAnswer, DashboardCard, PageRequest } from '../../admin/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import { queries, ticketQueries } from '../../modules/support/index.ts';
import { once, upTo } from './card-parts.ts';

const ceiling = 10_000;
const tickets = '/admin/resources/Ticket';
/** Five cards of one opening are made of these figures: they are read once. */
const figures = once(({ deps, staff }: PageRequest) => ticketQueries.ticketFigures(deps, staff));

/** What waits for an answer or a decision. */
export const ticketCards: readonly DashboardCard[] = [
  { id: 'my-tickets', title: 'My tickets', permission: 'ticket.take_next', load: myTickets },
  { id: 'sla', title: 'Answer times at risk', permission: 'ticket.triage', load: answerTimes },
  { id: 'waiting-tickets', title: 'Tickets nobody has taken', permission: 'ticket.triage', load: waitingTickets },
  { id: 'escalations', title: 'Escalations to answer', permission: 'ticket.answer_escalation', load: escalations },
  { id: 'first-response', title: 'Time to first response', permission: 'ticket.triage', load: firstResponse },
  {
    id: 'approvals',
    title: 'Approvals waiting for you',
    permission: 'approval_request.decide',
    isFor: ({ staff, now }) => grantFor(staff, 'approval_request.decide', { now, intent: 'approve' }) !== null,
    load: approvals,
  },
  {
    id: 'privacy',
    title: 'Privacy requests to work on',
    permission: 'privacy_request.verify_identity',
    isFor: ({ staff, now }) => grantFor(staff, 'privacy_request.verify_identity', { now })?.mode === 'allow',
    load: privacyRequests,
  },
];

async function myTickets(request: PageRequest): Promise<CardAnswer> {
  const { mine } = await figures(request);
  return {
    value: upTo(ceiling, mine),
    note: mine === 0 ? 'You hold none' : 'Held by you and not resolved',
    href: `${tickets}?filters.assignedTo=${request.staff.id}&filters.status~~in=open,in_progress,awaiting_customer,awaiting_vendor`,
  };
}

async function answerTimes(request: PageRequest): Promise<CardAnswer> {
  const { atRisk, breached } = await figures(request);
  const isLate = breached > 0;
  return {
    value: upTo(ceiling, atRisk + breached),
    note: isLate
      ? `${breached} over their time, ${atRisk} close to it`
      : atRisk > 0
        ? 'Close to their time, none over it'
        : 'All within their time',
    href: isLate ? `${tickets}?filters.sla=breached` : `${tickets}?filters.sla=at_risk`,
  };
}

async function waitingTickets(request: PageRequest): Promise<CardAnswer> {
  const { unassigned, waitingByPriority } = await figures(request);
  const said = waitingByPriority.filter(({ count }) => count > 0).map(({ priority, count }) => `${count} ${priority}`);
  return {
    value: upTo(ceiling, unassigned),
    note: said.length === 0 ? 'Nothing waits' : said.join(', '),
    href: `${tickets}?filters.status=open&filters.assignedTo~~isEmpty=true`,
    ...(said.length > 1
      ? {
          chart: {
            kind: 'bars' as const,
            summary: 'By priority, most pressing first.',
            series: [{ label: 'Waiting', tone: 'brand' as const }],
            points: waitingByPriority.map(({ priority, count }) => ({ label: priority, values: [count] })),
          },
        }
      : {}),
  };
}

async function escalations(request: PageRequest): Promise<CardAnswer> {
  const { escalated } = await figures(request);
  return {
    value: upTo(ceiling, escalated),
    note: escalated === 0 ? 'Nobody asked for help' : 'A colleague waits for your answer',
    href: `${tickets}?filters.escalated=true`,
  };
}

/** The median of two weeks, with the days it is made of. */
async function firstResponse(request: PageRequest): Promise<CardAnswer> {
  const { firstResponse: days } = await figures(request);
  const answered = days.reduce((total, { count }) => total + count, 0);
  const href = `${tickets}?sortBy=createdAt&direction=desc`;
  const minutes = days.flatMap((day) => (day.minutes === null ? [] : [day.minutes]));
  const middle = minutes.toSorted((a, b) => a - b)[Math.floor(minutes.length / 2)];
  if (middle === undefined) return { value: 'None yet', note: 'No ticket was answered in the last 14 days', href };
  return {
    value: minutesText(middle),
    note: `Half of ${answered} first answers of 14 days came sooner`,
    href,
    chart: {
      kind: 'line',
      summary: 'Median minutes to the first answer, by day.',
      series: [{ label: 'Minutes', tone: 'brand' }],
      points: days.map((day) => ({ label: day.day, values: [day.minutes ?? 0] })),
    },
  };
}

async function approvals({ deps, staff }: PageRequest): Promise<CardAnswer> {
  const count = await queries.countToDecide(deps, staff);
  return {
    value: upTo(1_000, count),
    note: count === 0 ? 'No colleague waits for you' : 'Each runs out after 48 hours',
    href: '/admin/resources/ApprovalRequest?filters.inbox=to_decide',
  };
}

async function privacyRequests({ deps, staff }: PageRequest): Promise<CardAnswer> {
  const count = await queries.countPrivacyWaiting(deps, staff);
  return {
    value: upTo(1_000, count),
    note: count === 0 ? 'Nothing is due' : 'The law gives us 30 days',
    href: '/admin/resources/PrivacyRequest?filters.work=open',
  };
}

function minutesText(minutes: number): string {
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
