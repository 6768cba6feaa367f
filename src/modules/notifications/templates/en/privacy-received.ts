import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';
import { privacyAsk } from './privacy-ask.ts';

export const privacyReceived: Template<TemplateVariables['privacy_received']> = ({ kind, dueDate, supportUrl }) => ({
  subject: 'We received your request about your Fashionistar data',
  blocks: [
    text(`We received your request ${privacyAsk[kind]}. You will have our answer by ${dueDate}.`),
    text('If you did not ask for this, tell us:'),
    link('Contact support', supportUrl),
  ],
  sms: `We received your request about your Fashionistar data and answer by ${dueDate}. Not you? ${supportUrl}`,
});
