import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { customerOf } from '../freshness.ts';
import { endSessions } from './end-sessions.ts';

const input = z.object({});

/** Ends all own sessions but the current one and says how many; nothing to end is no error. */
export const revokeOtherSessions = defineCommand<z.infer<typeof input>, { ended: number }>({
  name: 'revoke-other-sessions',
  resource: 'session',
  access: 'owner',
  input,
  isIdempotent: false,
  async run(scope) {
    const { id, sessionId } = customerOf(scope);
    return { ended: (await endSessions(scope, { userId: id, reason: 'revoked_by_owner', exceptSessionId: sessionId })).length };
  },
});
