import type { Request, Response } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import { answerHtml, answerJson, problemDocument } from '../answers.ts';
import { type BodyLimits, readBody } from '../stages/read-body.ts';
import { requireSignedIn, stateOf } from '../state.ts';
import { attemptContext, factorIn, nextPath, refusedText, type SignInParts, waitText } from './flow.ts';
import { html } from './html.ts';
import { errorSummary, renderPage } from './page.ts';
import { passkeyFallback, passkeyForm } from './passkey-form.ts';

const stepUpBody: BodyLimits = { maxBytes: 16 * 1024, maxFields: 10, types: ['application/x-www-form-urlencoded', 'application/json'] };

export function showStepUp(req: Request, res: Response): void {
  answerHtml(res, 200, stepUpPage(res, nextPath(req), null));
}

/**
 * A factor again, for actions that ask for a fresh one. The dialog in the page sends JSON and gets JSON, then repeats the
 * refused action with its input; without JavaScript the form comes back to the page asked for.
 */
export async function submitStepUp(parts: SignInParts, req: Request, res: Response): Promise<void> {
  const { staff, session, profile } = requireSignedIn(res);
  const fields = await readBody(req, res, stepUpBody);
  const factor = factorIn(fields);
  const isUsable =
    factor !== null && (profile.hasMfa ? !('password' in factor) : 'password' in factor && stateOf(res).mode !== 'production');
  const outcome = isUsable ? await parts.identity.verifyFactor(staff.id, factor, attemptContext(res)) : ({ kind: 'refused' } as const);
  if (outcome.kind === 'limited') {
    res.setHeader('Retry-After', String(Math.max(1, Math.ceil(outcome.retryAfterSeconds))));
    return refuse(req, res, 429, waitText(outcome.retryAfterSeconds), fields);
  }
  const now = parts.deps.clock.now();
  const rotated = outcome.kind === 'ok' ? await parts.store.rotate(session, { factorAt: now }) : null;
  if (!rotated) return refuse(req, res, 401, refusedText, fields);
  parts.jar.setSession(res, rotated.token);
  if (isJson(req)) answerJson(res, 200, { stage: 'full', factorAt: now.toISOString() });
  else res.redirect(303, nextPath(req, fields));
}

function refuse(req: Request, res: Response, status: number, text: string, fields: Readonly<Record<string, unknown>>): void {
  if (!isJson(req)) {
    answerHtml(res, status, stepUpPage(res, nextPath(req, fields), text));
    return;
  }
  const error = new AppError(status === 429 ? 'rate_limited' : 'mfa_invalid');
  res.status(status);
  res.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  res.end(JSON.stringify({ ...problemDocument(error, stateOf(res).context.requestId), detail: text }));
}

function isJson(req: Request): boolean {
  return (req.headers['content-type'] ?? '').startsWith('application/json');
}

function stepUpPage(res: Response, next: string, error: string | null): string {
  const { profile } = requireSignedIn(res);
  const { hasTotp, hasPasskey } = profile;
  const code = html`<label for="code">Code from your authenticator app</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,7}" maxlength="7">`;
  const field = profile.hasMfa
    ? html`${hasTotp ? code : null}
<details class="fs-details"><summary>Use a recovery code</summary><label for="recoveryCode">Recovery code</label>
<input id="recoveryCode" name="recoveryCode" autocomplete="off" spellcheck="false" maxlength="64"></details>`
    : html`<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1000">`;
  return renderPage(res, {
    title: 'Confirm it is you',
    theme: profile.theme,
    usesPasskeys: hasPasskey,
    body: html`<h1>Confirm it is you</h1>
<p>This action asks for a fresh check.</p>
${errorSummary(error)}
${hasPasskey ? passkeyForm({ purpose: 'get', action: '/admin/step-up', label: 'Use a passkey', next }) : null}
${hasPasskey && !hasTotp ? passkeyFallback('Passkeys need a browser that runs scripts. Here a recovery code works.') : null}
<form method="post" action="/admin/step-up" class="fs-form">
<input type="hidden" name="next" value="${next}">
${field}
<button class="fs-button${hasPasskey ? '' : ' fs-button-primary'}" type="submit">Confirm</button>
</form>`,
  });
}
