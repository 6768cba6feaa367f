import type { RequestHandler } from 'express';
import type { RoleGrant } from '../../foundation/access/roles.ts';
import type { CookieJar } from '../sign-in/cookies.ts';
import type { SessionStore } from '../sign-in/session-store.ts';
import { requireSignedIn } from '../state.ts';
import { requireRoute } from './route-gate.ts';

/**
 * Part of stage 8: when somebody's roles changed, their session gets a new id with the next page they open. Only pages do
 * it: API calls run side by side, and the losers would be signed out. The new roles themselves count from the first request.
 */
export function rotateAfterRoleChange(parts: { store: SessionStore; jar: CookieJar }): RequestHandler {
  return async (req, res, next) => {
    if (requireRoute(res).kind !== 'shell' || req.method !== 'GET') return next();
    const { session, profile } = requireSignedIn(res);
    const grantsKey = grantsKeyOf(profile.grants);
    if (session.grantsKey === grantsKey) return next();
    const rotated = await parts.store.rotate(session, { grantsKey });
    if (rotated) parts.jar.setSession(res, rotated.token);
    next();
  };
}

export function grantsKeyOf(grants: readonly RoleGrant[]): string {
  return grants
    .map(({ role, isLead }) => (isLead ? `${role}+lead` : role))
    .sort()
    .join(',');
}
