import type { BannedWord } from './banned-words.ts';

/** Words that no listing may carry ("refused"), and words that whoever reviews it is shown ("watched"). A later release adds to them. */
export const bundledWords: readonly BannedWord[] = [
  ...refused('says that it is a copy of a brand', [
    'replica',
    'counterfeit',
    'first copy',
    'master copy',
    'mirror copy',
    'knock-off',
    'super fake',
  ]),
  ...refused('a word of the trade for copies', ['aaa grade', '1:1 quality']),
  ...refused('leads customers away from the platform', ['whatsapp']),
  ...refused('leads payments away from the platform', ['pay outside']),
  ...refused('a protected animal', ['pangolin']),
  ...refused('a claim about health', ['cures', 'guaranteed weight loss']),
  { word: 'ivory', severity: 'watched', why: 'trade in ivory is forbidden; the colour is not' },
  { word: 'leopard skin', severity: 'watched', why: 'may be of a protected animal; the print is not' },
  { word: 'crocodile skin', severity: 'watched', why: 'may be of a protected animal' },
  { word: 'telegram', severity: 'watched', why: 'may lead customers away from the platform' },
  { word: 'bank transfer', severity: 'watched', why: 'may lead payments away from the platform' },
  { word: 'miracle', severity: 'watched', why: 'a claim that nobody can check' },
];

function refused(why: string, words: readonly string[]): BannedWord[] {
  return words.map((word) => ({ word, severity: 'refused', why }));
}
