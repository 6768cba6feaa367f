import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { bytesOf } from '../bytes.ts';
import { callerFields } from '../sign-in-shapes.ts';
import { endSessions } from './end-sessions.ts';
import { isRefreshTokenForm } from './refresh-token.ts';

const input = z.object({ scope: z.enum(['current', 'others', 'all']), refreshToken: z.string().nullable(), ...callerFields });
type Input = z.infer<typeof input>;

/**
 * Ends the current session, the others or all. `current` takes a live Bearer session or a refresh token of the calling
 * client, and is content with dead or missing ones; `others` and `all` need the live session.
 * @throws AppError 401 `token_missing` (others, all)
 */
export const logOut = defineCommand<Input, { ended: number }>({
  name: 'log-out',
  resource: 'session',
  access: 'public',
  input,
  isIdempotent: false,
  async run(scope, body) {
    const current = body.scope === 'current' ? await currentSession(scope, body) : bearerSession(scope);
    if (!current) return body.scope === 'current' ? { ended: 0 } : fail('token_missing');
    const ended = await endSessions(scope, { userId: current.userId, reason: 'signed_out', ...whichOf(body.scope, current) });
    // A refresh token alone names nobody: the owner finds the end among the events of the account all the same.
    if (ended.length > 0) scope.touched(current.userId);
    return { ended: ended.length };
  },
});

function whichOf(which: Input['scope'], { sessionId }: Current): { sessionIds?: string[]; exceptSessionId?: string } {
  switch (which) {
    case 'current':
      return { sessionIds: [sessionId] };
    case 'others':
      return { exceptSessionId: sessionId };
    case 'all':
      return {};
    default:
      return which satisfies never;
  }
}

type Current = { userId: string; sessionId: string };

function bearerSession(scope: CommandScope): Current | null {
  const { actor } = scope;
  return actor.kind === 'client' || actor.kind === 'vendor' ? { userId: actor.id, sessionId: actor.sessionId } : null;
}

async function currentSession(scope: CommandScope, body: Input): Promise<Current | null> {
  return bearerSession(scope) ?? (body.refreshToken ? sessionOfToken(scope, body.refreshToken, body.client.clientId) : null);
}

/** A token of another client ends nothing: whoever stole it cannot sign the person out either. */
async function sessionOfToken(scope: CommandScope, token: string, clientId: string): Promise<Current | null> {
  if (!isRefreshTokenForm(token)) return null;
  const found = await scope.tx.refreshToken.findUnique({
    where: { tokenHash: bytesOf(sha256(token)) },
    select: { session: { select: { id: true, userId: true, clientId: true } } },
  });
  return found && found.session.clientId === clientId ? { userId: found.session.userId, sessionId: found.session.id } : null;
}
