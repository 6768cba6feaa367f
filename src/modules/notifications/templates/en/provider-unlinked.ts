import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const providerUnlinked: Template<TemplateVariables['provider_unlinked']> = ({ provider, at, notMeUrl }) => ({
  subject: `A ${provider} account was unlinked from your Fashionistar account`,
  blocks: [
    text(`On ${at} a ${provider} account was unlinked from your account. It can no longer be used to sign in.`),
    text('If you did not do this, tell us at once:'),
    link('This was not me', notMeUrl),
  ],
  sms: `A ${provider} account was unlinked from your Fashionistar account. Not you? ${notMeUrl}`,
});
