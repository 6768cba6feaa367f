import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

export const suggestionProposed: Template<TemplateVariables['suggestion_proposed']> = ({ title, url }) => ({
  subject: `A suggestion for your product: ${title}`,
  blocks: [
    text(`Our editors suggest a better listing of "${title}". You decide for each part; nothing changes before you accept it.`),
    link('Look at the suggestion', url),
  ],
  sms: `Fashionistar: a suggestion for "${title}" waits for you: ${url}`,
});
