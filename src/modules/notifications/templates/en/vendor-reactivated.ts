import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const vendorReactivated: Template<TemplateVariables['vendor_reactivated']> = ({ storeName, url }) => ({
  subject: 'Your store is open again',
  blocks: [text(`Your store ${storeName} is active again, and its published products are shown.`), link('Open your store', url)],
  sms: `Fashionistar: your store ${storeName} is active again: ${url}`,
});
