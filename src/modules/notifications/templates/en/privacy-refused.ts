import { link, type Template, text } from '../../template.ts';
import type { PrivacyKind, TemplateVariables } from '../variables.ts';
import { privacyAsk } from './privacy-ask.ts';

const subjects: Readonly<Record<PrivacyKind, string>> = {
  erase: 'Your Fashionistar account was not erased',
  export: 'Your request for your Fashionistar data was refused',
  restrict: 'Your request about your Fashionistar data was refused',
  object: 'Your request about your Fashionistar data was refused',
  rectify: 'Your request about your Fashionistar data was refused',
};

export const privacyRefused: Template<TemplateVariables['privacy_refused']> = ({ kind, text: words, supportUrl }) => ({
  subject: subjects[kind],
  blocks: [
    text(
      kind === 'erase'
        ? 'We looked into your request to erase your account and could not carry it out. Your account stays as it is.'
        : `We looked into your request ${privacyAsk[kind]} and could not carry it out.`,
    ),
    ...(words === null ? [] : [text(words)]),
    text('You can ask us why, and you can complain to the data protection authority:'),
    link('Ask our team', supportUrl),
  ],
  sms:
    kind === 'erase'
      ? `We could not carry out your request to erase your Fashionistar account. Ask us why: ${supportUrl}`
      : `We could not carry out your request about your Fashionistar data. Ask us why: ${supportUrl}`,
});
