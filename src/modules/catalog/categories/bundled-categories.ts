/** A category as a new installation has it. Staff rename and switch them afterwards; a later release adds, never takes away. */
export type BundledCategory = { code: string; name: string; parentCode: string | null };

const tree: Readonly<Record<string, readonly [string, Readonly<Record<string, string>>]>> = {
  women: [
    'Women',
    {
      dresses: 'Dresses',
      'women-tops': 'Tops and blouses',
      skirts: 'Skirts',
      'women-sets': 'Two-piece sets',
      'iro-and-buba': 'Iro and buba',
      'bridal-wear': 'Bridal wear',
    },
  ],
  men: [
    'Men',
    { agbada: 'Agbada', senator: 'Senator wear', kaftans: 'Kaftans', 'men-shirts': 'Shirts', 'men-trousers': 'Trousers', suits: 'Suits' },
  ],
  children: ['Children', { girls: 'Girls', boys: 'Boys', 'school-wear': 'School wear' }],
  fabrics: ['Fabrics', { ankara: 'Ankara', adire: 'Adire', 'aso-oke': 'Aso-oke', lace: 'Lace', guinea: 'Guinea brocade' }],
  shoes: ['Shoes', { sandals: 'Sandals and slippers', heels: 'Heels', 'men-shoes': "Men's shoes" }],
  accessories: ['Accessories', { bags: 'Bags', jewellery: 'Jewellery and beads', 'gele-and-caps': 'Gele, caps and fila', belts: 'Belts' }],
};

/** The categories of a fashion marketplace, parents first. */
export const bundledCategories: readonly BundledCategory[] = Object.entries(tree).flatMap(([code, [name, below]]) => [
  { code, name, parentCode: null },
  ...Object.entries(below).map(([childCode, childName]) => ({ code: childCode, name: childName, parentCode: code })),
]);
