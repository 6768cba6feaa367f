/** A piece of a comparison of two texts: in both, only in the old one, or only in the new one. */
export type DiffPart = { kind: 'same' | 'removed' | 'added'; text: string };

/** Beyond this many steps a comparison says more by showing both texts whole. */
const mostSteps = 250_000;

/**
 * Word by word: the longest common subsequence of the words and blanks of both texts. Common beginnings and ends are taken off first,
 * which is most of a long text.
 */
export function diffWords(before: string, after: string): readonly DiffPart[] {
  const [old, fresh] = [before.split(/(\s+)/), after.split(/(\s+)/)];
  let start = 0;
  while (start < Math.min(old.length, fresh.length) && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, fresh.length) - start && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end += 1;
  return joined([
    ...partsOf('same', old.slice(0, start)),
    ...diffMiddle(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)),
    ...partsOf('same', old.slice(old.length - end)),
  ]);
}

function diffMiddle(old: readonly string[], fresh: readonly string[]): readonly DiffPart[] {
  if (old.length * fresh.length > mostSteps) return [...partsOf('removed', old), ...partsOf('added', fresh)];
  const lengths = commonLengths(old, fresh);
  const parts: DiffPart[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    const [left = '', right = ''] = [old[i], fresh[j]];
    if (i < old.length && j < fresh.length && left === right) {
      parts.push({ kind: 'same', text: left });
      i += 1;
      j += 1;
    } else if (j >= fresh.length || (i < old.length && lengthAt(lengths, i + 1, j) >= lengthAt(lengths, i, j + 1))) {
      parts.push({ kind: 'removed', text: left });
      i += 1;
    } else {
      parts.push({ kind: 'added', text: right });
      j += 1;
    }
  }
  return parts;
}

/** Length of the longest common subsequence from each pair of places to the ends. */
function commonLengths(old: readonly string[], fresh: readonly string[]): readonly (readonly number[])[] {
  const table = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = table[i] ?? [];
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      row[j] = old[i] === fresh[j] ? lengthAt(table, i + 1, j + 1) + 1 : Math.max(lengthAt(table, i + 1, j), lengthAt(table, i, j + 1));
    }
  }
  return table;
}

function lengthAt(table: readonly (readonly number[])[], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

function partsOf(kind: DiffPart['kind'], words: readonly string[]): readonly DiffPart[] {
  return words.map((text) => ({ kind, text }));
}

/** Neighbours of one kind as one piece; a lone blank between two changes belongs to both, so that a changed phrase reads as one. */
function joined(parts: readonly DiffPart[]): readonly DiffPart[] {
  const told = parts.filter(({ text }) => text !== '');
  const result: DiffPart[] = [];
  let [removed, added] = ['', ''];
  const close = () => {
    if (removed) result.push({ kind: 'removed', text: removed });
    if (added) result.push({ kind: 'added', text: added });
    [removed, added] = ['', ''];
  };
  for (const [at, part] of told.entries()) {
    const goesOn = (told[at + 1]?.kind ?? 'same') !== 'same';
    const isBetween = part.kind === 'same' && part.text.trim() === '' && removed !== '' && added !== '' && goesOn;
    if (part.kind === 'removed' || isBetween) removed += part.text;
    if (part.kind === 'added' || isBetween) added += part.text;
    if (part.kind !== 'same' || isBetween) continue;
    close();
    const last = result.at(-1);
    if (last?.kind === 'same') result[result.length - 1] = { kind: 'same', text: last.text + part.text };
    else result.push(part);
  }
  close();
  return result;
}
