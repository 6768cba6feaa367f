import type { Request, Response } from 'express';
import { answerHtml } from '../answers.ts';
import { formBody, readBody } from '../stages/read-body.ts';
import { stateOf } from '../state.ts';
import { attemptContext, factorIn, nextPath, refusedText, type SignInParts, waitText } from './flow.ts';
import { html } from './html.ts';
import { errorSummary, renderPage } from './page.ts';

export function showMfa(req: Request, res: Response): void {
  if (!isWaiting(res)) {
    res.redirect(303, '/admin/login');
    return;
  }
  answerHtml(res, 200, mfaPage(res, nextPath(req), null));
}

/** The second factor turns the session full, under a new id. */
export async function submitMfa(parts: SignInParts, req: Request, res: Response): Promise<void> {
  const { session } = stateOf(res);
  if (session?.stage !== 'password') {
    answerHtml(
      res,
      401,
      renderPage(res, { title: 'Please sign in', body: html`<h1>Please sign in</h1><p><a href="/admin/login">Sign in again</a></p>` }),
    );
    return;
  }
  const fields = await readBody(req, res, formBody);
  const next = nextPath(req, fields);
  const factor = factorIn(fields);
  const outcome =
    factor && !('password' in factor)
      ? await parts.identity.verifyFactor(session.userId, factor, attemptContext(res))
      : ({ kind: 'refused' } as const);
  if (outcome.kind === 'limited') {
    res.setHeader('Retry-After', String(Math.max(1, Math.ceil(outcome.retryAfterSeconds))));
    answerHtml(res, 429, mfaPage(res, next, waitText(outcome.retryAfterSeconds)));
    return;
  }
  const rotated = outcome.kind === 'ok' ? await parts.store.rotate(session, { stage: 'full', factorAt: parts.deps.clock.now() }) : null;
  if (!rotated) {
    answerHtml(res, 401, mfaPage(res, next, refusedText));
    return;
  }
  parts.jar.setSession(res, rotated.token);
  res.redirect(303, next);
}

function isWaiting(res: Response): boolean {
  return stateOf(res).session?.stage === 'password';
}

function mfaPage(res: Response, next: string, error: string | null): string {
  return renderPage(res, {
    title: 'Second factor',
    body: html`<h1>Second factor</h1>
${errorSummary(error)}
<form method="post" action="/admin/login/mfa" class="fs-form">
<input type="hidden" name="next" value="${next}">
<label for="code">Code from your authenticator app</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,7}" maxlength="7">
<button class="fs-button fs-button-primary" type="submit">Continue</button>
<details class="fs-details"><summary>Use a recovery code</summary>
<label for="recoveryCode">Recovery code</label>
<input id="recoveryCode" name="recoveryCode" autocomplete="off" spellcheck="false" maxlength="64">
<button class="fs-button" type="submit">Use recovery code</button></details>
</form>
<form method="post" action="/admin/logout"><button class="fs-link-button" type="submit">Use another account</button></form>`,
  });
}
