import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

/** `2 live, 1 to change`: an SMS names how many, the page names which. */
const parts = (variables: TemplateVariables['product_digest']): string =>
  [
    [variables.published, 'live'],
    [variables.toChange, 'to change'],
    [variables.rejected, 'not accepted'],
    [variables.takenDown, 'taken down'],
    [variables.edited, 'corrected by our team'],
    [variables.suggestions, variables.suggestions === 1 ? 'suggestion' : 'suggestions'],
  ]
    .filter(([count]) => Number(count) > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(', ');

export const productDigest: Template<TemplateVariables['product_digest']> = (variables) => ({
  subject: 'News of your products',
  blocks: [text(`News of your products: ${parts(variables)}.`), link('Your products', variables.url)],
  sms: `Fashionistar, your products: ${parts(variables)}. ${variables.url}`,
});
