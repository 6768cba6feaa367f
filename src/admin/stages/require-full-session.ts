import type { RequestHandler } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import { adminPath, isApiPath, stateOf } from '../state.ts';
import { wantedPath } from './load-session.ts';

/** Stage 8: from here on only people who gave everything that sign-in asks. */
export const requireFullSession: RequestHandler = (req, res, next) => {
  const { signedIn, session } = stateOf(res);
  if (signedIn) return next();
  if (isApiPath(adminPath(req)) || req.method === 'POST') throw new AppError('sign_in_required');
  const page = session?.stage === 'password' ? '/admin/login/mfa' : session?.stage === 'enrol' ? '/admin/enrol' : '/admin/login';
  const wanted = wantedPath(req);
  res.redirect(303, wanted === '/admin' || wanted === '/admin/' ? page : `${page}?next=${encodeURIComponent(wanted)}`);
};
