/** Longer sentences are read twice. */
const wordsPerSentence = 25;
const longestWord = 30;

export type Reading = { ok: boolean; note: string };

/** Whether a text reads easily: short sentences, no shouting, no endless words. Short texts pass. */
export function readability(text: string): Reading {
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];
  const sentences = text.split(/[.!?\n]+/).filter((sentence) => /\p{L}/u.test(sentence));
  const perSentence = words.length / Math.max(1, sentences.length);
  if (perSentence > wordsPerSentence)
    return { ok: false, note: `${Math.round(perSentence)} words in a sentence; up to ${wordsPerSentence} read well` };
  const letters = text.match(/\p{L}/gu) ?? [];
  const capitals = text.match(/\p{Lu}/gu) ?? [];
  if (letters.length >= 20 && capitals.length > letters.length * 0.5) return { ok: false, note: 'More capitals than small letters' };
  if (/([!?])\1/.test(text)) return { ok: false, note: 'Repeated exclamation or question marks' };
  if (words.some((word) => word.length > longestWord)) return { ok: false, note: 'A word is longer than 30 letters' };
  return { ok: true, note: 'Reads easily' };
}

const latin = /\p{Script=Latin}/u;
const common: ReadonlySet<string> = new Set(
  'the a an and or of in on to for with from by is are this that it your you our at as be made has have'.split(' '),
);

/** Whether a text is in English: Latin letters, and, where it is long enough to tell, small words of the language. */
export function language(text: string): Reading {
  const letters = text.match(/\p{L}/gu) ?? [];
  const foreign = letters.filter((letter) => !latin.test(letter)).length;
  if (letters.length > 0 && foreign > letters.length * 0.3) return { ok: false, note: 'Mostly letters of another script' };
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  if (words.length >= 25 && !words.some((word) => common.has(word))) return { ok: false, note: 'Does not read as English' };
  return { ok: true, note: 'English' };
}
