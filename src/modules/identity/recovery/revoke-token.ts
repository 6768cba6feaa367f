import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import { AppError } from '../../../foundation/errors/app-error.ts';
import { bytesOf } from '../bytes.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { isRefreshTokenForm } from '../sessions/refresh-token.ts';

const input = z.object({ token: z.string() });

/**
 * Ends the session behind a refresh or access token (RFC 7009). Never says whether there was one: unknown, over-age and dead
 * tokens end nothing. A refresh token that was used before still names its session.
 */
export const revokeToken = defineCommand<z.infer<typeof input>, { ended: number }>({
  name: 'revoke-token',
  resource: 'session',
  access: 'public',
  input,
  isIdempotent: false,
  async run(scope, { token }) {
    const found = token.includes('.') ? sessionOfAccessToken(scope, token) : await sessionOfRefreshToken(scope, token);
    if (!found) return { ended: 0 };
    const { userId, sessionId } = found;
    scope.touched(userId);
    return { ended: (await endSessions(scope, { userId, reason: 'token_revoked', sessionIds: [sessionId] })).length };
  },
});

type Found = { userId: string; sessionId: string };

function sessionOfAccessToken({ deps }: CommandScope, token: string): Found | null {
  try {
    const { sub, sid } = deps.accessTokens.verify(token);
    return { userId: sub, sessionId: sid };
  } catch (error) {
    if (error instanceof AppError && error.status === 401) return null;
    throw error;
  }
}

async function sessionOfRefreshToken({ tx }: CommandScope, token: string): Promise<Found | null> {
  if (!isRefreshTokenForm(token)) return null;
  const found = await tx.refreshToken.findUnique({
    where: { tokenHash: bytesOf(sha256(token)) },
    select: { session: { select: { id: true, userId: true } } },
  });
  return found && { userId: found.session.userId, sessionId: found.session.id };
}
