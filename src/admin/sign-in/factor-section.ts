import { type Html, html } from './html.ts';
import type { StaffFactor } from './port.ts';
import type { TimeFormat } from './time-format.ts';

type View = { factors: readonly StaffFactor[]; mayChange: boolean; hasTotp: boolean; when: TimeFormat };

const names: Readonly<Record<StaffFactor['kind'], string>> = { totp: 'Authenticator', passkey: 'Passkey', recovery: 'Recovery codes' };

/** The own factors with what can be done to each; behind a fresh check once there is one. */
export function factorSection({ factors, mayChange, hasTotp, when }: View): Html {
  const hasFactor = factors.some((factor) => factor.kind !== 'recovery');
  return html`${hasFactor ? null : html`<p>None yet.</p>`}
<ul class="fs-list">${factors.map((factor) => factorLine(factor, mayChange, when))}</ul>
${
  mayChange
    ? html`<p class="fs-actions">${hasTotp ? null : html`<a class="fs-button" href="/admin/enrol?factor=totp&amp;next=/admin/account">Set up an authenticator</a>`}
<a class="fs-button" href="/admin/enrol?factor=passkey&amp;next=/admin/account">Add a passkey</a></p>
${hasFactor ? html`<form method="post" action="/admin/account/factors/codes"><button class="fs-button" type="submit">Make new recovery codes</button></form>` : null}`
    : html`<p>To add, rename or remove a factor, confirm it is you first. <a class="fs-button" href="/admin/step-up?next=/admin/account">Confirm it is you</a></p>`
}`;
}

function factorLine(factor: StaffFactor, mayChange: boolean, when: TimeFormat): Html {
  const { id, kind, label } = factor;
  const facts =
    kind === 'recovery'
      ? html`<span class="fs-muted">${label}</span>`
      : html`${kind === 'passkey' ? html`<strong>${label}</strong> ` : null}<span class="fs-muted">added ${when(factor.createdAt)}${kind === 'passkey' ? `, last used ${when(factor.lastUsedAt)}` : ''}</span>`;
  return html`<li>${names[kind]} ${facts}${mayChange && kind !== 'recovery' ? changes(id, kind, label) : null}</li>`;
}

function changes(id: string, kind: 'totp' | 'passkey', label: string): Html {
  const rename = html`<form method="post" action="/admin/account/factors/rename" class="fs-form-line">
<input type="hidden" name="id" value="${id}">
<label class="fs-visually-hidden" for="name-${id}">New name of ${label}</label>
<input id="name-${id}" name="name" required maxlength="60" value="${label}">
<button class="fs-button" type="submit">Rename</button>
</form>`;
  return html`<div class="fs-actions">${kind === 'passkey' ? rename : null}
<form method="post" action="/admin/account/factors/remove" class="fs-form-line"><input type="hidden" name="id" value="${id}">
<button class="fs-button" type="submit">Remove<span class="fs-visually-hidden"> ${label}</span></button></form></div>`;
}
