import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const mfaDisabled: Template<TemplateVariables['mfa_disabled']> = ({ factor, at, notMeUrl }) => ({
  subject: 'Two-step sign-in was switched off for your Fashionistar account',
  blocks: [
    text(`On ${at} this second step was removed from your account: ${factor}.`),
    text('If you did not do this, tell us at once:'),
    link('This was not me', notMeUrl),
  ],
  sms: `Two-step sign-in (${factor}) was switched off for your Fashionistar account. Not you? ${notMeUrl}`,
});
