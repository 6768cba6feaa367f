import type { CommandDeps } from '../../foundation/command/command.ts';
import { type ArchivedContent, archivePlace, clearContent } from '../proof/archive-format.ts';
import type { StoredContent } from './archive-rows.ts';

/** The data keys of people: a key, null where it was destroyed, nothing where the id is not a person's. */
export type DataKeysOf = (deps: CommandDeps, ids: readonly string[]) => Promise<ReadonlyMap<string, Buffer | null>>;

type Place = { part: 'value' | 'snapshot'; rowId: string };

/**
 * A content as the archive holds it: under the data key of each person it is about, the box of one inside the box of the next, so
 * that destroying any of the keys shreds it; clear where it is about nobody; null where one of them is erased already.
 */
export function sealContent(
  keyring: CommandDeps['keyring'],
  { salt, body }: StoredContent,
  { place, people, keys }: { place: Place; people: readonly string[]; keys: ReadonlyMap<string, Buffer | null> },
): ArchivedContent {
  const clear = { salt: salt.toString('hex'), body };
  const known = people.flatMap((id) => {
    const key = keys.get(id);
    return key === undefined ? [] : [{ id, key }];
  });
  if (known.length === 0) return clear;
  const context = archivePlace(place.part, place.rowId);
  let text = JSON.stringify(clear);
  for (const { key } of known) {
    if (!key) return null;
    text = keyring.encryptField(key, context, text).toString('base64');
  }
  return { people: known.map(({ id }) => id), box: text };
}

/** The clear content of an archived one; null where it was erased or one of the keys is gone. @throws BrokenBoxError */
export function openContent(
  keyring: CommandDeps['keyring'],
  content: ArchivedContent,
  { place, keys }: { place: Place; keys: ReadonlyMap<string, Buffer | null> },
): { salt: string; body: string } | null {
  if (!content || 'salt' in content) return content;
  const context = archivePlace(place.part, place.rowId);
  let text = content.box;
  for (const id of content.people.toReversed()) {
    const key = keys.get(id);
    if (!key) return null;
    text = keyring.decryptField(key, context, Buffer.from(text, 'base64'));
  }
  return clearContent.parse(JSON.parse(text));
}
