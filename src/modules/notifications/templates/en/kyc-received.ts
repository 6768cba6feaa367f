import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const kycReceived: Template<TemplateVariables['kyc_received']> = ({ url }) => ({
  subject: 'We have your documents',
  blocks: [
    text('Thank you, your documents have arrived. Two of our reviewers look at them; we write to you within two days.'),
    text('They are stored encrypted, and every time that somebody opens one is recorded.'),
    link('See where it stands', url),
  ],
  sms: `Fashionistar: we have your documents and write to you within two days. ${url}`,
});
