import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const accountSuspended: Template<TemplateVariables['account_suspended']> = ({ reasonText, appealUrl }) => ({
  subject: 'Your Fashionistar account is suspended',
  blocks: [
    text('We suspended your account, and you cannot sign in for now.'),
    text(`Reason: ${reasonText}`),
    text('If you think this is wrong, ask us to look again:'),
    link('Ask for a review', appealUrl),
  ],
  sms: `Your Fashionistar account is suspended: ${reasonText} Ask for a review: ${appealUrl}`,
});
