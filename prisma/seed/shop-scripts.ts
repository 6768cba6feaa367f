type BusinessType = 'sole_trader' | 'registered_business' | 'fashion_house' | 'tailor' | 'designer';

/** How far the proofs of a store came. */
export type KycEnd = 'none' | 'waiting' | 'held' | 'approved' | 'resubmit' | 'rejected';

/** Where a demo store stands, and how it came there. */
export type ShopScript = {
  name: string;
  type: BusinessType;
  state: string;
  city: string;
  collections: readonly string[];
  kyc: KycEnd;
  ends: 'draft' | 'submitted' | 'in_review' | 'changes_requested' | 'approved' | 'rejected' | 'suspended' | 'closed';
  /** When it was handed in; what follows comes after it. */
  hoursAgo: number;
  /** Number of a payout account at Guaranty Trust; two stores with one number share the account. */
  account?: string;
};

const shop = (
  name: string,
  type: BusinessType,
  [city, state]: readonly [string, string],
  collections: readonly string[],
  rest: Pick<ShopScript, 'kyc' | 'ends' | 'hoursAgo'> & { account?: string },
): ShopScript => ({ name, type, city, state, collections, ...rest });

const lagos = ['Ikeja', 'Lagos'] as const;
const abuja = ['Wuse', 'FCT'] as const;
const abeokuta = ['Abeokuta', 'Ogun'] as const;
const aba = ['Aba', 'Abia'] as const;
const kano = ['Kano', 'Kano'] as const;
const ibadan = ['Ibadan', 'Oyo'] as const;

/**
 * Twenty stores: two at least in each state, each type of business, every state of proofs. The fifth was brought by a reviewer; the
 * fourth names the payout account of a suspended store.
 */
export const shopScripts: readonly ShopScript[] = [
  shop('Indigo Lane', 'sole_trader', abeokuta, ['adire'], { kyc: 'none', ends: 'draft', hoursAgo: 30 }),
  shop('Kano Leather Works', 'tailor', kano, ['bags'], { kyc: 'held', ends: 'draft', hoursAgo: 20 }),
  shop('Okonkwo Tailors', 'tailor', aba, ['men', 'senator'], { kyc: 'approved', ends: 'submitted', hoursAgo: 26 }),
  shop('Beads by Zara', 'sole_trader', lagos, ['beads'], { kyc: 'waiting', ends: 'submitted', hoursAgo: 5, account: '2039448177' }),
  shop('Senator Corner', 'designer', abuja, ['men'], { kyc: 'approved', ends: 'submitted', hoursAgo: 9 }),
  shop('House of Folake', 'fashion_house', lagos, ['bridal', 'aso-oke'], { kyc: 'approved', ends: 'in_review', hoursAgo: 12 }),
  shop('Aso-Oke Atelier', 'designer', ibadan, ['aso-oke'], { kyc: 'approved', ends: 'in_review', hoursAgo: 15 }),
  shop('Sade Kids', 'sole_trader', ibadan, ['children'], { kyc: 'approved', ends: 'changes_requested', hoursAgo: 40 }),
  shop('Mama Ebere Fabrics', 'registered_business', aba, ['fabrics'], { kyc: 'resubmit', ends: 'changes_requested', hoursAgo: 44 }),
  shop('Adire Market', 'designer', abeokuta, ['adire', 'dresses'], {
    kyc: 'approved',
    ends: 'approved',
    hoursAgo: 90,
    account: '1044557814',
  }),
  shop('Lekki Linen', 'registered_business', lagos, ['women', 'linen'], { kyc: 'approved', ends: 'approved', hoursAgo: 88 }),
  shop('Baba Kaftan', 'tailor', kano, ['men', 'kaftans'], { kyc: 'approved', ends: 'approved', hoursAgo: 86, account: '5512009342' }),
  shop('Gele and Glow', 'sole_trader', lagos, ['accessories'], { kyc: 'approved', ends: 'approved', hoursAgo: 84 }),
  shop('Maison Nneka', 'fashion_house', abuja, ['bridal', 'evening'], { kyc: 'approved', ends: 'approved', hoursAgo: 82 }),
  shop('Luxury Brands Depot', 'sole_trader', lagos, ['bags', 'shoes'], { kyc: 'rejected', ends: 'rejected', hoursAgo: 70 }),
  shop('Quick Sew Nigeria', 'tailor', ibadan, ['alterations'], { kyc: 'approved', ends: 'rejected', hoursAgo: 66 }),
  shop('Bling Palace', 'sole_trader', lagos, ['jewellery'], { kyc: 'approved', ends: 'suspended', hoursAgo: 80, account: '2039448177' }),
  shop('Trend Hub Aba', 'registered_business', aba, ['shoes'], { kyc: 'approved', ends: 'suspended', hoursAgo: 78 }),
  shop('Evening Star', 'designer', abuja, ['evening'], { kyc: 'none', ends: 'closed', hoursAgo: 50 }),
  shop('Umar and Sons', 'tailor', kano, ['men'], { kyc: 'approved', ends: 'closed', hoursAgo: 76 }),
];
