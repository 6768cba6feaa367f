import { type RequestHandler, Router } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import { requireFullSession } from '../stages/require-full-session.ts';
import { endOtherSessions, savePreferences, showAccount } from './account.ts';
import { removeFactor, renamePasskey, renewCodes } from './account-factors.ts';
import { showEnrol, submitEnrol } from './enrol.ts';
import type { SignInParts } from './flow.ts';
import { showLogin, submitLogin } from './login.ts';
import { submitLogout } from './logout.ts';
import { showMfa, submitMfa } from './mfa.ts';
import { sendPasskeyOptions } from './passkey-options.ts';
import { showStepUp, submitStepUp } from './step-up.ts';

const postOnly: RequestHandler = (_req, res) => {
  res.setHeader('Allow', 'POST');
  throw new AppError('method_not_allowed');
};

/** Stage 7: the pages around sign-in, each with a body parser of 16 KB of its own. */
export function signInRouter(parts: SignInParts): Router {
  const router = Router({ strict: true });
  router
    .route('/login')
    .get(showLogin)
    .post((req, res) => submitLogin(parts, req, res));
  router
    .route('/login/mfa')
    .get((req, res) => showMfa(parts, req, res))
    .post((req, res) => submitMfa(parts, req, res));
  router
    .route('/enrol')
    .get((req, res) => showEnrol(parts, req, res))
    .post((req, res) => submitEnrol(parts, req, res));
  router
    .route('/logout')
    .post((req, res) => submitLogout(parts, req, res))
    .all(postOnly);
  router
    .route('/step-up')
    .all(requireFullSession)
    .get(showStepUp)
    .post((req, res) => submitStepUp(parts, req, res));
  router
    .route('/account')
    .all(requireFullSession)
    .get((req, res) => showAccount(parts, req, res));
  router
    .route('/passkey/options')
    .post((req, res) => sendPasskeyOptions(parts, req, res))
    .all(postOnly);
  for (const [path, change] of Object.entries({ rename: renamePasskey, remove: removeFactor, codes: renewCodes })) {
    router
      .route(`/account/factors/${path}`)
      .all(requireFullSession)
      .post((req, res) => change(parts, req, res))
      .all(postOnly);
  }
  router
    .route('/account/sessions/end')
    .all(requireFullSession)
    .post((req, res) => endOtherSessions(parts, req, res))
    .all(postOnly);
  router
    .route('/account/preferences')
    .all(requireFullSession)
    .post((req, res) => savePreferences(parts, req, res))
    .all(postOnly);
  return router;
}
