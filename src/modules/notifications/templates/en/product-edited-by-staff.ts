import { link, type Template, text } from '../../template.ts';
import type { TemplateVariables } from '../variables.ts';

type Variables = TemplateVariables['product_edited_by_staff'];

const subjects: Readonly<Record<Variables['change'], string>> = {
  price: 'We corrected the price of your product',
  stock: 'We corrected the number in stock of your product',
  deleted: 'We deleted your product',
  restored: 'We restored your product',
};

function sentence({ title, change, now }: Variables): string {
  switch (change) {
    case 'price':
      return `Our team corrected the price of "${title}". It is ${now} now.`;
    case 'stock':
      return `Our team corrected the number in stock of "${title}". It is ${now} now.`;
    case 'deleted':
      return `Our team deleted "${title}". It is no longer among your products.`;
    case 'restored':
      return `Our team restored "${title}". It is among your products again.`;
    default:
      return change satisfies never;
  }
}

export const productEditedByStaff: Template<Variables> = (variables) => ({
  subject: `${subjects[variables.change]}: ${variables.title}`,
  blocks: [
    text(sentence(variables)),
    text('If this is not what you agreed with us, please write to us.'),
    link('Your product', variables.url),
    link('Write to us', variables.supportUrl),
  ],
  sms: `Fashionistar: ${sentence(variables)} ${variables.url}`,
});
