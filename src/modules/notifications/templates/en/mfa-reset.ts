import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const mfaReset: Template<TemplateVariables['mfa_reset']> = ({ factor, at, notMeUrl }) => ({
  subject: 'Our team removed two-step sign-in from your Fashionistar account',
  blocks: [
    text(`On ${at} two members of our team removed this second step at your request: ${factor}.`),
    text('Set it up again after your next sign-in. If you did not ask for this, tell us at once:'),
    link('This was not me', notMeUrl),
  ],
  sms: `Our team removed two-step sign-in from your Fashionistar account. Not asked for? ${notMeUrl}`,
});
