import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { type Customer, customerSubject, endsSessions, loadCustomer } from './customer-record.ts';

const input = z.strictObject({ id: z.uuid(), sessionId: z.uuid().optional() });

/**
 * Ends one session of a customer, or all of them. Refresh fails and old access tokens are refused from then on.
 * @throws AppError 404 `not_found`, 409 `transition_not_allowed` when nothing was alive
 */
export const revokeUserSessions = defineCommand<z.infer<typeof input>, { ended: number }, undefined, Customer>({
  name: 'revoke-user-sessions',
  resource: 'user',
  access: 'user.revoke_sessions',
  input,
  load: loadCustomer,
  subject: customerSubject,
  async preview(scope, { id, sessionId }) {
    return [sessionId ? 'Ends 1 session.' : await endsSessions(scope, id), 'The person has to sign in again there.'];
  },
  async run(scope, { id, sessionId }) {
    scope.touched(id);
    const ended = await endSessions(scope, { userId: id, reason: 'revoked_by_staff', ...(sessionId ? { sessionIds: [sessionId] } : {}) });
    return ended.length === 0 ? { refused: 'transition_not_allowed' } : { ended: ended.length };
  },
});
