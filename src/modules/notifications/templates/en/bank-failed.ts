import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const bankFailed: Template<TemplateVariables['bank_failed']> = ({ bankName, last4, notMeUrl }) => ({
  subject: 'We could not verify your bank account',
  blocks: [
    text(
      `We could not verify the account ending in ${last4} at ${bankName}. Please check that it is in your legal name and add it again, or add another one.`,
    ),
    link('This was not me', notMeUrl),
  ],
  sms: `Fashionistar: we could not verify the account ending in ${last4} at ${bankName}. Please check its name. Not you? ${notMeUrl}`,
});
