import { z } from 'zod';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { type AccountRow, requireDataKey } from '../account.ts';
import { recordLogin } from '../history/login-event.ts';
import { passed, refused } from '../history/rule-trace.ts';
import { endMfaTrust, presentedDeviceId } from '../known-device.ts';
import { createFlow, findFlow, flowLifeSeconds } from '../otp-flow.ts';
import { announceIdentity, findIdentity, insertIdentity, type NewIdentity } from './external-identity.ts';
import type { ProviderSignIn } from './provider.ts';

export type LinkMethod = 'password' | 'otp' | 'passkey';

/** LinkRequired of auth-api.md 1.8; seconds. */
export type LinkNeeded = { kind: 'link'; flowId: string; methods: readonly LinkMethod[]; destination: string; expiresIn: number };

/** The identity that waits for its proof, as sealed in the flow. */
const claimShape = z.object({
  provider: z.enum(['google', 'facebook']),
  issuer: z.string(),
  subject: z.string(),
  email: z.object({ value: z.string(), masked: z.string() }),
});

const boxOf = (flowId: string) => `otp_flow.target_enc:${flowId}`;

/**
 * Opens the flow in which the owner of an existing account proves that it is theirs. No code goes out before it is asked for. An
 * account that may not sign in here, staff or closed, gets a decoy that answers alike and that nothing opens.
 */
export async function openLinkFlow(
  scope: CommandScope,
  { person, client, device }: ProviderSignIn,
  holder: AccountRow,
): Promise<LinkNeeded> {
  const isReal = holder.kind !== 'staff' && (holder.status === 'active' || holder.status === 'suspended');
  const flowId = newId();
  await createFlow(scope, {
    id: flowId,
    purpose: 'link',
    contact: person.email,
    subject: isReal ? { type: 'user', id: holder.id } : null,
    locale: holder.language,
    clientId: client.clientId,
    isUnsent: true,
    ...(isReal ? { target: { enc: sealClaim(scope, flowId, holder, person), userId: holder.id } } : {}),
  });
  await recordLogin(scope, {
    userId: holder.id,
    identifierBidx: person.email.bidx,
    deviceId: presentedDeviceId(scope.deps, device),
    method: 'google',
    outcome: 'challenged',
    reasonCode: 'link_required',
    trace: [passed('google'), refused('link_required')],
  });
  const methods = isReal ? linkMethodsOf(holder) : decoyMethods;
  return { kind: 'link', flowId, methods, destination: person.email.destination, expiresIn: flowLifeSeconds.link };
}

/** Those of the most usual account. */
const decoyMethods: readonly LinkMethod[] = ['password', 'otp'];

function linkMethodsOf(holder: AccountRow): LinkMethod[] {
  const methods: LinkMethod[] = [];
  if (holder.passwordHash !== null && !holder.passwordDisabled) methods.push('password');
  methods.push('otp');
  if (holder.passkeys > 0) methods.push('passkey');
  return methods;
}

function sealClaim(scope: CommandScope, flowId: string, holder: AccountRow, { provider, issuer, subject, email }: NewIdentity): Uint8Array {
  const { keyring } = scope.deps;
  const claim = { provider, issuer, subject, email: { value: email.value, masked: email.masked } };
  return keyring.encryptField(requireDataKey(keyring, holder), boxOf(flowId), JSON.stringify(claim));
}

export type PendingLink = { claim: NewIdentity; isTaken: boolean };

/** The identity that a proved flow is about; `isTaken` when another account holds it by now. */
export async function pendingLinkOf(scope: CommandScope, account: AccountRow, flowId: string): Promise<PendingLink | null> {
  const flow = await findFlow(scope.tx, flowId);
  if (!flow?.targetEnc) return null;
  const { keyring } = scope.deps;
  const claim = claimShape.parse(JSON.parse(keyring.decryptField(requireDataKey(keyring, account), boxOf(flowId), flow.targetEnc)));
  const holder = await findIdentity(scope.deps, scope.tx, claim);
  return { claim, isTaken: holder !== null && holder.userId !== account.id };
}

/**
 * Stores the link of a flow whose proof, and second factor where there is one, is done; with it ends the trust of devices. An
 * identity that found an account in the meantime stays where it is: the sign-in was proved without it.
 */
export async function storeProvedLink(scope: CommandScope, account: AccountRow, flowId: string): Promise<void> {
  const pending = await pendingLinkOf(scope, account, flowId);
  if (!pending || pending.isTaken) return;
  const stored = await insertIdentity(scope, account, pending.claim);
  if (!stored) return;
  await endMfaTrust(scope, account.id);
  announceIdentity(scope, 'linked', { userId: account.id, provider: stored.provider });
}
