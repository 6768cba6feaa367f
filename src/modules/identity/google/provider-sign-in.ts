import type { CommandScope, Refusal } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { lastSettings } from '../../../foundation/settings/live-settings.ts';
import { findAccount, lockAccount } from '../account.ts';
import { recordLogin } from '../history/login-event.ts';
import { passed, refused } from '../history/rule-trace.ts';
import { presentedDeviceId } from '../known-device.ts';
import { supersedeFlows } from '../otp-flow.ts';
import { permitOf } from '../permit.ts';
import { createCustomer } from '../registration/create-customer.ts';
import { dropPendings } from '../registration/pending-registration.ts';
import { lockIdentifier } from '../registration/verify-registration.ts';
import { issueSession } from '../sessions/issue-session.ts';
import type { SignInOutcome } from '../sign-in-shapes.ts';
import { findIdentity, insertIdentity, lockSubject } from './external-identity.ts';
import { type LinkNeeded, openLinkFlow } from './link-flow.ts';
import type { ProviderSignIn } from './provider.ts';

/** `created` tells whether the account is new; a link outcome holds nothing that authenticates. */
export type ProviderOutcome = { created: boolean; outcome: SignInOutcome } | { created: false; outcome: LinkNeeded };

/**
 * Signs in whom a provider vouched for. The account key is issuer and subject: a known one is that account whatever the address
 * says now; an unknown one whose address is taken is never attached silently, its owner has to prove it; otherwise an account is
 * made, and every pending claim on the address dies (auth-api.md P3, P15).
 */
export async function signInWithProvider(scope: CommandScope, signIn: ProviderSignIn): Promise<ProviderOutcome | Refusal> {
  const known = await ownerOf(scope, signIn);
  if (known) return signInOwner(scope, signIn, known);
  await lockSubject(scope, signIn.person);
  const meanwhile = await ownerOf(scope, signIn);
  if (meanwhile) return signInOwner(scope, signIn, meanwhile);
  await lockIdentifier(scope, signIn.person.email.bidx);
  const holder = await findAccount(scope.tx, { kind: 'email', bidx: signIn.person.email.bidx });
  if (holder) return { created: false, outcome: await openLinkFlow(scope, signIn, holder) };
  // Signing in goes on in read-only mode, new accounts do not.
  if (lastSettings(scope.deps)?.readOnly) return { refused: 'read_only', details: { retryAfterSeconds: 60 } };
  return { created: true, outcome: await signUp(scope, signIn) };
}

async function ownerOf(scope: CommandScope, { person }: ProviderSignIn): Promise<{ identityId: string; userId: string } | null> {
  const row = await findIdentity(scope.deps, scope.tx, person);
  return row && { identityId: row.id, userId: row.userId };
}

async function signInOwner(
  scope: CommandScope,
  signIn: ProviderSignIn,
  { identityId, userId }: { identityId: string; userId: string },
): Promise<ProviderOutcome | Refusal> {
  const account = await lockAccount(scope.tx, { userId });
  if (account?.kind !== 'staff' && account?.status === 'active') {
    await scope.tx.externalIdentity.updateMany({ where: { id: identityId }, data: { lastUsedAt: scope.now } });
    const { client, device } = signIn;
    const permit = permitOf([passed('google')]);
    const isFed = { method: 'google', amr: ['fed'], isSecondFactorDone: false } as const;
    return { created: false, outcome: await issueSession(scope, { account, ...isFed, permit, identifierBidx: null, client, device }) };
  }
  const isSuspended = account?.status === 'suspended';
  await recordLogin(scope, {
    userId,
    identifierBidx: null,
    deviceId: presentedDeviceId(scope.deps, signIn.device),
    method: 'google',
    outcome: 'failed',
    reasonCode: isSuspended ? 'account_suspended' : signIn.closedCode,
    trace: [passed('google'), refused(isSuspended ? 'account_suspended' : 'account_closed')],
  });
  return { refused: isSuspended ? 'account_suspended' : signIn.closedCode };
}

async function signUp(scope: CommandScope, signIn: ProviderSignIn): Promise<SignInOutcome> {
  const { person, role, termsVersion, client, device, closedCode } = signIn;
  const { email, firstName, lastName } = person;
  const userId = await createCustomer(scope, {
    kind: role,
    authMethod: 'google',
    contact: email,
    verifiedHow: 'google',
    passwordHash: null,
    firstName,
    lastName,
    countryCode: null,
    locale: 'en',
    termsVersion,
    isMarketingGranted: null,
  });
  await dropPendings(scope, email.bidx);
  await supersedeFlows(scope, 'register', email.bidx);
  const account = await lockAccount(scope.tx, { userId });
  if (!account) throw new Error('The account made a moment ago is not there');
  // Both locks are held: only somebody who links this very identity in this moment can be faster, and then nothing of this stays.
  if (!(await insertIdentity(scope, account, person))) return fail(closedCode);
  return issueSession(scope, {
    account,
    method: 'google',
    amr: ['fed'],
    isSecondFactorDone: false,
    isFirst: true,
    permit: permitOf([passed('google')]),
    identifierBidx: email.bidx,
    client,
    device,
  });
}
