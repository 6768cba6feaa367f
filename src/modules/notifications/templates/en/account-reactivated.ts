import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const accountReactivated: Template<TemplateVariables['account_reactivated']> = ({ signInUrl }) => ({
  subject: 'Your Fashionistar account is active again',
  blocks: [text('Your account is active again. Thank you for your patience.'), link('Sign in', signInUrl)],
  sms: `Your Fashionistar account is active again. Sign in: ${signInUrl}`,
});
