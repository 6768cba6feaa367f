import type { Request, Response } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import { attestationResponse } from '../../modules/identity/index.ts';
import { answerHtml } from '../answers.ts';
import { formBody, readBody } from '../stages/read-body.ts';
import { stateOf } from '../state.ts';
import { errorText } from '../texts.ts';
import { showInvite, submitInvite } from './accept-invite.ts';
import { type EnrolView, enrolPage } from './enrol-page.ts';
import { completeSession, mayChangeFactors, nextPath, responseIn, type SignInParts, textField } from './flow.ts';
import { recoveryCodesPage } from './recovery-codes-page.ts';

type Outcome = { recoveryCodes: readonly string[] | null } | { status: number; error: string };

/** The page behind an invitation, or where a factor is set up: the first one, or a further one from the account page. */
export async function showEnrol(parts: SignInParts, req: Request, res: Response): Promise<void> {
  const { token, factor } = req.query;
  if (typeof token === 'string') return showInvite(parts, token, res);
  const userId = enrollingUser(parts, res);
  if (!userId) return elsewhere(res);
  if (factor !== 'passkey' && stateOf(res).signedIn?.profile.hasTotp) return res.redirect(303, '/admin/account');
  const view = { userId, factor: factor === 'passkey' ? 'passkey' : 'totp', next: nextPath(req), error: null } as const;
  await answerPage(parts, res, 200, view);
}

/** A right code or a good passkey is a factor from now on; it completes a sign-in that waited for one, under a new session id. */
export async function submitEnrol(parts: SignInParts, req: Request, res: Response): Promise<void> {
  const fields = await readBody(req, res, formBody);
  if ('token' in fields) return submitInvite(parts, req, res);
  const userId = enrollingUser(parts, res);
  const { session } = stateOf(res);
  if (!userId || !session) return elsewhere(res);
  const next = nextPath(req, fields);
  const response = responseIn(fields);
  const outcome = response === null ? await byCode(parts, userId, fields) : await byPasskey(parts, userId, { response, fields });
  if ('error' in outcome) {
    const factor = response === null ? 'totp' : 'passkey';
    return answerPage(parts, res, outcome.status, { userId, factor, next, error: outcome.error });
  }
  const rotated = await completeSession(parts, session);
  if (!rotated) return res.redirect(303, '/admin/login');
  parts.jar.setSession(res, rotated.token);
  if (outcome.recoveryCodes) answerHtml(res, 200, recoveryCodesPage(res, outcome.recoveryCodes, next));
  else res.redirect(303, next);
}

/** Forced enrolment after the password, or by choice from the account page: then behind a fresh factor once there is one. */
function enrollingUser(parts: SignInParts, res: Response): string | null {
  const { session, signedIn } = stateOf(res);
  if (session?.stage === 'enrol') return session.userId;
  return signedIn && mayChangeFactors(parts, res) ? signedIn.staff.id : null;
}

function elsewhere(res: Response): void {
  res.redirect(303, stateOf(res).signedIn ? '/admin/step-up?next=/admin/account' : '/admin/login');
}

async function byCode(parts: SignInParts, userId: string, fields: Readonly<Record<string, unknown>>): Promise<Outcome> {
  const confirmed = await parts.identity.confirmTotpEnrolment(userId, textField(fields, 'code', 16).replaceAll(/\s/g, ''));
  return confirmed ?? { status: 401, error: 'That code is not right. Codes change every 30 seconds.' };
}

type Passkey = { response: unknown; fields: Readonly<Record<string, unknown>> };

async function byPasskey(parts: SignInParts, userId: string, { response, fields }: Passkey): Promise<Outcome> {
  const parsed = attestationResponse.safeParse(response);
  const name = textField(fields, 'name', 60).trim();
  const added = parsed.success ? await parts.identity.confirmPasskeyEnrolment(userId, parsed.data, name) : null;
  return added ?? { status: 401, error: 'That passkey was not accepted. Try again, or set up an authenticator.' };
}

async function answerPage(parts: SignInParts, res: Response, status: number, view: EnrolView): Promise<void> {
  try {
    answerHtml(res, status, await enrolPage(parts, res, view));
  } catch (error) {
    // An authenticator is set up already: there is one at most.
    if (!(error instanceof AppError) || error.code !== 'totp_exists') throw error;
    answerHtml(res, error.status, await enrolPage(parts, res, { ...view, factor: 'passkey', error: errorText(error.code) }));
  }
}
