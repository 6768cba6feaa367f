import { type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const staffGrantChanged: Template<TemplateVariables['staff_grant_changed']> = ({ change, role, at }) => ({
  subject: 'Your rights in the Fashionistar back office changed',
  blocks: [
    text(
      `On ${at} the role ${role} was ${change === 'added' ? 'given to you' : change === 'revoked' ? 'taken from you' : 'ended, because its time was over'}.`,
    ),
    text('If you did not expect this, speak to your manager.'),
  ],
  sms: `Your Fashionistar back office role ${role} was ${change} on ${at}.`,
});
