import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const resetUseGoogle: Template<TemplateVariables['reset_use_google']> = ({ signInUrl }) => ({
  subject: 'Sign in to Fashionistar with Google',
  blocks: [
    text('You asked for a new password, but your account has none: you sign in with Google.'),
    link('Sign in', signInUrl),
    text('If you did not ask for it, ignore this message.'),
  ],
  sms: `Your Fashionistar account has no password: you sign in with Google. ${signInUrl}`,
});
