import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const welcomeVendor: Template<TemplateVariables['welcome_vendor']> = ({ firstName, nextStepUrl }) => ({
  subject: 'Welcome to Fashionistar: set up your store',
  blocks: [
    text(firstName ? `Hello ${firstName},` : 'Hello,'),
    text('your seller account is ready. Next: describe your store, send your documents and add your bank account. We then review it.'),
    link('Set up my store', nextStepUrl),
  ],
  sms: `Welcome to Fashionistar. Set up your store: ${nextStepUrl}`,
});
