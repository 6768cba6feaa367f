import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const staffNotice: Template<TemplateVariables['staff_notice']> = ({ title, url }) => ({
  subject: title,
  blocks: [
    text(`${title}.`),
    link('Open it in the back office', url),
    text('What you are told by mail is your choice: Notifications, settings.'),
  ],
  sms: `Fashionistar back office: ${title}. ${url}`,
});
