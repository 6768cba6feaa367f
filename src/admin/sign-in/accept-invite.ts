import type { Request, Response } from 'express';
import { z } from 'zod';
import { AppError } from '../../foundation/errors/app-error.ts';
import { inviteCommands, staffQueries } from '../../modules/identity/index.ts';
import { answerHtml } from '../answers.ts';
import { adopt } from '../stages/load-session.ts';
import { formBody, readBody } from '../stages/read-body.ts';
import { stateOf } from '../state.ts';
import { errorText } from '../texts.ts';
import { type SignInParts, textField } from './flow.ts';
import { html } from './html.ts';
import { errorSummary, renderPage } from './page.ts';

type View = { token: string; firstName: string; lastName: string; error: string | null };

/** The page behind an invitation's link. Looking at it consumes nothing: mail scanners open links too. */
export async function showInvite(parts: SignInParts, token: string, res: Response): Promise<void> {
  const invite = token.length <= 200 ? await staffQueries.findOpenInvite(parts.deps, token) : null;
  if (!invite) throw new AppError('invite_expired');
  answerHtml(res, 200, invitePage(res, { token, firstName: '', lastName: '', error: null }));
}

/** Makes the account, then goes on to the second factor in a session that reaches nothing else. */
export async function submitInvite(parts: SignInParts, req: Request, res: Response): Promise<void> {
  const fields = await readBody(req, res, formBody);
  const view = {
    token: textField(fields, 'token', 200),
    firstName: textField(fields, 'firstName', 80),
    lastName: textField(fields, 'lastName', 80),
  };
  const input = { ...view, password: textField(fields, 'password') };
  try {
    const { output } = await parts.runCommand(parts.deps, inviteCommands.acceptInvite, { input });
    const { ip, userAgent } = stateOf(res).context;
    const opened = await parts.store.open({ userId: accepted.parse(output).userId, stage: 'enrol', ip, userAgent });
    await adopt(parts, res, opened.session);
    parts.jar.setSession(res, opened.token);
    res.redirect(303, '/admin/enrol');
  } catch (error) {
    if (!(error instanceof AppError) || error.status !== 422) throw error;
    const [first] = error.details.errors ?? [];
    answerHtml(res, 422, invitePage(res, { ...view, error: errorText(first?.code ?? error.code, error.details.params) }));
  }
}

const accepted = z.object({ userId: z.string() });

function invitePage(res: Response, view: View): string {
  return renderPage(res, {
    title: 'Join the staff',
    body: html`<h1>Join the staff</h1>
<p class="fs-muted">You choose a password now and a second factor next.</p>
${errorSummary(view.error)}
<form method="post" action="/admin/enrol" class="fs-form">
<input type="hidden" name="token" value="${view.token}">
<label for="firstName">First name</label>
<input id="firstName" name="firstName" autocomplete="given-name" required maxlength="80" value="${view.firstName}">
<label for="lastName">Last name</label>
<input id="lastName" name="lastName" autocomplete="family-name" required maxlength="80" value="${view.lastName}">
<label for="password">Password, at least 15 characters</label>
<input id="password" name="password" type="password" autocomplete="new-password" required minlength="15" maxlength="128">
<button class="fs-button fs-button-primary" type="submit">Continue</button>
</form>`,
  });
}
