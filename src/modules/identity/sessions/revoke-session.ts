import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { customerOf } from '../freshness.ts';
import { endSessions } from './end-sessions.ts';

const input = z.object({ sessionId: z.uuid() });

/** Ends one of the own sessions. Another person's, an ended or an unknown one are alike. @throws AppError 404 `not_found` */
export const revokeSession = defineCommand<z.infer<typeof input>, { ended: number }>({
  name: 'revoke-session',
  resource: 'session',
  access: 'owner',
  input,
  isIdempotent: false,
  async run(scope, { sessionId }) {
    const ended = await endSessions(scope, { userId: customerOf(scope).id, reason: 'revoked_by_owner', sessionIds: [sessionId] });
    return ended.length === 0 ? { refused: 'not_found' } : { ended: ended.length };
  },
});
