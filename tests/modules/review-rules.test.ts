import { describe, expect, it } from 'vitest';
import { isPriceOutlier, missingQuality, sortChanges } from '../../src/modules/catalog/product-rules.ts';
import {
  conflictOf,
  missingDocuments,
  needsSecond,
  rejectionCodes,
  slaSeconds,
  slaState,
  type Traces,
} from '../../src/modules/review/case-rules.ts';
import { type ChecklistAnswer, checklistFaults, checklists } from '../../src/modules/review/checklists.ts';

const all = (kind: keyof typeof checklists): ChecklistAnswer[] => checklists[kind].map(({ item }) => ({ item, answer: 'pass' }));

describe('a checklist', () => {
  it('lets an approval through when every item has an answer and none failed', () => {
    for (const kind of ['vendor', 'kyc', 'product', 'product_revision'] as const)
      expect(checklistFaults(kind, all(kind), 'approve')).toEqual([]);
  });

  it('names what an approval lacks, what failed and what cannot be left out', () => {
    const given = all('kyc').filter(({ item }) => item !== 'names');
    given[0] = { item: 'readable', answer: 'fail' };
    given[1] = { item: 'current', answer: 'na' };
    expect(checklistFaults('kyc', given, 'approve')).toEqual([
      { path: 'checklist.readable', code: 'invalid_value' },
      { path: 'checklist.current', code: 'invalid_value' },
      { path: 'checklist.names', code: 'required' },
    ]);
  });

  it('of a rejection may be short, but knows no item twice and none of another kind', () => {
    expect(checklistFaults('product', [{ item: 'title', answer: 'fail' }], 'reject')).toEqual([]);
    expect(
      checklistFaults(
        'product',
        [
          { item: 'title', answer: 'fail' },
          { item: 'title', answer: 'pass' },
        ],
        'reject',
      ),
    ).toHaveLength(1);
    expect(checklistFaults('product', [{ item: 'selfie', answer: 'pass' }], 'request_changes')).toHaveLength(1);
  });
});

describe('a second person', () => {
  const store = { riskScore: 0, tier: 'free', businessType: 'tailor', wasRejected: false } as const;
  it('is needed for risk, tier, a registered business or an earlier rejection, and else not', () => {
    expect(needsSecond(store)).toBe(false);
    expect(needsSecond({ ...store, riskScore: 69 })).toBe(false);
    expect(needsSecond({ ...store, riskScore: 70 })).toBe(true);
    expect(needsSecond({ ...store, tier: 'elite' })).toBe(true);
    expect(needsSecond({ ...store, tier: 'pro' })).toBe(false);
    expect(needsSecond({ ...store, businessType: 'registered_business' })).toBe(true);
    expect(needsSecond({ ...store, businessType: 'fashion_house' })).toBe(false);
    expect(needsSecond({ ...store, wasRejected: true })).toBe(true);
  });
});

describe('documents', () => {
  it('are asked by business type: either the NIN card or the passport will do', () => {
    expect(missingDocuments('tailor', new Set())).toEqual([['nin_card', 'passport'], ['selfie'], ['utility_bill']]);
    expect(missingDocuments('designer', new Set(['passport', 'selfie', 'utility_bill']))).toEqual([]);
    expect(missingDocuments('fashion_house', new Set(['nin_card', 'selfie', 'utility_bill']))).toEqual([['cac_certificate']]);
    expect(missingDocuments('registered_business', new Set(['nin_card', 'selfie', 'utility_bill', 'cac_certificate']))).toEqual([]);
  });
});

describe('the clock of a case', () => {
  const createdAt = new Date('2026-11-20T00:00:00Z');
  const at = (hours: number) => new Date(createdAt.getTime() + hours * 3_600_000);
  const due = { createdAt, slaDueAt: at(24), slaPausedS: 0 };
  it('is at risk from 80 % on and breached when it is over', () => {
    expect(slaSeconds.vendor).toBe(86_400);
    expect(slaState(due, at(19.1))).toBe('on_track');
    expect(slaState(due, at(19.2))).toBe('at_risk');
    expect(slaState(due, at(23.9))).toBe('at_risk');
    expect(slaState(due, at(24))).toBe('breached');
  });

  it('does not count what was paused', () => {
    const paused = { createdAt, slaDueAt: at(34), slaPausedS: 10 * 3600 };
    expect(slaState(paused, at(29.1))).toBe('on_track');
    expect(slaState(paused, at(29.2))).toBe('at_risk');
  });
});

describe('a conflict of interest', () => {
  const nobody: Traces = {
    userId: 'a',
    contacts: new Set(['c1']),
    bankAccounts: new Set(['b1']),
    devices: new Set(['d1']),
    referredBy: null,
  };
  const other: Traces = {
    userId: 'b',
    contacts: new Set(['c2']),
    bankAccounts: new Set(['b2']),
    devices: new Set(['d2']),
    referredBy: null,
  };
  it('is the person themselves, a referral in either direction, a contact, a bank account or a device', () => {
    expect(conflictOf(nobody, other)).toBeNull();
    expect(conflictOf(nobody, { ...other, userId: 'a' })).toBe('same_person');
    expect(conflictOf(nobody, { ...other, referredBy: 'a' })).toBe('referral');
    expect(conflictOf({ ...nobody, referredBy: 'b' }, other)).toBe('referral');
    expect(conflictOf(nobody, { ...other, contacts: new Set(['c2', 'c1']) })).toBe('contact');
    expect(conflictOf(nobody, { ...other, bankAccounts: new Set(['b1']) })).toBe('bank');
    expect(conflictOf(nobody, { ...other, devices: new Set(['d1']) })).toBe('device');
  });
});

describe('a change of a live product', () => {
  const change = (field: string, before: unknown = 'a', after: unknown = 'b') => ({ field, old: before, new: after });
  it('waits where it is material, and is live at once where it is not', () => {
    const { waiting, immediate } = sortChanges(
      [change('title'), change('images'), change('stockQty', 1, 2), change('tags'), change('condition')],
      null,
    );
    expect(waiting.map(({ field }) => field)).toEqual(['title', 'images', 'condition']);
    expect(immediate.map(({ field }) => field)).toEqual(['stockQty', 'tags']);
  });

  it('waits for a price that moves by more than 30 %, up or down', () => {
    expect(sortChanges([change('price', 100, 130)], null).waiting).toEqual([]);
    expect(sortChanges([change('price', 100, 130.01)], null).waiting).toHaveLength(1);
    expect(sortChanges([change('price', 100, 70)], null).waiting).toEqual([]);
    expect(sortChanges([change('price', 100, 69.99)], null).waiting).toHaveLength(1);
  });

  it('measures a price from the one that was looked at last, not from that of yesterday', () => {
    expect(sortChanges([change('price', 129, 130)], 100).waiting).toEqual([]);
    expect(sortChanges([change('price', 129, 131)], 100).waiting).toHaveLength(1);
    expect(sortChanges([change('price', 129, 90)], 100).waiting).toEqual([]);
  });

  it('has an outlier price outside a tenth and ten times the median', () => {
    expect(isPriceOutlier(100, null)).toBeNull();
    expect([9.99, 10, 100, 1000, 1000.01].map((price) => isPriceOutlier(price, 100))).toEqual([true, false, false, false, true]);
  });
});

describe('the quality of a listing', () => {
  const good = {
    title: 'Adire wrap dress in indigo',
    description: 'x'.repeat(300),
    tags: ['a', 'b', 'c'],
    metaTitle: 'm',
    metaDescription: 'd',
    alts: ['a'],
  };
  it('is complete, or lacks what is named, up to everything', () => {
    expect(missingQuality(good)).toBe(0);
    expect(missingQuality({ ...good, description: null })).toBe(40);
    expect(missingQuality({ ...good, alts: ['a', null] })).toBe(13);
    expect(missingQuality({ title: 'Dress', description: '', tags: [], metaTitle: null, metaDescription: null, alts: [] })).toBe(100);
  });
});

it('every rejection code fits its column', () => {
  for (const codes of Object.values(rejectionCodes)) for (const code of codes) expect(code.length).toBeLessThanOrEqual(40);
});
