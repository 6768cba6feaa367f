import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';
import { privacyAsk } from './privacy-ask.ts';

export const privacyExtended: Template<TemplateVariables['privacy_extended']> = ({ kind, dueDate, text: why, supportUrl }) => ({
  subject: 'Your request about your Fashionistar data takes longer',
  blocks: [
    text(`Your request ${privacyAsk[kind]} takes longer than we thought. You will have our answer by ${dueDate}.`),
    text(why),
    text('You can ask us about it, and you can complain to the data protection authority:'),
    link('Ask our team', supportUrl),
  ],
  sms: `Your request about your Fashionistar data takes longer: we answer by ${dueDate}. Questions? ${supportUrl}`,
});
