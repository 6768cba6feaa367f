import type { Request, Response } from 'express';
import { formBody, readBody } from '../stages/read-body.ts';
import { stateOf } from '../state.ts';
import type { SignInParts } from './flow.ts';

/** Ends the session on the server, then tells the browser to forget cookies and storage; the cached assets stay. */
export async function submitLogout(parts: SignInParts, req: Request, res: Response): Promise<void> {
  await readBody(req, res, formBody);
  const { session } = stateOf(res);
  if (session) await parts.store.end(session);
  parts.jar.clearSession(res);
  res.setHeader('Clear-Site-Data', '"cookies", "storage"');
  res.redirect(303, '/admin/login');
}
