import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';
import { decisionBlocks } from './decision-words.ts';

export const productPublished: Template<TemplateVariables['product_published']> = ({ title, isChange, reasonText, url }) => ({
  subject: isChange ? `Your change is live: ${title}` : `Your product is live: ${title}`,
  blocks: [
    text(isChange ? `Our reviewers accepted your change of "${title}".` : `Your product "${title}" is in the shop now.`),
    ...decisionBlocks(reasonText),
    link('See it in the shop', url),
  ],
  sms: `Fashionistar: ${isChange ? 'your change is live' : 'your product is live'}: "${title}" ${url}`,
});
