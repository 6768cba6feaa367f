import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';
import { decisionBlocks } from './decision-words.ts';

export const productRejected: Template<TemplateVariables['product_rejected']> = ({ title, isChange, reasonText, notes, url }) => ({
  subject: isChange ? `We cannot accept your change: ${title}` : `We cannot accept your product: ${title}`,
  blocks: [
    text(
      isChange
        ? `Our reviewers did not accept your change of "${title}". The product stays in the shop as it was.`
        : `Our reviewers have looked at "${title}". It does not go live:`,
    ),
    ...decisionBlocks(reasonText, notes),
    link('See the product', url),
  ],
  sms: `Fashionistar: we cannot accept ${isChange ? 'your change of ' : ''}"${title}". Why: ${url}`,
});
