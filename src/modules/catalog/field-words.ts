import { altPosition } from './products/product-content.ts';

const labels: Readonly<Record<string, string>> = {
  title: 'Title',
  description: 'Description',
  categoryCodes: 'Categories',
  tags: 'Tags',
  price: 'Price',
  oldPrice: 'Old price',
  currency: 'Currency',
  stockQty: 'In stock',
  condition: 'Condition',
  genderTarget: 'For',
  requiresMeasurement: 'Needs measurements',
  isPreOrder: 'Pre-order',
  preOrderDate: 'Pre-order date',
  metaTitle: 'Search title',
  metaDescription: 'Search description',
  styleTags: 'Style tags',
  occasionTags: 'Occasion tags',
  images: 'Images',
};

/** A field of a product in words: "Search title", "Text of image 2". */
export function fieldLabel(field: string): string {
  const position = altPosition(field);
  return position === null ? (labels[field] ?? field) : `Text of image ${position + 1}`;
}
