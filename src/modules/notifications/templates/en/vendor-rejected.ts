import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';
import { decisionBlocks } from './decision-words.ts';

export const vendorRejected: Template<TemplateVariables['vendor_rejected']> = ({ storeName, reasonText, notes, supportUrl }) => ({
  subject: 'We cannot accept your store',
  blocks: [
    text(`Our reviewers have looked at your store ${storeName}. We cannot accept it:`),
    ...decisionBlocks(reasonText, notes),
    text('If you think that this is wrong, write to us and another person looks at it again.'),
    link('Write to us', supportUrl),
  ],
  sms: `Fashionistar: we cannot accept your store ${storeName}. Sign in to read why. If you think it is wrong: ${supportUrl}`,
});
