import type { PasswordOwner } from './password-policy.ts';

/** Whether a password holds or resembles its owner's address, number or name, in other case, accents or leet spelling. */
export function isSimilarTo(password: string, owner: PasswordOwner): boolean {
  return (
    holdsPhoneDigits(password, owner) ||
    // Both readings, with and without digits as letters: "adaobi1234567" holds the name only before 1 is read as l.
    [plain, leet].some((spell) => {
      const letters = spell(password);
      return personalParts(owner, spell).some((part) => resembles(letters, part));
    })
  );
}

/** Shorter parts are in too many ordinary words to be refused wherever they stand. */
const minContained = 4;
const minPhoneDigits = 7;

function holdsPhoneDigits(password: string, owner: PasswordOwner): boolean {
  const digits = password.normalize('NFKC').replaceAll(/[^0-9]/g, '');
  return owner.identifiers.some((identifier) => identifier.kind === 'phone' && digits.includes(identifier.value.slice(-minPhoneDigits)));
}

type Spelling = (text: string) => string;

const plain: Spelling = (text) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

const leetLetters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'i',
  l: 'i',
};

const leet: Spelling = (text) => plain([...text.toLowerCase()].map((character) => leetLetters[character] ?? character).join(''));

function personalParts(owner: PasswordOwner, spell: Spelling): string[] {
  const locals = owner.identifiers.flatMap(({ kind, value }) => (kind === 'email' ? [value, value.slice(0, value.lastIndexOf('@'))] : []));
  const names = owner.names.flatMap((name) => (name ? [name, ...name.split(/[\s'.-]+/)] : []));
  return [...new Set([...locals, ...names].map(spell))].filter((part) => part.length > 1);
}

function resembles(password: string, part: string): boolean {
  if (part.length >= minContained && (password.includes(part) || password.includes([...part].toReversed().join('')))) return true;
  // What is left of "Ada-2026-2026" without its digits is the name itself, perhaps repeated or misspelt.
  const core = password.replaceAll(/\p{N}/gu, '') || password;
  return (core !== '' && core.replaceAll(part, '') === '') || isNearly(core, part);
}

/** One slip in eight letters: at most that many insertions, deletions or replacements apart. */
function isNearly(left: string, right: string): boolean {
  const allowed = Math.floor(Math.max(left.length, right.length) / 8);
  return allowed > 0 && Math.abs(left.length - right.length) <= allowed && distance(left, right) <= allowed;
}

/** Levenshtein distance; both sides are short by the rules of their fields. */
function distance(left: string, right: string): number {
  const letters = [...right];
  let row = letters.map((_, index) => index + 1);
  let last = letters.length;
  for (const [at, character] of [...left].entries()) {
    let diagonal = at;
    last = at + 1;
    row = row.map((above, index) => {
      last = Math.min(diagonal + (character === letters[index] ? 0 : 1), above + 1, last + 1);
      diagonal = above;
      return last;
    });
  }
  return last;
}
