import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const accountLocked: Template<TemplateVariables['account_locked']> = ({ until, resetUrl }) => ({
  subject: 'Sign-in to your Fashionistar account is paused',
  blocks: [
    text(`There were too many failed sign-ins to your account from devices you do not use. Such devices must wait until ${until}.`),
    text('Devices you have signed in with before still work. If you forgot your password, choose a new one:'),
    link('Choose a new password', resetUrl),
  ],
  sms: `Too many failed sign-ins to your Fashionistar account: new devices wait until ${until}. Your own devices still work.`,
});
