import type { Request, Response } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import { answerHtml } from '../answers.ts';
import { formBody, readBody } from '../stages/read-body.ts';
import { requireSignedIn, stateOf } from '../state.ts';
import { deviceName } from './device-name.ts';
import { factorSection } from './factor-section.ts';
import { mayChangeFactors, type SignInParts } from './flow.ts';
import { type Html, html } from './html.ts';
import { errorSummary, renderPage } from './page.ts';
import { preferenceSection, preferencesForm } from './preference-form.ts';
import type { SessionSummary } from './session-store.ts';
import { type TimeFormat, timeFormat } from './time-format.ts';

/** The own sessions, factors and appearance; `problem` is why a change was not made. */
export async function showAccount(
  parts: SignInParts,
  _req: Request,
  res: Response,
  problem: { status: number; text: string } | null = null,
): Promise<void> {
  const { staff, profile, session } = requireSignedIn(res);
  const [sessions, factors] = await Promise.all([parts.store.list(staff.id), parts.identity.listFactors(staff.id)]);
  const when = timeFormat(profile.locale, profile.timeZone);
  const body = html`<p><a href="/admin">Back to the back office</a></p>
<h1>${profile.displayName}</h1>
<p class="fs-muted">${profile.grants.map(({ role, isLead }) => `${role.replaceAll('_', ' ')}${isLead ? ' lead' : ''}`).join(', ')}</p>
${errorSummary(problem?.text ?? null)}
<h2>Second factor</h2>
${factorSection({ factors, mayChange: mayChangeFactors(parts, res), hasTotp: profile.hasTotp, when })}
<h2>Where you are signed in</h2>
${sessionList(sessions, session.id, when)}
${sessions.length > 1 ? html`<form method="post" action="/admin/account/sessions/end"><button class="fs-button" type="submit">End all others</button></form>` : null}
${preferenceSection(profile, { isTrial: stateOf(res).mode !== 'production' })}
<form method="post" action="/admin/logout"><button class="fs-button" type="submit">Sign out</button></form>`;
  answerHtml(res, problem?.status ?? 200, renderPage(res, { title: 'Your account', width: 'wide', theme: profile.theme, body }));
}

export async function endOtherSessions(parts: SignInParts, req: Request, res: Response): Promise<void> {
  await readBody(req, res, formBody);
  const { staff, session } = requireSignedIn(res);
  await parts.store.endOthers(staff.id, session.id);
  res.redirect(303, '/admin/account');
}

export async function savePreferences(parts: SignInParts, req: Request, res: Response): Promise<void> {
  const parsed = preferencesForm.safeParse(await readBody(req, res, formBody));
  // The stand-in for a long language is for trying out, and no choice in production.
  const isTrial = parsed.data?.locale === 'en-XA' && stateOf(res).mode === 'production';
  if (!parsed.success || isTrial) throw new AppError('validation_failed');
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

function sessionList(sessions: readonly SessionSummary[], ownId: string, when: TimeFormat): Html {
  return html`<ul class="fs-list">${sessions.map(
    (item) =>
      html`<li>${deviceName(item.userAgent)} <span class="fs-muted">since ${when(item.createdAt)}, last seen ${when(item.lastUsedAt)}${item.id === ownId ? ', this one' : ''}</span></li>`,
  )}</ul>`;
}
