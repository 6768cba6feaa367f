import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const vendorClosed: Template<TemplateVariables['vendor_closed']> = ({ storeName, supportUrl }) => ({
  subject: 'Your store is closed',
  blocks: [
    text(`Your store ${storeName} is closed and its products are in your archive. Your account stays as it is.`),
    text('If you did not expect this, write to us.'),
    link('Write to us', supportUrl),
  ],
  sms: `Fashionistar: your store ${storeName} is closed. If you did not expect this: ${supportUrl}`,
});
