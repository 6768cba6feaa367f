import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const staffInvite: Template<TemplateVariables['staff_invite']> = ({ roles, url, hours }) => ({
  subject: 'You are invited to the Fashionistar back office',
  blocks: [
    text(`You are invited to work in the Fashionistar back office as: ${roles.join(', ')}.`),
    link('Accept the invitation', url),
    text(`The link works once, for ${hours} hours. You will choose a password and set up two-step sign-in.`),
  ],
  sms: `You are invited to the Fashionistar back office. The link is in your mail.`,
});
