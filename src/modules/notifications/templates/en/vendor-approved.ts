import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';
import { decisionBlocks } from './decision-words.ts';

export const vendorApproved: Template<TemplateVariables['vendor_approved']> = ({ storeName, reasonText, url }) => ({
  subject: 'Your store is approved',
  blocks: [
    text(`Welcome to Fashionistar: your store ${storeName} is approved. Your products can go live now, each after a short check.`),
    ...decisionBlocks(reasonText),
    link('Open your store', url),
  ],
  sms: `Fashionistar: your store ${storeName} is approved. Add your products: ${url}`,
});
