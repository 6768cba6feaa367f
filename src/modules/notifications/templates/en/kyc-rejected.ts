import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';
import { decisionBlocks } from './decision-words.ts';

export const kycRejected: Template<TemplateVariables['kyc_rejected']> = ({ reasonText, notes, supportUrl }) => ({
  subject: 'We cannot accept your documents',
  blocks: [
    text('We have checked your documents and cannot accept them:'),
    ...decisionBlocks(reasonText, notes),
    text('If you think that this is wrong, write to us.'),
    link('Write to us', supportUrl),
  ],
  sms: `Fashionistar: we cannot accept your documents. Sign in to read why. If you think it is wrong: ${supportUrl}`,
});
