import { type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const contactChangedNew: Template<TemplateVariables['contact_changed_new']> = ({ maskedOld }) => ({
  subject: 'This is now the contact of your Fashionistar account',
  blocks: [
    text(`Your Fashionistar account is now reached here${maskedOld ? ` and no longer at ${maskedOld}` : ''}.`),
    text('Every device was signed out. Sign in with this contact from now on.'),
  ],
  sms: `Your Fashionistar account is now reached here${maskedOld ? ` and no longer at ${maskedOld}` : ''}. Sign in with this contact from now on.`,
});
