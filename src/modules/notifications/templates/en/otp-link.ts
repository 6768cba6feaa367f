import { code, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const otpLink: Template<TemplateVariables['otp_link']> = ({ code: digits, minutes }) => ({
  subject: `${digits} links your sign-in at Fashionistar`,
  blocks: [
    text('Someone signed in with an outside account that has your address. If that was you, enter this code to link it to your account:'),
    code(digits),
    text(`It works for ${minutes} minutes. If it was not you, ignore this message: nothing is linked without the code.`),
  ],
  sms: `${digits} links your sign-in at Fashionistar. It works for ${minutes} minutes. Never share it.`,
});
