import { z } from 'zod';
import { actorOfAction } from '../../../audit/index.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { noticeFacts, type TicketFacts } from '../../support/index.ts';
import { stillThere, whoMay } from './audience.ts';
import type { NoticeKind } from './notice-kinds.ts';
import { inWords, type NoticeRule, noticeRule, type PlannedNotice } from './notice-rule.ts';

const ofTicket = z.object({ ticketId: z.uuid(), assigneeId: z.uuid().nullish() });
type About = { ticket: TicketFacts; actionId: string | null; deps: CommandDeps; assigneeId: string | null };

/** A rule of tickets: loads the ticket, leaves out whoever did it, and says nothing where nobody is left. */
function ticketRule(
  kind: NoticeKind,
  title: (ticket: TicketFacts) => string,
  audience: (about: About) => Promise<readonly string[]>,
): NoticeRule {
  return noticeRule(ofTicket, async ({ payload, actionId }, deps): Promise<readonly PlannedNotice[]> => {
    const ticket = await noticeFacts.ticketFacts(deps, payload.ticketId);
    if (!ticket) return [];
    const doer = actionId ? await actorOfAction(deps, actionId) : null;
    const told = await audience({ ticket, actionId, deps, assigneeId: payload.assigneeId ?? ticket.assignedTo });
    const to = told.filter((id) => id !== doer);
    return [{ kind, title: title(ticket), resource: 'Ticket', recordId: ticket.id, to }];
  });
}

const assignee = ({ deps, assigneeId }: About) => stillThere(deps, [assigneeId]);
const leads = ({ deps }: About) => whoMay(deps, { permission: 'ticket.answer_escalation' });
/** Nobody holds it: those who lead the queue see to it. */
const assigneeElseLeads = async (about: About) => (about.assigneeId ? assignee(about) : leads(about));
const assigneeAndLeads = async (about: About) => [...new Set([...(await assignee(about)), ...(await leads(about))])];
const escalatedTo = async (about: About) => (about.ticket.escalatedTo ? stillThere(about.deps, [about.ticket.escalatedTo]) : leads(about));

const escalatedBy = ({ deps, ticket }: About) => stillThere(deps, [ticket.escalatedBy]);

const described = ({ category, priority }: TicketFacts) => `${inWords(category)}, ${priority}`;

export const ticketNotices: Readonly<Record<string, NoticeRule>> = {
  'support.ticket.assigned': ticketRule('assigned', (ticket) => `Ticket ${ticket.number} is yours now (${described(ticket)})`, assignee),
  'support.ticket.escalated': ticketRule(
    'assigned',
    (ticket) => `Ticket ${ticket.number} was escalated (${described(ticket)})`,
    escalatedTo,
  ),
  'support.ticket.escalation_answered': ticketRule(
    'approval_result',
    ({ number }) => `Ticket ${number}: a lead answered your escalation`,
    escalatedBy,
  ),
  'support.ticket.customer_replied': ticketRule('customer_replied', ({ number }) => `Ticket ${number}: the customer replied`, assignee),
  'support.ticket.reopened': ticketRule('customer_replied', ({ number }) => `Ticket ${number} was opened again by a reply`, assignee),
  'support.ticket.sla_at_risk': ticketRule(
    'sla_at_risk',
    (ticket) => `Ticket ${ticket.number} is due soon (${described(ticket)})`,
    assigneeElseLeads,
  ),
  'support.ticket.sla_breached': ticketRule(
    'sla_breached',
    (ticket) => `Ticket ${ticket.number} is late (${described(ticket)})`,
    assigneeAndLeads,
  ),
};
