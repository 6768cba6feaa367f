import type { CommandDeps } from '../../../foundation/command/command.ts';
import { readPrivateFile } from '../../identity/index.ts';
import type { ViewedDocument } from './view-kyc-document.ts';
import { watermarked } from './watermark.ts';

/** Who looks, and when, as it is written across what they see. */
export function markLines({ name, id }: { name: string; id: string }, at: Date): readonly string[] {
  return [`${name} / ${id.slice(-6)}`, `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`];
}

/**
 * The bytes of a document that a link was used up for: a picture with the viewer's name and the time burnt in; a PDF as it was handed
 * in, which stands below them in its page.
 * @throws AppError 404 `not_found` once the file is deleted, 503 `unavailable` where the store does not give it
 */
export async function shownKycDocument(
  deps: CommandDeps,
  { fileId }: Pick<ViewedDocument, 'fileId'>,
  viewer: { name: string; id: string },
): Promise<{ type: string; bytes: Buffer }> {
  const { mime, bytes } = await readPrivateFile(deps, fileId);
  if (mime === 'application/pdf') return { type: mime, bytes };
  return { type: mime, bytes: await watermarked(bytes, { mime, lines: markLines(viewer, deps.clock.now()) }) };
}
