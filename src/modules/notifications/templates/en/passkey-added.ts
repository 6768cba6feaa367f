import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const passkeyAdded: Template<TemplateVariables['passkey_added']> = ({ factor, at, notMeUrl }) => ({
  subject: 'A passkey was added to your Fashionistar account',
  blocks: [
    text(`On ${at} this passkey was added to your account: ${factor}. It can be used to sign in.`),
    text('If you did not do this, tell us at once:'),
    link('This was not me', notMeUrl),
  ],
  sms: `A passkey was added to your Fashionistar account. Not you? ${notMeUrl}`,
});
