import type { Response } from 'express';
import { toString as qrCode } from 'qrcode';
import type { SignInParts } from './flow.ts';
import { type Html, html, trustedMarkup } from './html.ts';
import { errorSummary, renderPage } from './page.ts';
import { passkeyFallback, passkeyForm } from './passkey-form.ts';

export type EnrolView = { userId: string; factor: 'totp' | 'passkey'; next: string; error: string | null };

/** One factor at a time, with the way to the other: an authenticator app by QR code, or a passkey of this device. */
export async function enrolPage(parts: SignInParts, res: Response, view: EnrolView): Promise<string> {
  const body = view.factor === 'totp' ? await totpBody(parts, view) : passkeyBody(view);
  return renderPage(res, {
    title: 'Set up your second factor',
    usesPasskeys: view.factor === 'passkey',
    body: html`<h1>Set up your second factor</h1>
${errorSummary(view.error)}
${body}
<p>${otherWay(view)}</p>`,
  });
}

async function totpBody(parts: SignInParts, { userId, next }: EnrolView): Promise<Html> {
  const { secret, uri } = await parts.identity.beginTotpEnrolment(userId);
  const image = await qrCode(uri, { type: 'svg', margin: 1, errorCorrectionLevel: 'M' });
  return html`<p>Scan this with an authenticator app, then type the six digits it shows.</p>
<div class="fs-qr" role="img" aria-label="QR code of the authenticator secret">${trustedMarkup(image)}</div>
<details class="fs-details"><summary>Type it by hand</summary><p><code class="fs-secret">${secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code></p></details>
<form method="post" action="/admin/enrol" class="fs-form">
<input type="hidden" name="next" value="${next}">
<label for="code">Code</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required pattern="[0-9 ]{6,7}" maxlength="7">
<button class="fs-button fs-button-primary" type="submit">Turn on</button>
</form>`;
}

function passkeyBody({ next }: EnrolView): Html {
  const name = html`<label for="name">Name of the passkey <span class="fs-muted">(optional)</span></label>
<input id="name" name="name" autocomplete="off" maxlength="60">
<p class="fs-muted">Such as "Work laptop". You can change it later.</p>`;
  return html`<p>A passkey is kept by your device or password manager and opened with your finger, face or PIN. It works on this site only.</p>
${passkeyForm({ purpose: 'create', action: '/admin/enrol', label: 'Create passkey', next, fields: name })}
${passkeyFallback('Passkeys need a browser that runs scripts. Set up an authenticator app instead.')}`;
}

function otherWay({ factor, next }: EnrolView): Html {
  const query = new URLSearchParams({ factor: factor === 'totp' ? 'passkey' : 'totp', next });
  return html`<a href="/admin/enrol?${query.toString()}">${factor === 'totp' ? 'Use a passkey instead' : 'Use an authenticator app instead'}</a>`;
}
