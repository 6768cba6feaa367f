import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const welcomeClient: Template<TemplateVariables['welcome_client']> = ({ firstName, nextStepUrl }) => ({
  subject: 'Welcome to Fashionistar',
  blocks: [
    text(firstName ? `Hello ${firstName},` : 'Hello,'),
    text('your account is ready. Tell us your sizes and the styles you like, and we show you what fits.'),
    link('Start shopping', nextStepUrl),
  ],
  sms: `Welcome to Fashionistar. Your account is ready: ${nextStepUrl}`,
});
