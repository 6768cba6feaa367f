import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const bankAdded: Template<TemplateVariables['bank_added']> = ({ bankName, last4, notMeUrl }) => ({
  subject: 'A bank account was added to your store',
  blocks: [
    text(`The account ending in ${last4} at ${bankName} was added to your store. We check it before anything is paid out to it.`),
    link('This was not me', notMeUrl),
  ],
  sms: `Fashionistar: the account ending in ${last4} at ${bankName} was added to your store. Not you? ${notMeUrl}`,
});
