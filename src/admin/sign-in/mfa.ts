import type { Request, Response } from 'express';
import { answerHtml } from '../answers.ts';
import { formBody, readBody } from '../stages/read-body.ts';
import { stateOf } from '../state.ts';
import { attemptContext, completeSession, factorIn, nextPath, refusedText, type SignInParts, waitText } from './flow.ts';
import { type Html, html } from './html.ts';
import { errorSummary, renderPage } from './page.ts';
import { passkeyFallback, passkeyForm } from './passkey-form.ts';
import type { StaffProfile } from './port.ts';

export async function showMfa(parts: SignInParts, req: Request, res: Response): Promise<void> {
  const waiting = await waitingPerson(parts, res);
  if (!waiting) {
    res.redirect(303, '/admin/login');
    return;
  }
  answerHtml(res, 200, mfaPage(res, waiting, { next: nextPath(req), error: null }));
}

/** The second factor turns the session full, under a new id. */
export async function submitMfa(parts: SignInParts, req: Request, res: Response): Promise<void> {
  const { session } = stateOf(res);
  const waiting = await waitingPerson(parts, res);
  if (!session || !waiting) {
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
    answerHtml(res, 429, mfaPage(res, waiting, { next, error: waitText(outcome.retryAfterSeconds) }));
    return;
  }
  const rotated = outcome.kind === 'ok' ? await completeSession(parts, session) : null;
  if (!rotated) {
    answerHtml(res, 401, mfaPage(res, waiting, { next, error: refusedText }));
    return;
  }
  parts.jar.setSession(res, rotated.token);
  res.redirect(303, next);
}

type Waiting = Pick<StaffProfile, 'hasTotp' | 'hasPasskey'>;

/** Whose second step this is, with what they may answer; null when the password was not given yet, or all was. */
async function waitingPerson(parts: SignInParts, res: Response): Promise<Waiting | null> {
  const { session } = stateOf(res);
  return session?.stage === 'password' ? parts.identity.loadStaff(session.userId) : null;
}

function mfaPage(res: Response, { hasTotp, hasPasskey }: Waiting, view: { next: string; error: string | null }): string {
  const usePasskey = passkeyForm({ purpose: 'get', action: '/admin/login/mfa', label: 'Use a passkey', next: view.next });
  return renderPage(res, {
    title: 'Second factor',
    usesPasskeys: hasPasskey,
    body: html`<h1>Second factor</h1>
${errorSummary(view.error)}
${hasPasskey ? usePasskey : null}
${hasPasskey && !hasTotp ? passkeyFallback('Passkeys need a browser that runs scripts. Here a recovery code works.') : null}
<form method="post" action="/admin/login/mfa" class="fs-form">
<input type="hidden" name="next" value="${view.next}">
${hasTotp ? codeField(hasPasskey) : null}
<details class="fs-details"><summary>Use a recovery code</summary>
<label for="recoveryCode">Recovery code</label>
<input id="recoveryCode" name="recoveryCode" autocomplete="off" spellcheck="false" maxlength="64">
<button class="fs-button" type="submit">Use recovery code</button></details>
</form>
<form method="post" action="/admin/logout"><button class="fs-link-button" type="submit">Use another account</button></form>`,
  });
}

/** With a passkey at hand the code is the second choice. */
function codeField(isSecondChoice: boolean): Html {
  return html`<label for="code">Code from your authenticator app</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,7}" maxlength="7">
<button class="fs-button${isSecondChoice ? '' : ' fs-button-primary'}" type="submit">Continue</button>`;
}
