import { code, link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const otpRegister: Template<TemplateVariables['otp_register']> = ({ code: digits, minutes, link: url }) => ({
  subject: `${digits} is your Fashionistar sign-up code`,
  blocks: [
    text('Welcome to Fashionistar. Enter this code to finish creating your account:'),
    code(digits),
    ...(url ? [text('Or open this link and type the password you chose:'), link('Confirm my address', url)] : []),
    text(`The code works for ${minutes} minutes. If you did not sign up, ignore this message: no account is made without it.`),
  ],
  sms: `${digits} is your Fashionistar sign-up code. It works for ${minutes} minutes. Never share it.`,
});
