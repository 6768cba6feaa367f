import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import type { AccountRow } from '../account.ts';
import { lockOwnAccount, requireFresh } from '../freshness.ts';
import { endMfaTrust } from '../known-device.ts';
import { isLastCredential } from '../passkeys/last-credential.ts';
import { announceIdentity } from './external-identity.ts';

const input = z.object({ id: z.string() });
type Input = z.infer<typeof input>;

/**
 * Takes a linked account away, unless nothing else is left to sign in with. Sessions stay; the trust of devices ends.
 * @throws AppError 403 `reauth_required`, 404 `not_found`, 409 `last_credential`
 */
export const unlinkIdentity = defineCommand<Input, Record<string, never>, undefined, AccountRow>({
  name: 'unlink-identity',
  resource: 'external_identity',
  access: 'owner',
  input,
  isIdempotent: false,
  load: lockOwnAccount,
  async run(scope, { id }, account) {
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    const own = z.uuid().safeParse(id).success
      ? await scope.tx.externalIdentity.findFirst({ where: { id, userId: account.id }, select: { provider: true } })
      : null;
    if (!own) return { refused: 'not_found' };
    if (isLastCredential(account, 'identity')) return { refused: 'last_credential' };
    await scope.tx.externalIdentity.deleteMany({ where: { id, userId: account.id } });
    scope.touched(account.id, id);
    await endMfaTrust(scope, account.id);
    announceIdentity(scope, 'unlinked', { userId: account.id, provider: own.provider });
    return {};
  },
});
