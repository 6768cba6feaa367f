import { code, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const otpReset: Template<TemplateVariables['otp_reset']> = ({ code: digits, minutes }) => ({
  subject: `${digits} is your Fashionistar password reset code`,
  blocks: [
    text('Enter this code to choose a new password:'),
    code(digits),
    text(`It works for ${minutes} minutes. If you did not ask for it, ignore this message: your password stays as it is.`),
  ],
  sms: `${digits} is your Fashionistar password reset code. It works for ${minutes} minutes. Never share it.`,
});
