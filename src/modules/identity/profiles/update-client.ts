import type { Client, Prisma } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import type { AccountRow } from '../account.ts';
import { clientSize } from './client-size.ts';
import { addressOf, sealedAddressOf } from './client-view.ts';
import { lockOwnRole } from './own-role.ts';
import { freeText, wordList } from './texts.ts';

const mostWords = 20;
const longestWord = 60;

const input = z.object({
  preferredSize: clientSize.nullable().optional(),
  bodyType: freeText(longestWord).optional(),
  stylePreferences: wordList(mostWords, longestWord).optional(),
  favouriteColours: wordList(mostWords, longestWord).optional(),
  occasionPreferences: wordList(mostWords, longestWord).optional(),
  emailNotificationsEnabled: z.boolean().optional(),
  smsNotificationsEnabled: z.boolean().optional(),
  defaultShippingAddress: freeText(500).optional(),
});
type Input = z.infer<typeof input>;
type Loaded = { account: AccountRow; client: Client };

/**
 * Changes the own shopper profile, compare-and-set on its version; what is not sent stays, null removes.
 * @throws AppError 403 `role_required`, 412 `version_conflict`, 428 `if_match_required`, 422 `too_long`, `invalid_value`
 */
export const updateClient = defineCommand<Input, { version: number }, undefined, Loaded>({
  name: 'update-client',
  resource: 'client',
  access: 'owner',
  input,
  isIdempotent: false,
  async load(scope) {
    const account = await lockOwnRole(scope, 'client');
    return { account, client: await scope.tx.client.findUniqueOrThrow({ where: { userId: account.id } }) };
  },
  version: ({ client }) => client.version,
  async run(scope, body, { account, client }) {
    const { data, fields } = changesOf(scope.deps, body, { account, client });
    scope.touched(account.id, client.id);
    if (fields.length === 0) return { version: client.version };
    await scope.tx.client.update({ where: { id: client.id }, data: { ...data, version: { increment: 1 } } });
    announce(scope, account.id, fields);
    return { version: client.version + 1 };
  },
});

/** Names of the contract with their columns. */
const columns = [
  ['preferredSize', 'preferredSize'],
  ['bodyType', 'bodyType'],
  ['stylePreferences', 'stylePreferences'],
  ['favouriteColours', 'favouriteColours'],
  ['occasionPreferences', 'occasionPreferences'],
  ['emailNotificationsEnabled', 'emailNotifications'],
  ['smsNotificationsEnabled', 'smsNotifications'],
] as const;

/** Columns to write, and the fields that really change. */
function changesOf({ keyring }: CommandDeps, body: Input, { account, client }: Loaded) {
  const changed = columns.filter(([field, column]) => {
    return body[field] !== undefined && JSON.stringify(body[field]) !== JSON.stringify(client[column]);
  });
  const data: Prisma.ClientUncheckedUpdateInput = Object.fromEntries(changed.map(([field, column]) => [column, body[field]]));
  const fields: string[] = changed.map(([field]) => field);
  const { defaultShippingAddress: address } = body;
  if (address !== undefined && address !== addressOf(keyring, account, client)) {
    data.defaultAddressEnc = address === null ? null : sealedAddressOf(keyring, account, client.id, address);
    fields.push('defaultShippingAddress');
  }
  return { data, fields };
}

function announce(scope: CommandScope, userId: string, fields: readonly string[]): void {
  scope.emit({ name: 'identity.user.profile_changed', aggregateId: userId, payload: { userId, fields: [...fields] } });
}
