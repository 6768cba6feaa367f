import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const ticketReceived: Template<TemplateVariables['ticket_received']> = ({ number, url }) => ({
  subject: `We have your request ${number}`,
  blocks: [
    text(`Thank you for writing to us. Your request has the number ${number}. We answer there and tell you by this way.`),
    link('See your request', url),
    text('We never ask for a password or a code.'),
  ],
  sms: `Fashionistar: we have your request ${number}. ${url}`,
});
