import { code, link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const resetLink: Template<TemplateVariables['reset_link']> = ({ code: digits, minutes, link: url, linkMinutes }) => ({
  subject: 'Choose a new Fashionistar password',
  blocks: [
    text(`Open this link to choose a new password. It works once, for ${linkMinutes} minutes:`),
    link('Choose a new password', url),
    text(`Or enter this code where you asked for it, within ${minutes} minutes:`),
    code(digits),
    text('If you did not ask for it, ignore this message: your password stays as it is.'),
  ],
  sms: `${digits} is your Fashionistar password reset code. It works for ${minutes} minutes. Never share it.`,
});
