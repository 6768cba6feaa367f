import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const providerLinked: Template<TemplateVariables['provider_linked']> = ({ provider, at, notMeUrl }) => ({
  subject: `A ${provider} account was linked to your Fashionistar account`,
  blocks: [
    text(`On ${at} a ${provider} account was linked to your account. It can be used to sign in.`),
    text('If you did not do this, tell us at once:'),
    link('This was not me', notMeUrl),
  ],
  sms: `A ${provider} account was linked to your Fashionistar account. Not you? ${notMeUrl}`,
});
