import type { RequestHandler } from 'express';
import { requireSignedIn, stateOf } from '../state.ts';
import { answerJson } from '../answers.ts';
import { ownState } from '../sign-in/account.ts';
import { requireRoute } from './route-gate.ts';

/**
 * Stage 13, first half: the request as @adminjs/express wants it. express-formidable is mounted inside its router and
 * would parse any POST to disk; a request marked as parsed passes it untouched.
 */
export const prepareForAdminJs: RequestHandler = (req, res, next) => {
  const { fields } = stateOf(res);
  const { currentAdmin } = requireSignedIn(res);
  Object.assign(req, { fields, files: {}, express_formidable: { parsed: true }, session: { adminUser: currentAdmin } });
  next();
};

/** GET /admin/api/me, the one API route that is ours alone. */
export const answerOwnState: RequestHandler = (_req, res, next) => {
  if (requireRoute(res).kind !== 'me') return next();
  answerJson(res, 200, ownState(res));
};
