import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { lockAccount } from '../account.ts';
import { recordLogin } from '../history/login-event.ts';
import { refused } from '../history/rule-trace.ts';
import { presentedDeviceId } from '../known-device.ts';
import { permitOf } from '../permit.ts';
import { issueSession } from '../sessions/issue-session.ts';
import { callerFields, type SignInOutcome } from '../sign-in-shapes.ts';
import type { CheckedAssertion } from './passkey-assertion.ts';
import { checkPasskeyProof, settlePasskeyProof } from './passkey-proof.ts';
import { assertionResponse } from './response-shapes.ts';

const input = z.object({ challengeId: z.string(), response: assertionResponse, ...callerFields });
type Input = z.infer<typeof input>;

/**
 * Signs in by passkey: first and second factor in one, since the person was verified by their device. Whatever is wrong with an
 * answer has one code, and wrong answers count nowhere: nobody can lock somebody else's factors by knowing a credential id.
 * @throws AppError 401 `passkey_invalid`, 403 `account_suspended`, 410 `challenge_expired`
 */
export const finishPasskeySignIn = defineCommand<Input, SignInOutcome, CheckedAssertion>({
  name: 'sign-in-by-passkey',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  prepare: (deps, { challengeId, response }) => checkPasskeyProof(deps, { kind: 'passkey_sign_in', challengeId, response, ownerId: null }),
  async run(scope, { challengeId, client, device }, _loaded, checked) {
    const account = checked.userId === null ? null : await lockAccount(scope.tx, { userId: checked.userId });
    const challenge = { kind: 'passkey_sign_in', challengeId, clientId: client.clientId, challengeOwnerId: null } as const;
    const settled = await settlePasskeyProof(scope, checked, challenge);
    const attempt = {
      userId: account?.id ?? null,
      identifierBidx: null,
      deviceId: presentedDeviceId(scope.deps, device),
      method: 'passkey',
      outcome: 'failed',
    } as const;
    if ('refused' in settled) {
      await recordLogin(scope, { ...attempt, trace: settled.trace, reasonCode: settled.refused });
      return { refused: settled.refused };
    }
    if (account?.kind !== 'staff' && account?.status === 'active') {
      return issueSession(scope, {
        account,
        method: 'passkey',
        amr: ['hwk', 'user'],
        isSecondFactorDone: true,
        permit: permitOf(settled.trace),
        identifierBidx: null,
        client,
        device,
      });
    }
    const isSuspended = account?.kind !== 'staff' && account?.status === 'suspended';
    const reasonCode = isSuspended ? 'account_suspended' : 'passkey_invalid';
    await recordLogin(scope, {
      ...attempt,
      trace: [...settled.trace, refused(isSuspended ? 'account_suspended' : 'account_closed')],
      reasonCode,
    });
    return { refused: reasonCode };
  },
});
