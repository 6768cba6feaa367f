import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const recoveryCodeUsed: Template<TemplateVariables['recovery_code_used']> = ({ left, at, notMeUrl }) => ({
  subject: 'A recovery code was used on your Fashionistar account',
  blocks: [
    text(`On ${at} someone signed in to your account with a recovery code. ${left === 1 ? '1 code is' : `${left} codes are`} left.`),
    text('If it was not you, tell us at once:'),
    link('This was not me', notMeUrl),
  ],
  sms: `A recovery code was used on your Fashionistar account (${left} left). Not you? ${notMeUrl}`,
});
