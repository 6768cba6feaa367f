import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';
import { decisionBlocks } from './decision-words.ts';

export const kycApproved: Template<TemplateVariables['kyc_approved']> = ({ reasonText, url }) => ({
  subject: 'Your documents are approved',
  blocks: [text('We have checked your documents, and everything is in order.'), ...decisionBlocks(reasonText), link('Go on', url)],
  sms: `Fashionistar: your documents are approved. ${url}`,
});
