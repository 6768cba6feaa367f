import type { Request, RequestHandler, Response } from 'express';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import { currentAdminOf } from '../current-admin.ts';
import type { CookieJar } from '../sign-in/cookies.ts';
import type { StaffIdentityPort } from '../sign-in/port.ts';
import type { AdminSession, SessionStore } from '../sign-in/session-store.ts';
import { adminPath, stateOf } from '../state.ts';

export type SessionParts = { store: SessionStore; jar: CookieJar; identity: StaffIdentityPort };

/** Stage 5: finds the session of the cookie. A wrong or old cookie is no error here; stage 8 decides what needs one. */
export function loadSession(parts: SessionParts): RequestHandler {
  return async (req, res, next) => {
    const token = parts.jar.readSession(req);
    const session = token ? await parts.store.find(token) : null;
    if (session) await adopt(parts, res, session, { isActivity: !polled.has(adminPath(req)) });
    next();
  };
}

/** What an open page asks by itself, every few seconds: a tab that was left alone must not stay signed in by it. */
const polled: ReadonlySet<string> = new Set(['/api/waiting', '/api/presence']);

/** Puts the person behind a session on the request: roles are read anew each time, so a withdrawn grant works at once. */
export async function adopt(
  { store, identity }: SessionParts,
  res: Response,
  session: AdminSession,
  { isActivity } = { isActivity: true },
): Promise<void> {
  const state = stateOf(res);
  const profile = await identity.loadStaff(session.userId);
  if (!profile || profile.isDisabled) {
    await store.end(session);
    return;
  }
  if (isActivity) await store.touch(session);
  state.session = session;
  const staff: StaffActor = {
    kind: 'staff',
    id: session.userId,
    displayName: profile.displayName,
    grants: profile.grants,
    sessionHash: session.idHash,
    hasMfa: profile.hasMfa,
    // Demo staff may skip the second factor; what proved them last is then their password.
    factorAt: session.factorAt,
  };
  state.context.actor = staff;
  if (session.stage !== 'full') return;
  state.signedIn = { session, profile, staff, currentAdmin: currentAdminOf(staff, profile) };
}

/** Name of the page asked for, kept through sign-in. */
export function wantedPath(req: Request): string {
  return req.originalUrl.length <= 2000 ? req.originalUrl : '/admin';
}
