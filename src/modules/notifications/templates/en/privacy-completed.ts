import { type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const privacyCompleted: Template<TemplateVariables['privacy_completed']> = ({ memberId, at }) => ({
  subject: 'Your Fashionistar account is being erased',
  blocks: [
    text(`As you asked, we are erasing your account ${memberId} and your data now (${at}). This message is the receipt.`),
    text(
      'Your contact, name, addresses, files and sign-in methods are destroyed. What the law wants kept, such as that you consented, stays without your name.',
    ),
    text('This is the last message to you. You can register anew at any time.'),
  ],
  sms: `Your Fashionistar account ${memberId} and your data are being erased now, as you asked. This is the last message to you.`,
});
