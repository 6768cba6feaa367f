import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const privacyExportReady: Template<TemplateVariables['privacy_export_ready']> = ({ url, hours }) => ({
  subject: 'Your Fashionistar data is ready',
  blocks: [
    text(`The copy of your data that you asked for is ready. You can download it once, within ${hours} hours.`),
    link('Download your data', url),
    text('You will be asked to confirm that it is you. If you did not ask for this, change your password.'),
  ],
  sms: `Your Fashionistar data is ready. Download it once within ${hours} hours: ${url}`,
});
