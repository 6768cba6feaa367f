import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const privacyRefused: Template<TemplateVariables['privacy_refused']> = ({ supportUrl }) => ({
  subject: 'Your Fashionistar account was not erased',
  blocks: [
    text('We looked into your request to erase your account and could not carry it out. Your account stays as it is.'),
    text('You can ask us why, and you can complain to the data protection authority:'),
    link('Ask our team', supportUrl),
  ],
  sms: `We could not carry out your request to erase your Fashionistar account. Ask us why: ${supportUrl}`,
});
