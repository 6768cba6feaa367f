import type { LoginEvent } from '@prisma/client';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { QueryDeps } from '../query-deps.ts';
import { itemOf, type LoginEventItem } from './login-event-item.ts';
import { type SignInTrace, traceOf } from './sign-in-trace.ts';

/** Newest first; at most 100. */
export async function listLoginEvents(deps: QueryDeps, userId: string, limit = 10): Promise<LoginEventItem[]> {
  return (await newest(deps, userId, limit)).map(itemOf);
}

/** The last attempts as they are stored, for itemOf and traceOf. */
export function newest(deps: QueryDeps, userId: string, limit: number): Promise<LoginEvent[]> {
  return deps.database.prisma.loginEvent.findMany({
    where: { userId },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: Math.min(Math.max(1, limit), 100),
  });
}

/** "Why can't I sign in?": what is in the way now, and the last attempts rule by rule. @throws AppError 404 `not_found` */
export async function signInTrace(deps: QueryDeps, userId: string, limit = 10): Promise<SignInTrace> {
  const [user, events] = await Promise.all([deps.database.prisma.user.findUnique({ where: { id: userId } }), newest(deps, userId, limit)]);
  if (!user) return fail('not_found');
  return traceOf(user, events, deps.clock.now());
}
