import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const eraseCancelled: Template<TemplateVariables['erase_cancelled']> = ({ at, supportUrl }) => ({
  subject: 'Your Fashionistar account stays',
  blocks: [
    text(`The erasure of your account was called off on ${at}. Nothing was deleted.`),
    text('If it was not you who called it off, let us know:'),
    link('Contact support', supportUrl),
  ],
  sms: `The erasure of your Fashionistar account was called off. Not you? ${supportUrl}`,
});
