import { createRequire } from 'node:module';
import { z } from 'zod';

/**
 * Whether a password is on the offline list of leaked and common ones, or is one of them dressed up: with digits and signs
 * around it, repeated, or a plain run of the keyboard or alphabet (ASVS 5.0 6.2.4, SP 800-63B-4 section 3.1.1.2).
 */
export function isCommonPassword(password: string): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  const bare = text.replaceAll(/[\s._-]/g, '');
  const core = text.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return [text, bare, unitOf(bare), core, unitOf(core), unleet(core), unleet(text)].some(isListed) || isRun(bare) || isTiny(unitOf(bare));
}

const minListed = 4;

function isListed(text: string): boolean {
  return text.length >= minListed && listed().has(text);
}

const files = createRequire(import.meta.url);
let cache: ReadonlySet<string> | null = null;

/** Read on first use: the process starts without it. */
function listed(): ReadonlySet<string> {
  cache ??= new Set(z.array(z.string()).parse(files('@zxcvbn-ts/language-common/src/passwords.json')));
  return cache;
}

/** The shortest text whose repetition gives `text`: "abcabc" is "abc". */
function unitOf(text: string): string {
  const at = `${text}${text}`.indexOf(text, 1);
  return at > 0 && at < text.length ? text.slice(0, at) : text;
}

function isTiny(unit: string): boolean {
  return [...unit].length <= 3;
}

const runs = ['01234567890123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p'];
const bothWays = runs.flatMap((run) => [run, [...run].toReversed().join('')]);

function isRun(text: string): boolean {
  const pieces = bothWays.flatMap((run) => overlapAtStart(text, run));
  const longest = Math.max(0, ...pieces);
  return longest >= minListed && (longest === text.length || isRun(text.slice(longest)));
}

/** Length of the longest beginning of `text` that stands somewhere in `run`. */
function overlapAtStart(text: string, run: string): number {
  let length = 0;
  while (length < text.length && run.includes(text.slice(0, length + 1))) length += 1;
  return length;
}

const leetLetters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** "p@ssw0rd" as "password"; signs at the end of a core are gone already. */
function unleet(text: string): string {
  const letters = [...text].map((character) => leetLetters[character] ?? character).join('');
  return letters.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
}
