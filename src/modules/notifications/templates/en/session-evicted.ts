import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const sessionEvicted: Template<TemplateVariables['session_evicted']> = ({ device, at, sessionsUrl }) => ({
  subject: 'Your oldest Fashionistar session was signed out',
  blocks: [
    text(`You reached the highest number of signed-in devices on ${at}, so we signed out the one unused for longest:`),
    text(device),
    link('See my devices', sessionsUrl),
  ],
  sms: `Too many signed-in devices: we signed out ${device}. Your devices: ${sessionsUrl}`,
});
