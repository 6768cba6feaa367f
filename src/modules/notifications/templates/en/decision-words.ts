import { type MailBlock, text } from '../../template.ts';
import type { FieldNote } from '../variables.ts';

/**
 * What a reviewer wrote, word for word: a paragraph for each of its lines, then one line for each field. Nothing where nothing was
 * written.
 */
export function decisionBlocks(reasonText: string | null, notes: readonly FieldNote[] = []): MailBlock[] {
  const lines = (reasonText ?? '').split(/\r?\n/).map((line) => line.trim());
  return [...lines.filter((line) => line !== ''), ...notes.map(({ field, note }) => `${field}: ${note}`)].map(text);
}
