import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const profileEditedByStaff: Template<TemplateVariables['profile_edited_by_staff']> = ({ fields, supportUrl }) => ({
  subject: 'Our team corrected your Fashionistar profile',
  blocks: [
    text(`A member of our team changed this on your profile: ${fields.join(', ')}.`),
    text('If you did not expect this, let us know:'),
    link('Contact support', supportUrl),
  ],
  sms: `Our team changed your Fashionistar profile (${fields.join(', ')}). Questions? ${supportUrl}`,
});
