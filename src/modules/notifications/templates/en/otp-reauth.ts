import { code, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const otpReauth: Template<TemplateVariables['otp_reauth']> = ({ code: digits, minutes }) => ({
  subject: `${digits} is your Fashionistar confirmation code`,
  blocks: [
    text('Enter this code to confirm that it is you:'),
    code(digits),
    text(
      `It works for ${minutes} minutes. If you are not changing anything on your account, ignore this message and choose a new password.`,
    ),
  ],
  sms: `${digits} is your Fashionistar confirmation code. It works for ${minutes} minutes. Never share it.`,
});
