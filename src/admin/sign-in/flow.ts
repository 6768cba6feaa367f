import type { Request, Response } from 'express';
import { isFresh } from '../../foundation/access/evaluate.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { assertionResponse } from '../../modules/identity/index.ts';
import type { AdminOptions } from '../admin.ts';
import { grantsKeyOf } from '../stages/rotate-after-role-change.ts';
import { requireSignedIn, stateOf } from '../state.ts';
import type { CookieJar } from './cookies.ts';
import type { AttemptContext, FactorAttempt, StaffIdentityPort } from './port.ts';
import { safeReturnPath } from './return-path.ts';
import type { AdminSession, SessionStore } from './session-store.ts';

export type SignInParts = {
  deps: CommandDeps;
  store: SessionStore;
  jar: CookieJar;
  identity: StaffIdentityPort;
  runCommand: AdminOptions['runCommand'];
};

/** A factor was given: a full session under a new id, which stays until the person's roles change. Null when it ended meanwhile. */
export async function completeSession(parts: SignInParts, session: AdminSession): ReturnType<SessionStore['rotate']> {
  const grantsKey = await currentGrantsKey(parts, session.userId);
  return parts.store.rotate(session, { stage: 'full', factorAt: parts.deps.clock.now(), ...(grantsKey === null ? {} : { grantsKey }) });
}

/** Under which grants an id is made now; null for somebody who may not enter any more. */
export async function currentGrantsKey(parts: SignInParts, userId: string): Promise<string | null> {
  const staff = await parts.identity.loadStaff(userId);
  return staff && grantsKeyOf(staff.grants);
}

/** One text for unknown, wrong, disabled and locked alike. */
export const refusedText = 'The email, password or code is not right.';

export function textField(fields: Readonly<Record<string, unknown>>, name: string, maxLength = 1000): string {
  const value = fields[name];
  return typeof value === 'string' && value.length <= maxLength ? value : '';
}

export function attemptContext(res: Response): AttemptContext {
  const { context } = stateOf(res);
  return { ip: context.ip, userAgent: context.userAgent };
}

/** `next` of the form, else of the query. */
export function nextPath(req: Request, fields: Readonly<Record<string, unknown>> = {}): string {
  return safeReturnPath(fields.next ?? req.query.next);
}

/** A passkey's answer: JSON text in a form, an object in a JSON body; null for anything else. */
export function responseIn(fields: Readonly<Record<string, unknown>>): unknown {
  const { response } = fields;
  if (typeof response !== 'string') return response ?? null;
  if (response === '' || response.length > 12_000) return null;
  try {
    return JSON.parse(response);
  } catch {
    return {};
  }
}

/** Whether the own factors may be changed: a factor of the last 15 minutes, or none at all yet. */
export function mayChangeFactors(parts: SignInParts, res: Response): boolean {
  const { staff, profile } = requireSignedIn(res);
  return !profile.hasMfa || isFresh(staff, 15, parts.deps.clock.now());
}

/** The factor in a form: a passkey's answer, a recovery code, else the six digits. */
export function factorIn(fields: Readonly<Record<string, unknown>>): FactorAttempt | null {
  const answered = responseIn(fields);
  if (answered !== null) {
    const parsed = assertionResponse.safeParse(answered);
    return parsed.success ? { response: parsed.data } : null;
  }
  const recoveryCode = textField(fields, 'recoveryCode', 64).trim();
  if (recoveryCode) return { recoveryCode };
  const code = textField(fields, 'code', 16).replaceAll(/\s/g, '');
  if (code) return { code };
  const password = textField(fields, 'password');
  return password ? { password } : null;
}

export function waitText(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 1 ? 'Too many attempts. Please wait a minute.' : `Too many attempts. Please wait ${minutes} minutes.`;
}
