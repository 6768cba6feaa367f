import type { Request, Response } from 'express';
import { answerHtml } from '../answers.ts';
import { adopt } from '../stages/load-session.ts';
import { formBody, readBody } from '../stages/read-body.ts';
import { stateOf } from '../state.ts';
import { currentGrantsKey, nextPath, refusedText, type SignInParts, textField, waitText } from './flow.ts';
import { html } from './html.ts';
import { errorSummary, renderPage } from './page.ts';
import type { SessionStage } from './session-store.ts';

const stageFor: Readonly<Record<'mfa' | 'enrol' | 'none', SessionStage>> = { mfa: 'password', enrol: 'enrol', none: 'full' };

export function showLogin(req: Request, res: Response): void {
  if (stateOf(res).signedIn) {
    res.redirect(303, nextPath(req));
    return;
  }
  answerHtml(res, 200, loginPage(res, { email: '', next: nextPath(req), error: null }));
}

/** Password first. What comes next (factor, enrolment, the page asked for) depends on the account alone. */
export async function submitLogin(parts: SignInParts, req: Request, res: Response): Promise<void> {
  const fields = await readBody(req, res, formBody);
  const next = nextPath(req, fields);
  const email = textField(fields, 'email', 254).trim();
  const { context } = stateOf(res);
  const outcome = await parts.identity.signInWithPassword({
    email,
    password: textField(fields, 'password'),
    ip: context.ip,
    userAgent: context.userAgent,
    deviceToken: parts.jar.readDevice(req),
  });
  if (outcome.kind === 'limited') {
    res.setHeader('Retry-After', String(Math.max(1, Math.ceil(outcome.retryAfterSeconds))));
    answerHtml(res, 429, loginPage(res, { email, next, error: waitText(outcome.retryAfterSeconds) }));
    return;
  }
  if (outcome.kind === 'refused') {
    answerHtml(res, 401, loginPage(res, { email, next, error: refusedText }));
    return;
  }
  const previous = stateOf(res).session;
  if (previous) await parts.store.end(previous);
  const stage = stageFor[outcome.needs];
  const { ip, userAgent } = context;
  const grantsKey = await currentGrantsKey(parts, outcome.userId);
  const opened = await parts.store.open({ userId: outcome.userId, stage, ip, userAgent, grantsKey });
  await adopt(parts, res, opened.session);
  parts.jar.setSession(res, opened.token);
  if (outcome.deviceToken) parts.jar.setDevice(res, outcome.deviceToken);
  const page = stage === 'password' ? '/admin/login/mfa' : '/admin/enrol';
  res.redirect(303, stage === 'full' ? next : `${page}?next=${encodeURIComponent(next)}`);
}

function loginPage(res: Response, view: { email: string; next: string; error: string | null }): string {
  return renderPage(res, {
    title: 'Sign in',
    body: html`<h1>Sign in</h1>
<p class="fs-muted">Staff of Fashionistar only.</p>
${errorSummary(view.error)}
<form method="post" action="/admin/login" class="fs-form">
<input type="hidden" name="next" value="${view.next}">
<label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254" value="${view.email}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1000">
<button class="fs-button fs-button-primary" type="submit">Sign in</button>
</form>`,
  });
}
