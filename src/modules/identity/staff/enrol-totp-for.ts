import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { type AccountRow, lockAccount } from '../account.ts';
import { replaceRecoveryCodes } from '../factors/recovery-codes.ts';
import { enrol } from '../start-totp.ts';

const input = z.strictObject({ userId: z.uuid() });
type Input = z.infer<typeof input>;

/**
 * A confirmed authenticator with recovery codes, for demo people. Seed and operator only; the secret is in the answer alone.
 * @throws AppError 404 `not_found`, 409 `totp_exists`
 */
export const enrolTotpFor = defineCommand<Input, { secret: string; recoveryCodes: readonly string[] }, undefined, AccountRow>({
  name: 'enrol-totp-for',
  resource: 'totp',
  access: 'system',
  input,
  isIdempotent: false,
  load: async (scope: CommandScope, { userId }: Input) => (await lockAccount(scope.tx, { userId })) ?? fail('not_found'),
  async run(scope, { userId }, account) {
    if (account.hasTotp) return { refused: 'totp_exists' };
    const { enrolId, secret } = await enrol(scope, account);
    await scope.tx.totp.updateMany({ where: { id: enrolId }, data: { confirmedAt: scope.now } });
    const recoveryCodes = await replaceRecoveryCodes(scope, userId);
    scope.emit({ name: 'identity.mfa.enabled', aggregateId: userId, payload: { userId, factor: 'totp' } });
    return { secret, recoveryCodes };
  },
});
