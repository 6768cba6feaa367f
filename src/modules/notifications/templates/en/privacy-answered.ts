import { link, type Template, text } from '../../template.ts';
import type { PrivacyKind, TemplateVariables } from '../variables.ts';

const done: Readonly<Record<PrivacyKind, string>> = {
  export: 'The copy of your data is ready in your account.',
  erase: 'Your account is erased.',
  restrict: 'As you asked, we keep your data and do not use it any more, except to answer you.',
  object: 'As you asked, we do not use your data any more for the purposes you named.',
  rectify: 'As you asked, we corrected what we hold about you:',
};

export const privacyAnswered: Template<TemplateVariables['privacy_answered']> = ({ kind, text: words, supportUrl }) => ({
  subject: 'Your request about your Fashionistar data is done',
  blocks: [
    text(done[kind]),
    ...(words === null ? [] : [text(words)]),
    text('If something is missing, tell us:'),
    link('Contact support', supportUrl),
  ],
  sms: `Your request about your Fashionistar data is done. Questions? ${supportUrl}`,
});
