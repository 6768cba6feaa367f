const accented = new Map(
  Object.entries({
    a: 'á',
    e: 'ê',
    i: 'ï',
    o: 'ö',
    u: 'ü',
    c: 'ç',
    n: 'ñ',
    s: 'š',
    y: 'ý',
    z: 'ž',
    A: 'Å',
    E: 'É',
    I: 'Î',
    O: 'Ø',
    U: 'Û',
    N: 'Ñ',
  }),
);

/** How much longer than English a translation may become before a screen must still hold it. */
export const pseudoGrowth = 1.4;

/**
 * A readable stand-in for a long language: accented and at least 40 % longer, with `{parameters}` and brackets left alone.
 * The angle marks at both ends show where a screen cuts a text off.
 */
export function pseudo(text: string): string {
  const changed = text
    .split(/(\{\w+\}|[[\]])/)
    .map((part, index) => (index % 2 === 1 ? part : [...part].map((letter) => accented.get(letter) ?? letter).join('')))
    .join('');
  const missing = Math.ceil(text.length * pseudoGrowth) - text.length - 2;
  return `‹${changed}${padding(Math.max(missing, 0))}›`;
}

/** As long as words of such a language are; a run without an end would break screens that no translation breaks. */
const wordLength = 12;

function padding(length: number): string {
  return '~'.repeat(length).replaceAll(new RegExp(`(~{${wordLength}})~(?=~)`, 'g'), '$1 ');
}
