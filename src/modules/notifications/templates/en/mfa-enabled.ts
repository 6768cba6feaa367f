import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const mfaEnabled: Template<TemplateVariables['mfa_enabled']> = ({ factor, at, notMeUrl }) => ({
  subject: 'Two-step sign-in is on for your Fashionistar account',
  blocks: [
    text(`On ${at} this second step was added to your account: ${factor}.`),
    text('From now on signing in asks for it. If you did not do this, tell us at once:'),
    link('This was not me', notMeUrl),
  ],
  sms: `Two-step sign-in (${factor}) is now on for your Fashionistar account. Not you? ${notMeUrl}`,
});
