import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { findIdentity } from '../google/external-identity.ts';
import { prepareProviderProof, providerProofFields, redeemProviderProof } from '../google/presented-proof.ts';
import { recordLogin } from '../history/login-event.ts';
import { passed, refused } from '../history/rule-trace.ts';
import { presentedDeviceId } from '../known-device.ts';
import { callerFields } from '../sign-in-shapes.ts';
import type { Judge } from './proof.ts';

export const googleProof = z.object({ method: z.literal('google'), ...providerProofFields, ...callerFields });

/**
 * A Google sign-in made for this purpose, of an identity that is linked to this very account. Refusals: `idtoken_invalid` (another
 * identity, too), `idtoken_replayed`, `provider_email_unverified`.
 * @throws AppError 400 `handoff_invalid`, 404 `provider_disabled`, 422 unless one complete pair is given
 */
export async function proveByGoogle(deps: CommandDeps, body: z.infer<typeof googleProof>): Promise<Judge> {
  const proof = await prepareProviderProof(deps, body);
  const deviceId = presentedDeviceId(deps, body.device);
  return async (scope, account) => {
    const attempt = { userId: account.id, identifierBidx: null, deviceId, method: 'google', outcome: 'failed' } as const;
    const person = await redeemProviderProof(scope, proof, { intent: 'reauth', client: body.client });
    if ('refused' in person) {
      await recordLogin(scope, { ...attempt, reasonCode: person.refused, trace: [refused('google')] });
      return person;
    }
    const identity = await findIdentity(deps, scope.tx, person);
    if (identity?.userId !== account.id) {
      await recordLogin(scope, { ...attempt, reasonCode: 'idtoken_invalid', trace: [passed('google'), refused('other_identity')] });
      return { refused: 'idtoken_invalid' };
    }
    await scope.tx.externalIdentity.updateMany({ where: { id: identity.id }, data: { lastUsedAt: scope.now } });
    return { amr: ['fed'], isSecondFactor: false };
  };
}
