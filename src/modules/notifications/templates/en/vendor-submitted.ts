import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const vendorSubmitted: Template<TemplateVariables['vendor_submitted']> = ({ storeName, url }) => ({
  subject: 'We received your store for review',
  blocks: [
    text(`Your store ${storeName} is with our reviewers. We write to you as soon as there is a decision.`),
    text('Until then its profile cannot be changed.'),
    link('See your store', url),
  ],
  sms: `Your Fashionistar store ${storeName} is in review. We write to you when there is a decision. ${url}`,
});
