import { type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const staffDisabled: Template<TemplateVariables['staff_disabled']> = ({ at }) => ({
  subject: 'Your access to the Fashionistar back office has ended',
  blocks: [
    text(`Your access to the back office ended on ${at}. Your sessions were closed and your roles removed.`),
    text('Questions? Speak to your manager.'),
  ],
  sms: `Your access to the Fashionistar back office ended on ${at}.`,
});
