import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const contactChangeUndone: Template<TemplateVariables['contact_change_undone']> = ({ at, supportUrl }) => ({
  subject: 'The change of your Fashionistar contact was taken back',
  blocks: [
    text(`On ${at} the holder of the earlier contact took the change back. The account uses the earlier contact again.`),
    text('Every device was signed out and our team has an urgent case. If this surprises you, tell us:'),
    link('Contact support', supportUrl),
  ],
  sms: `The change of your Fashionistar contact was taken back; the earlier contact is in use again. Questions? ${supportUrl}`,
});
