import { describe, expect, it } from 'vitest';
import { readCursor, writeCursor } from '../../../src/modules/catalog/storefront/list-cursor.ts';
import { keyOf, productListQuery } from '../../../src/modules/catalog/storefront/storefront-query.ts';

const key = (query: Record<string, string>) => keyOf(productListQuery.parse(query));

describe('the key of a kept page', () => {
  it('is one for two spellings of one question', () => {
    expect(key({ q: 'kaftan', gender: 'men' })).toBe(key({ gender: 'men', q: 'kaftan', limit: '25', sort: 'relevance' }));
  });

  it('is never shared by two questions: the text of one filter does not pass for another', () => {
    const place = 'abc';
    expect(key({ cursor: `${place}&gender=men` })).not.toBe(key({ cursor: place, gender: 'men' }));
    expect(key({ q: 'kaftan","sort","price' })).not.toBe(key({ q: 'kaftan', sort: 'price' }));
  });
});

describe('a cursor', () => {
  const id = '0199a000-0000-7000-8000-000000000001';
  const cursor = writeCursor('price', { value: '1500.00', id });

  it('has one spelling', () => {
    expect(readCursor('price', cursor)).toEqual({ value: '1500.00', id });
    for (const other of [`${cursor}=`, `${cursor}=&gender=men`, ` ${cursor}`, `${cursor}\n`])
      expect(() => readCursor('price', other)).toThrow();
  });
});
