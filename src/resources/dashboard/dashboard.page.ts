import { defineDashboard } from '../../admin/index.ts';
import { auditCards, ownCards } from './audit-cards.ts';
import { peopleCards } from './people-cards.ts';
import { reviewCards } from './review-cards.ts';
import { systemCards } from './system-cards.ts';
import { ticketCards } from './ticket-cards.ts';

/** What waits and what is out of the ordinary, by role; each number opens the list behind it. */
export const dashboard = defineDashboard([...ticketCards, ...reviewCards, ...peopleCards, ...auditCards, ...systemCards, ...ownCards]);
