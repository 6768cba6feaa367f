import { code, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const otpContactChange: Template<TemplateVariables['otp_contact_change']> = ({ code: digits, minutes }) => ({
  subject: `${digits} confirms your new contact at Fashionistar`,
  blocks: [
    text('Enter this code to make this your contact at Fashionistar:'),
    code(digits),
    text(`It works for ${minutes} minutes. If you did not ask for this change, ignore this message: nothing changes without the code.`),
  ],
  sms: `${digits} confirms your new contact at Fashionistar. It works for ${minutes} minutes. Never share it.`,
});
