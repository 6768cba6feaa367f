import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const bankChanged: Template<TemplateVariables['bank_changed']> = ({ bankName, last4, isRemoved, notMeUrl }) => ({
  subject: isRemoved ? 'A bank account was removed from your store' : 'Your payout account was changed',
  blocks: [
    text(
      isRemoved
        ? `The account ending in ${last4} at ${bankName} was removed from your store. Nothing is paid out to it any more.`
        : `From now on your earnings are paid out to the account ending in ${last4} at ${bankName}.`,
    ),
    link('This was not me', notMeUrl),
  ],
  sms: isRemoved
    ? `Fashionistar: the account ending in ${last4} at ${bankName} was removed from your store. Not you? ${notMeUrl}`
    : `Fashionistar: your earnings now go to the account ending in ${last4} at ${bankName}. Not you? ${notMeUrl}`,
});
