import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const passwordChanged: Template<TemplateVariables['password_changed']> = ({ at, notMeUrl }) => ({
  subject: 'Your Fashionistar password was changed',
  blocks: [
    text(`The password of your account was changed on ${at}.`),
    text('If you did not do this, tell us at once. We then close your sessions and lock the password:'),
    link('This was not me', notMeUrl),
  ],
  sms: `Your Fashionistar password was changed on ${at}. Not you? ${notMeUrl}`,
});
