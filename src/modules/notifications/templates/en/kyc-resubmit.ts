import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';
import { decisionBlocks } from './decision-words.ts';

export const kycResubmit: Template<TemplateVariables['kyc_resubmit']> = ({ reasonText, notes, url }) => ({
  subject: 'Please send your documents again',
  blocks: [
    text('We could not check your documents as they are. Please look at this and send them again:'),
    ...decisionBlocks(reasonText, notes),
    link('Send your documents', url),
    text('Please send them there only, never by mail.'),
  ],
  sms: `Fashionistar: please send your documents again. What is missing: ${url}`,
});
