import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand, isRefusal } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import type { RequestContext } from '../../foundation/runtime/request-context.ts';
import type { AccountRow } from './account.ts';
import { customerOf, lockOwnAccount } from './freshness.ts';
import { codeProof, proveByCode } from './reauth/by-code.ts';
import { googleProof, proveByGoogle } from './reauth/by-google.ts';
import { passkeyProof, proveByPasskey } from './reauth/by-passkey.ts';
import { passwordProof, proveByPassword } from './reauth/by-password.ts';
import { proveByTotp, totpProof } from './reauth/by-totp.ts';
import type { Judge, Proof } from './reauth/proof.ts';
import { signAccessToken } from './sessions/issue-tokens.ts';
import type { SessionView } from './sign-in-shapes.ts';

const input = z.discriminatedUnion('method', [passwordProof, totpProof, passkeyProof, codeProof, googleProof]);
type Input = z.infer<typeof input>;

export type Reauthenticated = { accessToken: string; session: SessionView };

/**
 * Proves the person of a live session again: `auth_time` moves to now, a second factor or passkey also lifts the session to aal2.
 * Same session, no new refresh token. Wrong answers count in the buckets of sign-in (P9) and second factors (P10).
 * @throws AppError 401 `invalid_credentials`, `mfa_invalid`, `passkey_invalid`, `otp_invalid`, `otp_expired`, `otp_exhausted`,
 *   403 `password_disabled`, 410 `flow_expired`, `challenge_expired`, 422 `otp_malformed`, 429 `rate_limited`, `mfa_locked`
 */
export const reauthenticate = defineCommand<Input, Reauthenticated, Judge, AccountRow>({
  name: 'reauthenticate',
  resource: 'session',
  access: 'owner',
  input,
  isIdempotent: false,
  prepare: judgeOf,
  load: lockOwnAccount,
  async run(scope, _body, account, judge) {
    const proof = await judge(scope, account);
    return isRefusal(proof) ? proof : refreshProof(scope, account, proof);
  },
});

/** The slow half of the chosen method, and what is left to decide under the lock. */
function judgeOf(deps: CommandDeps, body: Input, context: RequestContext): Promise<Judge> {
  switch (body.method) {
    case 'password':
      return proveByPassword(deps, body, context);
    case 'totp':
      return proveByTotp(deps, body, context);
    case 'passkey':
      return proveByPasskey(deps, body, context);
    case 'otp':
      return proveByCode(deps, body);
    case 'google':
      return proveByGoogle(deps, body);
    default:
      return body satisfies never;
  }
}

type SessionRow = {
  id: string;
  acr: 'aal1' | 'aal2';
  amr: string[];
  authTime: Date;
  createdAt: Date;
  absoluteExpiresAt: Date;
};

async function refreshProof(scope: CommandScope, account: AccountRow, proof: Proof): Promise<Reauthenticated> {
  const { now } = scope;
  const { sessionId } = customerOf(scope);
  const isFactor = proof.isSecondFactor;
  const [session] = await scope.tx.$queryRaw<SessionRow[]>`
    UPDATE identity.session
       SET auth_time = ${now}::timestamptz, updated_at = ${now}::timestamptz,
           amr = amr || ARRAY(SELECT a FROM unnest(${[...proof.amr]}::text[]) WITH ORDINALITY AS t (a, n) WHERE a <> ALL (amr) ORDER BY n),
           acr = CASE WHEN ${isFactor}::boolean THEN 'aal2' ELSE acr END,
           mfa_at = CASE WHEN ${isFactor}::boolean THEN ${now}::timestamptz ELSE mfa_at END
     WHERE id = ${sessionId}::uuid AND user_id = ${account.id}::uuid AND revoked_at IS NULL
    RETURNING id, acr, amr, auth_time AS "authTime", created_at AS "createdAt", absolute_expires_at AS "absoluteExpiresAt"`;
  if (!session) return fail('session_revoked');
  scope.touched(account.id, session.id);
  const { id, acr, amr, authTime, createdAt } = session;
  return {
    accessToken: signAccessToken(scope.deps, account, session),
    session: { id, acr, amr, authTime, createdAt, expiresAt: session.absoluteExpiresAt },
  };
}
