import { describe, expect, it } from 'vitest';
import { parsePrice, requireConsistent } from '../../../src/modules/catalog/products/product-input.ts';
import { slugOf } from '../../../src/modules/catalog/products/product-slug.ts';
import { wordsIn } from '../../../src/modules/catalog/signals/banned-words.ts';
import { language, readability } from '../../../src/modules/catalog/signals/readability.ts';
import { withoutMarkup } from '../../../src/modules/identity/index.ts';

const words = [
  { word: 'first copy', severity: 'refused' as const, why: 'a copy' },
  { word: 'cures', severity: 'refused' as const, why: 'a claim' },
];

describe('banned words', () => {
  it('are found as whole words, whatever their case, accents and the signs between them', () => {
    expect(wordsIn('FIRST-copy of it', words).map(({ word }) => word)).toEqual(['first copy']);
    expect(wordsIn('Ｆｉｒｓｔ\u00a0Còpy', words)).toHaveLength(1);
    expect(wordsIn('It secures the hem; a first draft, copy-edited', words)).toEqual([]);
  });
});

describe('how a text reads', () => {
  it.each([
    ['A gown of lace. It has long sleeves.', true],
    [`${'word '.repeat(40)}.`, false],
    ['THE BEST GOWN OF ALL THE GOWNS', false],
    ['Buy it now!!', false],
    ['', true],
  ])('%j: %s', (text, ok) => expect(readability(text).ok).toBe(ok));

  it('is English by its letters and its small words', () => {
    expect(language('A gown of lace').ok).toBe(true);
    expect(language('绣花长裙 绣花').ok).toBe(false);
    expect(language('aṣọ '.repeat(30)).ok).toBe(false);
  });
});

describe('a price', () => {
  it.each([
    ['15000', '15000.00'],
    [0.1, '0.10'],
    ['100000000', '100000000.00'],
    ['100000000.01', null],
    ['01', null],
    ['1,000', null],
    ['', null],
    [Number.NaN, null],
    ['٣', null],
  ])('%j is %j', (typed, parsed) => expect(parsePrice(typed)).toBe(parsed));
});

describe('an address', () => {
  it('is made of Latin letters and digits, and never ends in a hyphen', () => {
    expect(slugOf('  Ọ̀ṣun -- dress! ', null)).toBe('osun-dress');
    expect(slugOf('***', 'abcd')).toBe('product-abcd');
    const long = slugOf('a-'.repeat(200), '12345678');
    expect(long.length).toBeLessThanOrEqual(280);
    expect(long).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
  });
});

describe('markup', () => {
  it('goes, also what appears once other markup is gone', () => {
    expect(withoutMarkup('<scr<b>ipt>alert(1)</scr</b>ipt>x <!-- y -->z')).not.toMatch(/[<>]/);
    expect(withoutMarkup('3 < 5 and 7 > 2')).toBe('3 < 5 and 7 > 2');
    expect(withoutMarkup('a<script>1</script>b<SCRIPT x>2</script >c<style>d</style>e<!-- f -->g')).toBe('abceg');
    expect(withoutMarkup('Look <img src=x onerror=alert(1)')).toBe('Look img src=x onerror=alert(1)');
  });

  it.each([
    ['layers', `${'<a'.repeat(5300)}${'>'.repeat(5300)}`],
    ['layers behind openings', `${'<script'.repeat(1100)}${'<a'.repeat(4000)}${'>'.repeat(4000)}`],
    ['openings', '<script'.repeat(2300)],
    ['comments', '<!--'.repeat(4000)],
  ])('goes in a moment from a text that is nothing but %s', (_name, hostile) => {
    const began = performance.now();
    expect(withoutMarkup(hostile)).not.toMatch(/<[a-z/!]/i);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('a date that has passed', () => {
  it('is refused where it is written, and nowhere else', () => {
    const content = { price: '1', oldPrice: null, isPreOrder: true, preOrderDate: '2026-01-01' };
    const check = (isDateNew: boolean) => requireConsistent({ ...blank, ...content }, { today: '2026-02-01', isDateNew });
    expect(() => check(true)).toThrow();
    expect(() => check(false)).not.toThrow();
  });
});

const blank = {
  ...{ title: 'x', description: null, categoryCodes: [], tags: [], currency: 'NGN', stockQty: 0, condition: 'new' as const },
  ...{
    genderTarget: 'unisex' as const,
    requiresMeasurement: false,
    metaTitle: null,
    metaDescription: null,
    styleTags: [],
    occasionTags: [],
  },
  images: [],
};
