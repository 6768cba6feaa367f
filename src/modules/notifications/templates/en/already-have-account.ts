import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const alreadyHaveAccount: Template<TemplateVariables['already_have_account']> = ({ signInUrl, resetUrl }) => ({
  subject: 'You already have a Fashionistar account',
  blocks: [
    text('Someone tried to sign up with this contact, which already has an account. Nothing was changed.'),
    text('If it was you, sign in:'),
    link('Sign in', signInUrl),
    text('If you do not remember your password, choose a new one:'),
    link('Choose a new password', resetUrl),
  ],
  sms: `You already have a Fashionistar account. Sign in: ${signInUrl}`,
});
