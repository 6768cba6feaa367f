import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const privacyEraseScheduled: Template<TemplateVariables['privacy_erase_scheduled']> = ({ dueDate, cancelUrl }) => ({
  subject: 'Your Fashionistar account is going to be erased',
  blocks: [
    text(`You asked us to erase your account and your data. We will do so after ${dueDate}, once our team has checked the request.`),
    text('Until then everything stays as it is, and you can change your mind:'),
    link('Keep my account', cancelUrl),
    text('If you did not ask for this, keep your account and change your password.'),
  ],
  sms: `You asked us to erase your Fashionistar account after ${dueDate}. Changed your mind, or not you? ${cancelUrl}`,
});
