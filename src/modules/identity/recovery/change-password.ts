import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import type { RequestContext } from '../../../foundation/runtime/request-context.ts';
import { type AccountRow, findAccount } from '../account.ts';
import { customerOf, lockOwnAccount, requireFresh } from '../freshness.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { callerFields } from '../sign-in-shapes.ts';
import { requireGoodPassword, storePassword } from './new-password.ts';
import { judgePassword, type PasswordProof, tryPassword } from './password-proof.ts';

const input = z.object({ currentPassword: z.string(), newPassword: z.string(), ...callerFields });
type Input = z.infer<typeof input>;
type Prepared = { proof: PasswordProof; newHash: string | null };

/**
 * Replaces the own password. The current one is asked for again and counts in the buckets of sign-in; every other session ends.
 * @throws AppError 401 `invalid_credentials`, 403 `reauth_required`, `account_frozen`, `password_disabled`, 409 `no_password`,
 *   422 `password_*`, `password_unchanged`, 429 `rate_limited`, 503 `overloaded`
 */
export const changePassword = defineCommand<Input, { ended: number }, Prepared, AccountRow>({
  name: 'change-password',
  resource: 'user',
  access: 'owner',
  input,
  isIdempotent: false,
  prepare,
  load: lockOwnAccount,
  async run(scope, _body, account, { proof, newHash }) {
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    const refusal = await judgePassword(scope, account, proof);
    if (refusal) return refusal;
    if (newHash === null) throw validationError([{ path: 'newPassword', code: 'password_unchanged' }]);
    await storePassword(scope, account.id, newHash);
    const { sessionId } = customerOf(scope);
    const ended = await endSessions(scope, { userId: account.id, reason: 'credentials_changed', exceptSessionId: sessionId });
    scope.emit({ name: 'identity.password.changed', aggregateId: account.id, payload: { userId: account.id } });
    return { ended: ended.length };
  },
});

/** Nothing is hashed or counted before it is clear that the person may try. */
async function prepare(deps: CommandDeps, body: Input, context: RequestContext): Promise<Prepared> {
  const who = { deps, actor: context.actor, now: deps.clock.now() };
  const account = (await findAccount(deps.database.prisma, { userId: customerOf(who).id })) ?? fail('session_revoked');
  requireFresh(who, account, deps.config.reauthFreshSeconds);
  if (account.passwordHash === null) return fail('no_password');
  await requireGoodPassword(deps, account, { path: 'newPassword', value: body.newPassword });
  const proof = await tryPassword(deps, context, { account, password: body.currentPassword, deviceToken: body.device.token });
  const isNew = body.newPassword.normalize('NFC') !== body.currentPassword.normalize('NFC');
  return { proof, newHash: proof.isMatch && isNew ? await deps.hasher.hash(body.newPassword) : null };
}
