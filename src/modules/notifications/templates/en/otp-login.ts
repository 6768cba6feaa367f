import { code, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const otpLogin: Template<TemplateVariables['otp_login']> = ({ code: digits, minutes }) => ({
  subject: `${digits} is your Fashionistar sign-in code`,
  blocks: [
    text('Enter this code to sign in:'),
    code(digits),
    text(`It works for ${minutes} minutes. We never ask for it by phone or chat. If you are not signing in, ignore this message.`),
  ],
  sms: `${digits} is your Fashionistar sign-in code. It works for ${minutes} minutes. Never share it.`,
});
