import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffWords } from '../../src/admin/components/word-diff.component.tsx';

const side = (before: string, after: string, kind: 'removed' | 'added') =>
  diffWords(before, after)
    .filter((part) => part.kind === 'same' || part.kind === kind)
    .map((part) => part.text)
    .join('');

describe('the word diff', () => {
  it('names the words that differ and no others', () => {
    expect(diffWords('dyed by four sisters', 'dyed by hand by five sisters')).toEqual([
      { kind: 'same', text: 'dyed by ' },
      { kind: 'removed', text: 'four' },
      { kind: 'added', text: 'hand by five' },
      { kind: 'same', text: ' sisters' },
    ]);
    expect(diffWords('same', 'same')).toEqual([{ kind: 'same', text: 'same' }]);
    expect(diffWords('', 'new')).toEqual([{ kind: 'added', text: 'new' }]);
  });

  it('shows a changed phrase as one phrase, not word beside word', () => {
    expect(diffWords('made to order in our workshop.', 'made to order. It takes weeks.')).toEqual([
      { kind: 'same', text: 'made to ' },
      { kind: 'removed', text: 'order in our workshop.' },
      { kind: 'added', text: 'order. It takes weeks.' },
    ]);
    expect(diffWords('red and blue', 'red or blue').map(({ text }) => text)).toEqual(['red ', 'and', 'or', ' blue']);
  });

  it('gives back both texts, whatever they are', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'longer', ' ', '\n'), { maxLength: 40 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(words, words, (before, after) => {
        expect(side(before, after, 'removed')).toBe(before);
        expect(side(before, after, 'added')).toBe(after);
      }),
    );
  });

  it('shows texts too long to compare whole, old before new', () => {
    const long = (word: string) => Array.from({ length: 700 }, (_, n) => `${word}${n}`).join(' ');
    const parts = diffWords(long('a'), long('b'));
    expect(parts.filter((part) => part.kind !== 'same').length).toBeLessThanOrEqual(2);
    expect(side(long('a'), long('b'), 'added')).toBe(long('b'));
  });
});
