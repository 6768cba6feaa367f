import { fill } from '../../../foundation/i18n/fill.ts';
import type { TicketCategory } from './ticket-state.ts';

/** A reply that is written often. `{firstName}`, `{number}`, `{title}` and `{agent}` stand for what their ticket holds. */
export type Macro = { id: string; title: string; body: string; categories: readonly TicketCategory[] | null };

const everyCategory = null;

/** Reviewed like code: what thousands of customers read. The ones of the ticket's category are offered first. */
export const macros: readonly Macro[] = [
  {
    id: 'looking',
    title: 'We are looking into it',
    categories: everyCategory,
    body: 'Hello {firstName},\n\nthank you for writing to us. We are looking into your request {number} and will come back to you here.\n\n{agent}\nFashionistar support',
  },
  {
    id: 'more_details',
    title: 'Ask for details',
    categories: everyCategory,
    body: 'Hello {firstName},\n\nto help you with {number} we need a little more: what did you do, what did you expect, and what happened instead? A screenshot helps. Please never send a password or a code.\n\n{agent}',
  },
  {
    id: 'unlocked',
    title: 'Account unlocked',
    categories: ['account_access'],
    body: 'Hello {firstName},\n\nyour account is unlocked. You can sign in again now. If the attempts before were not yours, please choose a new password.\n\n{agent}',
  },
  {
    id: 'no_code',
    title: 'Code did not arrive',
    categories: ['account_access'],
    body: 'Hello {firstName},\n\nwe have sent you a new code. It can take a minute; please look into your spam folder too. The earlier code no longer works. We will never ask you for the code.\n\n{agent}',
  },
  {
    id: 'order_asked_vendor',
    title: 'We asked the vendor',
    categories: ['order_dispute', 'product_complaint', 'delivery_problem', 'measurement_issue'],
    body: 'Hello {firstName},\n\nwe have asked the vendor about your request {number} and will tell you as soon as they answer. You need not do anything meanwhile.\n\n{agent}',
  },
  {
    id: 'delivery_late',
    title: 'Delivery is late',
    categories: ['delivery_problem'],
    body: 'Hello {firstName},\n\nwe are sorry that your parcel is late. We have asked the carrier where it is and will write to you here with a new date.\n\n{agent}',
  },
  {
    id: 'refund_started',
    title: 'Refund is on its way',
    categories: ['refund_request', 'payment_issue'],
    body: 'Hello {firstName},\n\nyour refund is on its way. Depending on your bank it takes three to ten working days. The reference is {number}.\n\n{agent}',
  },
  {
    id: 'measurements',
    title: 'How to measure',
    categories: ['measurement_issue'],
    body: 'Hello {firstName},\n\nplease measure over light clothing with the tape held level, and write the figures in centimetres: chest, waist, hips, and length from shoulder to hem. We pass them on to the tailor.\n\n{agent}',
  },
  {
    id: 'privacy',
    title: 'Your data rights',
    categories: ['privacy'],
    body: 'Hello {firstName},\n\nyou can ask for a copy of your data, or for its erasure, in your account under Privacy. If you cannot sign in, answer here and we will start it for you.\n\n{agent}',
  },
  {
    id: 'solved',
    title: 'Solved: anything else?',
    categories: everyCategory,
    body: 'Hello {firstName},\n\nwe believe that {number} is solved. If it is not, just answer here within seven days and we go on with it.\n\n{agent}\nFashionistar support',
  },
];

export type FilledMacro = { id: string; title: string; body: string; isOfCategory: boolean };

/** The macros with the words of one ticket in them, those of its category first. */
export function filledMacros(
  category: TicketCategory,
  values: { firstName: string | null; number: string; title: string; agent: string },
): FilledMacro[] {
  const words = { ...values, firstName: values.firstName ?? 'there' };
  return macros
    .filter((macro) => macro.categories === null || macro.categories.includes(category))
    .map(({ id, title, body, categories }) => ({ id, title, body: fill(body, words), isOfCategory: categories !== null }))
    .toSorted((a, b) => Number(b.isOfCategory) - Number(a.isOfCategory));
}
