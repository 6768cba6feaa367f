/** How a demo product is called, where it belongs, what such a thing costs, and how its maker describes it. */
export type GoodsKind = {
  title: string;
  category: string;
  price: number;
  gender: 'men' | 'women' | 'unisex' | 'girls' | 'boys' | 'kids';
  words: string;
};

const kind = (title: string, category: string, price: number, gender: GoodsKind['gender'], words: string): GoodsKind => ({
  ...{ title, category, price, gender, words },
});

/** Colour and kind make a title; no two products share both but the planted duplicates. */
export const goodsKinds: readonly [GoodsKind, ...GoodsKind[]] = [
  kind('adire maxi dress', 'dresses', 32_000, 'women', 'Hand-dyed cotton with a wide skirt and pockets. Wash it cold and apart.'),
  kind('ankara midi dress', 'dresses', 24_000, 'women', 'Wax print with a fitted waist. Comes to below the knee.'),
  kind('iro and buba set', 'iro-and-buba', 45_000, 'women', 'Wrapper, blouse and head tie from one cloth, lined with cotton.'),
  kind('lace blouse', 'women-tops', 18_500, 'women', 'Guipure lace with short sleeves and a row of covered buttons.'),
  kind('beaded bridal gown', 'bridal-wear', 380_000, 'women', 'Sewn to your measures in four weeks, beaded by hand.'),
  kind('pleated skirt', 'skirts', 15_000, 'women', 'Knife pleats that stay, with an elastic waist.'),
  kind('agbada in three pieces', 'agbada', 95_000, 'men', 'Embroidered by hand at neck and chest, with trousers and inner shirt.'),
  kind('senator suit', 'senator', 48_000, 'men', 'Short sleeves, straight trousers, a zip that hides. For the office and for Sunday.'),
  kind('linen kaftan', 'kaftans', 29_000, 'men', 'Breathes on hot days. Two side pockets and one at the chest.'),
  kind('danshiki shirt', 'men-shirts', 16_000, 'men', 'Loose cut with embroidery at the collar.'),
  kind('school pinafore', 'school-wear', 9_500, 'girls', 'Holds a year of playgrounds. All sizes from four to fourteen.'),
  kind('boys kaftan set', 'boys', 14_000, 'boys', 'The same cloth as papa, with an elastic waist.'),
  kind('six yards of ankara', 'ankara', 12_000, 'unisex', 'Real wax, 46 inches wide. Cut from the bolt on the day you order.'),
  kind('five yards of French lace', 'lace', 65_000, 'unisex', 'Corded lace with scalloped edges on both sides.'),
  kind('aso-oke wrapper', 'aso-oke', 42_000, 'unisex', 'Woven in Iseyin on narrow looms, fourteen strips.'),
  kind('leather slippers', 'sandals', 13_500, 'men', 'Kano goat leather on a rubber sole.'),
  kind('woven handbag', 'bags', 21_000, 'women', 'Raffia and leather, lined, with a pocket for the phone.'),
  kind('coral bead set', 'jewellery', 54_000, 'women', 'Necklace, bracelet and earrings in one box.'),
  kind('auto gele', 'gele-and-caps', 11_000, 'women', 'Tied already: put it on and go.'),
  kind('fila cap', 'gele-and-caps', 7_000, 'men', 'Aso-oke, lined with cotton, in four sizes.'),
];

export const colourNames = ['Indigo', 'Burgundy', 'Emerald', 'Golden', 'Ivory white', 'Charcoal', 'Coral', 'Royal blue'] as const;

export type GoodsEnd = 'draft' | 'pending' | 'held' | 'published' | 'changes_requested' | 'rejected' | 'suspended' | 'archived';

/** A hundred over every status. */
export const goodsCounts: Readonly<Record<GoodsEnd, number>> = {
  published: 46,
  draft: 14,
  pending: 14,
  held: 2,
  changes_requested: 7,
  rejected: 7,
  suspended: 4,
  archived: 6,
};
