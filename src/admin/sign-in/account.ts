import type { Request, Response } from 'express';
import { z } from 'zod';
import { AppError } from '../../foundation/errors/app-error.ts';
import { answerHtml } from '../answers.ts';
import { formBody, readBody } from '../stages/read-body.ts';
import { requireSignedIn, stateOf } from '../state.ts';
import { deviceName } from './device-name.ts';
import type { SignInParts } from './flow.ts';
import { type Html, html } from './html.ts';
import { renderPage } from './page.ts';
import type { StaffFactor } from './port.ts';
import type { SessionSummary } from './session-store.ts';

const preferencesForm = z.object({ theme: z.enum(['light', 'dark', 'system']), density: z.enum(['comfortable', 'compact']) });

export async function showAccount(parts: SignInParts, _req: Request, res: Response): Promise<void> {
  const { staff, profile, session } = requireSignedIn(res);
  const [sessions, factors] = await Promise.all([parts.store.list(staff.id), parts.identity.listFactors(staff.id)]);
  const when = timeFormat(profile.locale, profile.timeZone);
  const body = html`<p><a href="/admin">Back to the back office</a></p>
<h1>${profile.displayName}</h1>
<p class="fs-muted">${profile.grants.map((grant) => (grant.isLead ? `${grant.role} lead` : grant.role)).join(', ')}</p>
<h2>Second factor</h2>
${factorList(factors, when)}
${profile.hasMfa ? null : html`<p><a class="fs-button fs-button-primary" href="/admin/enrol?next=/admin/account">Set up an authenticator</a></p>`}
<h2>Where you are signed in</h2>
${sessionList(sessions, session.id, when)}
${sessions.length > 1 ? html`<form method="post" action="/admin/account/sessions/end"><button class="fs-button" type="submit">End all others</button></form>` : null}
<h2>Appearance</h2>
<form method="post" action="/admin/account/preferences" class="fs-form fs-form-row">
${choice('theme', 'Theme', ['system', 'light', 'dark'], profile.theme)}
${choice('density', 'Rows', ['comfortable', 'compact'], profile.density)}
<button class="fs-button fs-button-primary" type="submit">Save appearance</button>
</form>
<form method="post" action="/admin/logout"><button class="fs-button" type="submit">Sign out</button></form>`;
  answerHtml(res, 200, renderPage(res, { title: 'Your account', width: 'wide', theme: profile.theme, body }));
}

export async function endOtherSessions(parts: SignInParts, req: Request, res: Response): Promise<void> {
  await readBody(req, res, formBody);
  const { staff, session } = requireSignedIn(res);
  await parts.store.endOthers(staff.id, session.id);
  res.redirect(303, '/admin/account');
}

export async function savePreferences(parts: SignInParts, req: Request, res: Response): Promise<void> {
  const parsed = preferencesForm.safeParse(await readBody(req, res, formBody));
  if (!parsed.success) throw new AppError('validation_failed');
  await parts.identity.savePreferences(requireSignedIn(res).staff.id, parsed.data);
  res.redirect(303, '/admin/account');
}

/** GET /admin/api/me. */
export function ownState(res: Response): Readonly<Record<string, unknown>> {
  const { currentAdmin, session, profile } = requireSignedIn(res);
  const { id, displayName, roles, lead } = currentAdmin;
  stateOf(res).isBodyRead = true;
  return { id, displayName, roles, lead, stage: session.stage, mfa: profile.hasMfa };
}

type Format = (at: Date | null) => string;

function timeFormat(locale: string, timeZone: string): Format {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  return (at) => (at ? `${format.format(at)} (${timeZone})` : 'never');
}

const factorNames: Readonly<Record<StaffFactor['kind'], string>> = {
  totp: 'Authenticator',
  passkey: 'Passkey',
  recovery: 'Recovery codes',
};

function factorList(factors: readonly StaffFactor[], when: Format): Html {
  if (factors.length === 0) return html`<p>None yet.</p>`;
  return html`<ul class="fs-list">${factors.map((factor) => html`<li>${factorNames[factor.kind]} <span class="fs-muted">${factor.label}, last used ${when(factor.lastUsedAt)}</span></li>`)}</ul>`;
}

function sessionList(sessions: readonly SessionSummary[], ownId: string, when: Format): Html {
  return html`<ul class="fs-list">${sessions.map(
    (item) =>
      html`<li>${deviceName(item.userAgent)} <span class="fs-muted">since ${when(item.createdAt)}, last seen ${when(item.lastUsedAt)}${item.id === ownId ? ', this one' : ''}</span></li>`,
  )}</ul>`;
}

function choice(name: string, label: string, values: readonly string[], current: string): Html {
  return html`<div><label for="${name}">${label}</label><select id="${name}" name="${name}">${values.map(
    (value) =>
      html`<option value="${value}"${value === current ? html` selected` : null}>${value.charAt(0).toUpperCase() + value.slice(1)}</option>`,
  )}</select></div>`;
}
