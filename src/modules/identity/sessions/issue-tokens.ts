import type { CommandDeps } from '../../../foundation/command/command.ts';
import { type AccountRow, signedInUserOf } from '../account.ts';
import type { Acr, IssuedTokens } from '../sign-in-shapes.ts';

export type SessionFacts = {
  id: string;
  createdAt: Date;
  amr: readonly string[];
  acr: Acr;
  authTime: Date;
  idleExpiresAt: Date;
  absoluteExpiresAt: Date;
};

/** The access JWT of a session and what is told about it; no refresh token. */
export function issueTokens(
  deps: Pick<CommandDeps, 'accessTokens' | 'keyring'>,
  account: AccountRow,
  session: SessionFacts,
): Omit<IssuedTokens, 'refreshToken' | 'deviceToken'> {
  const { id, acr, amr, authTime, createdAt, absoluteExpiresAt } = session;
  return {
    accessToken: signAccessToken(deps, account, session),
    refreshExpiresAt: earlier(session.idleExpiresAt, absoluteExpiresAt),
    session: { id, acr, amr, authTime, createdAt, expiresAt: absoluteExpiresAt },
    user: signedInUserOf(deps.keyring, account),
  };
}

/** Claims of auth-api.md section 3: ids, times and method names, nothing personal. */
export function signAccessToken(
  deps: Pick<CommandDeps, 'accessTokens'>,
  account: Pick<AccountRow, 'id' | 'kind'>,
  session: Pick<SessionFacts, 'id' | 'acr' | 'amr' | 'authTime'>,
): string {
  return deps.accessTokens.sign({
    sub: account.id,
    sid: session.id,
    auth_time: Math.floor(session.authTime.getTime() / 1000),
    acr: session.acr,
    amr: [...session.amr],
    roles: [account.kind],
  });
}

const earlier = (a: Date, b: Date) => (a < b ? a : b);
