import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const passkeyRemoved: Template<TemplateVariables['passkey_removed']> = ({ factor, at, notMeUrl }) => ({
  subject: 'A passkey was removed from your Fashionistar account',
  blocks: [
    text(`On ${at} this passkey was removed from your account: ${factor}.`),
    text('If you did not do this, tell us at once:'),
    link('This was not me', notMeUrl),
  ],
  sms: `A passkey was removed from your Fashionistar account. Not you? ${notMeUrl}`,
});
