import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const recoveryCodesRegenerated: Template<TemplateVariables['recovery_codes_regenerated']> = ({ at, notMeUrl }) => ({
  subject: 'New recovery codes for your Fashionistar account',
  blocks: [
    text(`On ${at} new recovery codes were made for your account. The old ones no longer work.`),
    text('If it was not you, tell us at once:'),
    link('This was not me', notMeUrl),
  ],
  sms: `New recovery codes were made for your Fashionistar account. Not you? ${notMeUrl}`,
});
