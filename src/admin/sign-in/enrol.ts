import type { Request, Response } from 'express';
import { toString as qrCode } from 'qrcode';
import { answerHtml } from '../answers.ts';
import { formBody, readBody } from '../stages/read-body.ts';
import { stateOf } from '../state.ts';
import { showInvite, submitInvite } from './accept-invite.ts';
import { nextPath, type SignInParts, textField } from './flow.ts';
import { html, trustedMarkup } from './html.ts';
import { errorSummary, renderPage } from './page.ts';

export async function showEnrol(parts: SignInParts, req: Request, res: Response): Promise<void> {
  const { token } = req.query;
  if (typeof token === 'string') return showInvite(parts, token, res);
  const userId = enrollingUser(res);
  if (!userId) {
    res.redirect(303, '/admin/login');
    return;
  }
  answerHtml(res, 200, await enrolPage(parts, res, { userId, next: nextPath(req), error: null }));
}

/** A right code turns the authenticator on, shows the recovery codes this one time, and makes the session full. */
export async function submitEnrol(parts: SignInParts, req: Request, res: Response): Promise<void> {
  if ('token' in (await readBody(req, res, formBody))) return submitInvite(parts, req, res);
  const userId = enrollingUser(res);
  const { session } = stateOf(res);
  if (!userId || !session) {
    res.redirect(303, '/admin/login');
    return;
  }
  const fields = await readBody(req, res, formBody);
  const next = nextPath(req, fields);
  const confirmed = await parts.identity.confirmTotpEnrolment(userId, textField(fields, 'code', 16).replaceAll(/\s/g, ''));
  if (!confirmed) {
    answerHtml(res, 401, await enrolPage(parts, res, { userId, next, error: 'That code is not right. Codes change every 30 seconds.' }));
    return;
  }
  const rotated = await parts.store.rotate(session, { stage: 'full', factorAt: parts.deps.clock.now() });
  if (!rotated) {
    res.redirect(303, '/admin/login');
    return;
  }
  parts.jar.setSession(res, rotated.token);
  answerHtml(res, 200, recoveryCodesPage(res, confirmed.recoveryCodes, next));
}

/** Forced enrolment after the password, or by choice from the account page when there is no factor yet. */
function enrollingUser(res: Response): string | null {
  const { session, signedIn } = stateOf(res);
  if (session?.stage === 'enrol') return session.userId;
  return signedIn && !signedIn.profile.hasMfa ? signedIn.staff.id : null;
}

async function enrolPage(parts: SignInParts, res: Response, view: { userId: string; next: string; error: string | null }): Promise<string> {
  const { secret, uri } = await parts.identity.beginTotpEnrolment(view.userId);
  const image = await qrCode(uri, { type: 'svg', margin: 1, errorCorrectionLevel: 'M' });
  return renderPage(res, {
    title: 'Set up your second factor',
    body: html`<h1>Set up your second factor</h1>
<p>Scan this with an authenticator app, then type the six digits it shows.</p>
${errorSummary(view.error)}
<div class="fs-qr" role="img" aria-label="QR code of the authenticator secret">${trustedMarkup(image)}</div>
<details class="fs-details"><summary>Type it by hand</summary><p><code class="fs-secret">${secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code></p></details>
<form method="post" action="/admin/enrol" class="fs-form">
<input type="hidden" name="next" value="${view.next}">
<label for="code">Code</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required pattern="[0-9 ]{6,7}" maxlength="7">
<button class="fs-button fs-button-primary" type="submit">Turn on</button>
</form>`,
  });
}

function recoveryCodesPage(res: Response, codes: readonly string[], next: string): string {
  return renderPage(res, {
    title: 'Recovery codes',
    body: html`<h1>Keep these recovery codes</h1>
<p>Each works once when your authenticator is out of reach. They are shown only now.</p>
<ul class="fs-codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>
<p><a class="fs-button fs-button-primary" href="${next}">I have kept them</a></p>`,
  });
}
