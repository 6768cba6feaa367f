import { type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const staffNewDevice: Template<TemplateVariables['staff_new_device']> = ({ device, place, at }) => ({
  subject: 'New sign-in to the Fashionistar back office',
  blocks: [
    text('Someone signed in to the back office with your account from a device we had not seen before:'),
    text(`${device}, ${place}, ${at}`),
    text('If it was not you, call your lead or an administrator now.'),
  ],
  sms: `New sign-in to the Fashionistar back office: ${device}, ${place}, ${at}. Not you? Call an administrator now.`,
});
