import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';
import { decisionBlocks } from './decision-words.ts';

export const productTakenDown: Template<TemplateVariables['product_taken_down']> = ({ title, isArchived, reasonText, url }) => ({
  subject: isArchived ? `Your product was moved to the archive: ${title}` : `Your product was taken down: ${title}`,
  blocks: [
    text(
      isArchived
        ? `Our team moved "${title}" to your archive. It is no longer in the shop.`
        : `Our team took "${title}" down. It is no longer in the shop.`,
    ),
    ...decisionBlocks(reasonText),
    text('You may change it and send it for review again.'),
    link('See the product', url),
  ],
  sms: `Fashionistar: "${title}" is no longer in the shop. Why: ${url}`,
});
