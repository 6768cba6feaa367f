import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const newDevice: Template<TemplateVariables['new_device']> = ({ device, place, at, notMeUrl }) => ({
  subject: 'New sign-in to your Fashionistar account',
  blocks: [
    text('Someone signed in to your account from a device we had not seen before:'),
    text(`${device}, ${place}, ${at}`),
    text('If it was you, there is nothing to do. If not, tell us at once:'),
    link('This was not me', notMeUrl),
  ],
  sms: `New sign-in to Fashionistar: ${device}, ${place}, ${at}. Not you? ${notMeUrl}`,
});
