import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const contactChangedOld: Template<TemplateVariables['contact_changed_old']> = ({ maskedNew, undoUrl, hours }) => ({
  subject: 'The contact of your Fashionistar account has changed',
  blocks: [
    text(`Your Fashionistar account is now reached at ${maskedNew} and no longer here. Every device was signed out.`),
    text(`If you did not ask for this, take it back within ${hours} hours:`),
    link('Take the change back', undoUrl),
  ],
  sms: `Your Fashionistar account moved to ${maskedNew}. Not you? Take it back within ${hours} hours: ${undoUrl}`,
});
