import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const bankVerified: Template<TemplateVariables['bank_verified']> = ({ bankName, last4, notMeUrl }) => ({
  subject: 'Your bank account is verified',
  blocks: [
    text(`The account ending in ${last4} at ${bankName} is verified. Your earnings can be paid out to it.`),
    link('This was not me', notMeUrl),
  ],
  sms: `Fashionistar: the account ending in ${last4} at ${bankName} is verified for payouts. Not you? ${notMeUrl}`,
});
