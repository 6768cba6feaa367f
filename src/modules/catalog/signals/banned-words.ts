import type { Tx } from '../../../foundation/runtime/database.ts';

export type BannedWord = { word: string; severity: 'refused' | 'watched'; why: string };

/** The list, as data: a row more is a word more. */
export async function bannedWords(db: Pick<Tx, 'bannedWord'>): Promise<BannedWord[]> {
  const rows = await db.bannedWord.findMany({ orderBy: { word: 'asc' }, select: { word: true, severity: true, why: true } });
  return rows.map(({ word, severity, why }) => ({ word, severity: severity === 'watched' ? 'watched' : 'refused', why }));
}

/** Which of the words stand in a text, as whole words, whatever their case, accents and the signs between them. */
export function wordsIn(text: string, words: readonly BannedWord[]): BannedWord[] {
  const folded = ` ${fold(text)} `;
  return words.filter(({ word }) => folded.includes(` ${fold(word)} `));
}

/** Letters and digits only, one space between words; look-alikes of compatibility forms and accents are one letter. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
