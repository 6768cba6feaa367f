import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const accountUnlocked: Template<TemplateVariables['account_unlocked']> = ({ signInUrl, supportUrl }) => ({
  subject: 'You can sign in to Fashionistar again',
  blocks: [
    text('Our support team lifted the pause on your account. You can sign in now:'),
    link('Sign in', signInUrl),
    text('If you did not ask us for help, let us know:'),
    link('Contact support', supportUrl),
  ],
  sms: `You can sign in to Fashionistar again. Did not ask for this? ${supportUrl}`,
});
