import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';
import { decisionBlocks } from './decision-words.ts';

export const productChangesRequested: Template<TemplateVariables['product_changes_requested']> = ({ title, reasonText, notes, url }) => ({
  subject: `Please change your product: ${title}`,
  blocks: [
    text(`Our reviewers have looked at "${title}". Please change the following and send it again:`),
    ...decisionBlocks(reasonText, notes),
    link('Change the product', url),
  ],
  sms: `Fashionistar: "${title}" needs some changes before it goes live: ${url}`,
});
