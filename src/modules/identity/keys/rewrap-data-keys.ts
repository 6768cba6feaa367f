import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';

const input = z.strictObject({ limit: z.number().int().min(1).max(5_000) });

/** Data keys of people and of open invitations that were put under the current key-encryption key. */
export type Rewrapped = { rewrapped: number };

/**
 * Puts one batch of data keys under the current key-encryption key. The data keys themselves, and so everything they encrypt, stay as
 * they are. Rows that somebody holds at this moment are left for the next batch; a run that was cut short continues where it stopped.
 */
export const rewrapDataKeys = defineCommand<z.infer<typeof input>, Rewrapped>({
  name: 'rewrap-data-keys',
  resource: 'key',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { limit }) {
    const people = await rewrapPeople(scope, limit);
    const rewrapped = people + (people < limit ? await rewrapInvites(scope, limit - people) : 0);
    scope.note(`${rewrapped} data keys under ${currentKek(scope)}`);
    return { rewrapped };
  },
});

type Wrapped = { id: string; wrappedKey: Uint8Array; kekKid: string };

function currentKek(scope: CommandScope): string {
  const [current] = scope.deps.config.secrets.piiKeks;
  if (!current) throw new Error('PII_KEKS names no key');
  return current.kid;
}

async function rewrapPeople(scope: CommandScope, limit: number): Promise<number> {
  const rows = await scope.tx.$queryRaw<Wrapped[]>`
    SELECT user_id AS id, wrapped_key AS "wrappedKey", kek_kid AS "kekKid" FROM identity.user_key
     WHERE kek_kid <> ${currentKek(scope)} AND wrapped_key IS NOT NULL
     ORDER BY user_id LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  const { ids, keys, kid } = rewrap(scope, rows);
  return scope.tx.$executeRaw`
    UPDATE identity.user_key AS k SET wrapped_key = n.key, kek_kid = ${kid}
      FROM unnest(${ids}::uuid[], ${keys}::bytea[]) AS n (id, key) WHERE k.user_id = n.id`;
}

async function rewrapInvites(scope: CommandScope, limit: number): Promise<number> {
  const rows = await scope.tx.$queryRaw<Wrapped[]>`
    SELECT id, wrapped_row_key AS "wrappedKey", kek_kid AS "kekKid" FROM identity.staff_invite
     WHERE kek_kid <> ${currentKek(scope)} AND wrapped_row_key IS NOT NULL
     ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  const { ids, keys, kid } = rewrap(scope, rows);
  return scope.tx.$executeRaw`
    UPDATE identity.staff_invite AS i SET wrapped_row_key = n.key, kek_kid = ${kid}
      FROM unnest(${ids}::uuid[], ${keys}::bytea[]) AS n (id, key) WHERE i.id = n.id`;
}

function rewrap(scope: CommandScope, rows: readonly Wrapped[]): { ids: string[]; keys: Uint8Array[]; kid: string } {
  const { keyring } = scope.deps;
  const fresh = rows.flatMap(({ id, wrappedKey, kekKid }) => {
    const changed = keyring.rewrapDataKey(wrappedKey, kekKid);
    return changed ? [{ id, key: changed.wrappedKey }] : [];
  });
  return { ids: fresh.map(({ id }) => id), keys: fresh.map(({ key }) => key), kid: currentKek(scope) };
}
