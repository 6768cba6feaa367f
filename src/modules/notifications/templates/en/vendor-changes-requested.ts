import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';
import { decisionBlocks } from './decision-words.ts';

export const vendorChangesRequested: Template<TemplateVariables['vendor_changes_requested']> = ({
  storeName,
  reasonText,
  notes,
  notesUrl,
}) => ({
  subject: 'Your store needs some changes',
  blocks: [
    text(`Our reviewers have looked at your store ${storeName}. Please change the following and send it again:`),
    ...decisionBlocks(reasonText, notes),
    link('Change your store', notesUrl),
    text('Next time we look only at what you changed.'),
  ],
  sms: `Fashionistar: your store ${storeName} needs some changes. What to change: ${notesUrl}`,
});
