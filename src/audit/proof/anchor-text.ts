import { parseCheckpoint } from './checkpoint.ts';

/** What an anchor target holds of one checkpoint: its text, then a line with the base64 signature. */
export function anchorText(text: string, signature: string): string {
  return `${text}${signature}\n`;
}

/** Parts of an anchor, unchecked: verifyCheckpoint decides what they are worth. Null where the lines are not those of an anchor. */
export function parseAnchor(content: string): { text: string; signature: string } | null {
  const found = /^((?:[^\n]*\n){8})([A-Za-z0-9+/]{86}==)\n$/.exec(content);
  const [, text = '', signature = ''] = found ?? [];
  return found && parseCheckpoint(text) ? { text, signature } : null;
}

/** `<size, 20 digits>.anchor`: names sort as sizes do. */
export function anchorName(size: number): string {
  return `${String(size).padStart(20, '0')}.anchor`;
}

/** Size in the name of an anchor; null for any other file. */
export function sizeOfAnchorName(name: string): number | null {
  const found = /^(\d{20})\.anchor$/.exec(name);
  return found ? Number(found[1]) : null;
}
