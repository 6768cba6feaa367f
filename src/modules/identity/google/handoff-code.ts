import { z } from 'zod';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { isEqualConstantTime, sha256 } from '../../../foundation/crypto/digest.ts';
import { contactOf } from '../contact.ts';
import { issueSingleUse, redeemSingleUse } from '../single-use.ts';
import type { VouchedPerson } from './provider.ts';

export const oauthIntents = ['login', 'link', 'reauth'] as const;
export type OauthIntent = (typeof oauthIntents)[number];

/** What the redirect leg was started for. */
export type HandoffTerms = {
  intent: OauthIntent;
  /** S256 challenge of the client that started it. */
  codeChallenge: string;
  role: 'client' | 'vendor';
  termsVersion: string | null;
};

export type Handoff = HandoffTerms & { person: VouchedPerson };

const sealed = z.object({
  intent: z.enum(oauthIntents),
  codeChallenge: z.string(),
  role: z.enum(['client', 'vendor']),
  termsVersion: z.string().nullable(),
  provider: z.enum(['google', 'facebook']),
  issuer: z.string(),
  subject: z.string(),
  email: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
});

/** A code for one browser redirect: 60 seconds, once, for the client that started (auth-api.md section 3). */
export function issueHandoff(scope: CommandScope, clientId: string, { person, ...terms }: Handoff): Promise<string> {
  const { provider, issuer, subject, email, firstName, lastName } = person;
  const payload: z.infer<typeof sealed> = { ...terms, provider, issuer, subject, email: email.value, firstName, lastName };
  return issueSingleUse(scope, { kind: 'handoff', clientId, userId: null, lifeSeconds: scope.deps.config.handoffTtlSeconds, payload });
}

export type GivenHandoff = { handoff: string; codeVerifier: string; intent: OauthIntent; clientIds: readonly string[] };

/**
 * Uses a handoff up. Null for unknown, used and over-age ones, those of another client, and for a wrong verifier or intent. Refuse
 * a null by throwing: a code that the wrong hand held, or that was sent to the wrong route, still serves the right one.
 */
export async function redeemHandoff(scope: CommandScope, given: GivenHandoff): Promise<Handoff | null> {
  for (const clientId of given.clientIds) {
    const redeemed = await redeemSingleUse(scope, { kind: 'handoff', token: given.handoff, clientId, userId: null });
    if (redeemed) return opened(scope, given, redeemed.payload);
  }
  return null;
}

function opened(scope: CommandScope, given: GivenHandoff, payload: unknown): Handoff | null {
  const { email, intent, codeChallenge, role, termsVersion, ...person } = sealed.parse(payload);
  const isRight = intent === given.intent && isEqualConstantTime(challengeOf(given.codeVerifier), codeChallenge);
  if (!isRight) return null;
  return {
    intent,
    codeChallenge,
    role,
    termsVersion,
    person: { ...person, email: contactOf(scope.deps, { kind: 'email', value: email }) },
  };
}

/** S256 of RFC 7636. */
function challengeOf(codeVerifier: string): string {
  return sha256(codeVerifier).toString('base64url');
}
