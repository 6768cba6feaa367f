import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const ticketResolved: Template<TemplateVariables['ticket_resolved']> = ({ number, url, isClosed }) => ({
  subject: `Your request ${number} is ${isClosed ? 'closed' : 'resolved'}`,
  blocks: [
    text(
      isClosed
        ? `Your request ${number} is closed. If there is something else, please open a new one.`
        : `We believe that your request ${number} is resolved. If it is not, answer within seven days and we go on with it.`,
    ),
    link(isClosed ? 'See your request' : 'Read and answer', url),
  ],
  sms: `Fashionistar: your request ${number} is ${isClosed ? 'closed' : 'resolved'}: ${url}`,
});
