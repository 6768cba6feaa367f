import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const ticketReply: Template<TemplateVariables['ticket_reply']> = ({ number, url }) => ({
  subject: `A reply to your request ${number}`,
  blocks: [
    text(`We have written to you in your request ${number}.`),
    link('Read and answer', url),
    text('Please answer there: mail to this address is not read.'),
  ],
  sms: `Fashionistar: a reply to your request ${number}: ${url}`,
});
