import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import type { AccountRow } from '../account.ts';
import { lockOwnAccount, requireFresh } from '../freshness.ts';
import { endMfaTrust } from '../known-device.ts';
import { callerFields } from '../sign-in-shapes.ts';
import { announceIdentity, findIdentity, type IdentityView, insertIdentity } from './external-identity.ts';
import { type PreparedProviderProof, prepareProviderProof, providerProofFields, redeemProviderProof } from './presented-proof.ts';

const input = z.object({ ...providerProofFields, ...callerFields });
type Input = z.infer<typeof input>;

/**
 * Links a Google account to the own account, which is a new way to sign in: device trust ends and the owner is told.
 * @throws AppError 400 `handoff_invalid`, 401 `idtoken_invalid`, `idtoken_replayed`, 403 `reauth_required`,
 * `provider_email_unverified`, 409 `identity_exists`, `identity_in_use`
 */
export const linkIdentity = defineCommand<Input, IdentityView, PreparedProviderProof, AccountRow>({
  name: 'link-google',
  resource: 'external_identity',
  access: 'owner',
  input,
  isIdempotent: false,
  prepare: prepareProviderProof,
  load: lockOwnAccount,
  async run(scope, { client }, account, proof) {
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    const person = await redeemProviderProof(scope, proof, { intent: 'link', client });
    if ('refused' in person) return person;
    const holder = await findIdentity(scope.deps, scope.tx, person);
    if (holder) return { refused: holder.userId === account.id ? 'identity_exists' : 'identity_in_use' };
    const linked = await insertIdentity(scope, account, person);
    if (!linked) return { refused: 'identity_in_use' };
    await endMfaTrust(scope, account.id);
    announceIdentity(scope, 'linked', { userId: account.id, provider: linked.provider });
    return linked;
  },
});
