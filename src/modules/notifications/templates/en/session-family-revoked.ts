import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const sessionFamilyRevoked: Template<TemplateVariables['session_family_revoked']> = ({ device, place, at, notMeUrl }) => ({
  subject: 'We signed out one of your Fashionistar sessions',
  blocks: [
    text(`On ${at} an old key of one of your sessions was used a second time, which can mean that it was copied. We ended that session:`),
    text(`${device}, ${place}`),
    text('Sign in again to go on. If you do not know this device, tell us at once:'),
    link('This was not me', notMeUrl),
  ],
  sms: `We ended a Fashionistar session (${device}) because its key was used twice. Not you? ${notMeUrl}`,
});
