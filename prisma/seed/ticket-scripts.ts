import type { TicketLine } from '../../src/modules/support/index.ts';

type Category = TicketLine['category'];

/** Where a demo ticket stands, and how it came there. */
export type TicketScript = {
  category: Category;
  title: string;
  body: string;
  hoursAgo: number;
  priority: 'low' | 'medium' | 'high' | 'urgent';
  ends: 'open' | 'drafted' | 'escalated' | 'in_progress' | 'awaiting_customer' | 'awaiting_vendor' | 'resolved' | 'closed' | 'merged';
  tags?: readonly string[];
};

const open = (category: Category, hoursAgo: number, priority: TicketScript['priority'], title: string, body: string): TicketScript => ({
  ...{ category, hoursAgo, priority, title, body },
  ends: 'open',
});
const over = (ends: TicketScript['ends'], category: Category, hoursAgo: number, title: string, body: string): TicketScript => ({
  ...{ category, hoursAgo, title, body, ends },
  priority: 'medium',
});

/**
 * Thirty tickets over every category and status (product.md section 10). The first three have missed their first response, the next
 * three have used more than four fifths of the time for it.
 */
export const ticketScripts: readonly TicketScript[] = [
  open(
    'account_access',
    1.2,
    'urgent',
    'I cannot sign in since this morning',
    'It says too many attempts. I have an order to confirm today.',
  ),
  open('payment_issue', 5, 'high', 'Charged twice for one order', 'My bank shows the same amount two times.'),
  {
    ...open(
      'delivery_problem',
      11,
      'medium',
      'Parcel marked as delivered, but not here',
      'Nobody rang. My neighbours have nothing either.',
    ),
    ends: 'escalated',
  },
  open('refund_request', 21, 'low', 'Refund of a cancelled dress', 'I cancelled within an hour. When do I get the money back?'),
  {
    ...open(
      'measurement_issue',
      20.5,
      'low',
      'Shoulder is two fingers too wide',
      'I sent the measures in centimetres, the tailor used inches.',
    ),
    ends: 'drafted',
  },
  open('general', 22, 'low', 'Do you ship to Accra?', 'I want to order for my sister, she lives in Ghana.'),
  { ...open('order_dispute', 2, 'medium', 'Another colour than on the photo', 'I ordered burgundy and got red.'), tags: ['photo'] },
  open('product_complaint', 1, 'medium', 'The zip broke on the first day', 'It came off when I closed it.'),
  {
    ...open(
      'vendor_conduct',
      3,
      'medium',
      'The seller wants to be paid outside the shop',
      'He asked me to send the money to his own account.',
    ),
    ends: 'drafted',
  },
  { ...open('privacy', 4, 'medium', 'Which data do you have about me?', 'I would like to have a copy.'), tags: ['export'] },
  over('in_progress', 'account_access', 3, 'The code never arrives', 'I waited for an hour, no message came.'),
  over('in_progress', 'order_dispute', 5, 'Half of the order is missing', 'Three pieces were paid, two came.'),
  over('in_progress', 'payment_issue', 4, 'Card is refused, but it works elsewhere', 'I tried two cards.'),
  over('in_progress', 'vendor_conduct', 6, 'Rude answer from a shop', 'I only asked when it would be sent.'),
  over('awaiting_customer', 'measurement_issue', 26, 'How do I measure my hips?', 'The picture does not show it well.'),
  over('awaiting_customer', 'delivery_problem', 30, 'Wrong address on the parcel', 'I moved in September.'),
  over('awaiting_customer', 'product_complaint', 28, 'The lace is torn', 'There is a hole near the seam.'),
  over('awaiting_customer', 'general', 50, 'Can I change my name here?', 'I am married now.'),
  over('awaiting_vendor', 'order_dispute', 32, 'Tailor needs two more weeks', 'The wedding is on Saturday.'),
  over('awaiting_vendor', 'delivery_problem', 29, 'The seller did not send it yet', 'It says "packed" since Monday.'),
  over('awaiting_vendor', 'refund_request', 40, 'Seller does not answer about the return', 'I wrote three times.'),
  over('resolved', 'account_access', 60, 'New phone, the old authenticator is gone', 'What can I do?'),
  over('resolved', 'payment_issue', 70, 'Voucher does not work', 'It says it is used.'),
  over('resolved', 'refund_request', 80, 'Refund came, thank you', 'But it is 200 naira short.'),
  over('resolved', 'general', 66, 'How do I delete a saved address?', 'I do not find the button.'),
  over('resolved', 'measurement_issue', 90, 'Sleeves too long', 'By about five centimetres.'),
  over('closed', 'product_complaint', 240, 'Smells of smoke', 'The whole box does.'),
  over('closed', 'privacy', 260, 'Please send no more advertising', 'I get it by SMS.'),
  over('closed', 'vendor_conduct', 280, 'Shop copies my design', 'I have the sketches with dates.'),
  over('merged', 'payment_issue', 1, 'Charged twice!!', 'Nobody answers.'),
];
