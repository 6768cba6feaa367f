import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';
import { decisionBlocks } from './decision-words.ts';

export const vendorSuspended: Template<TemplateVariables['vendor_suspended']> = ({ storeName, reasonText, supportUrl }) => ({
  subject: 'Your store is suspended',
  blocks: [
    text(`Your store ${storeName} is suspended: its products are no longer shown.`),
    ...decisionBlocks(reasonText),
    text('You can still sign in. If you think that this is wrong, write to us.'),
    link('Write to us', supportUrl),
  ],
  sms: `Fashionistar: your store ${storeName} is suspended and its products are not shown. Questions: ${supportUrl}`,
});
