import type { RequestHandler, Response } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import type { AdminOptions } from '../admin.ts';
import { answerHtml } from '../answers.ts';
import { requireRoute } from '../stages/route-gate.ts';
import { requireSignedIn, stateOf } from '../state.ts';
import type { ShownFile } from './define-file-link.ts';
import { framedPage } from './framed-page.ts';

type Parts = Pick<AdminOptions, 'deps' | 'recordRead' | 'runCommand'>;

/** GET of a single-use link; everything else goes on. A look ahead (HEAD) would use it up without showing anything: refused. */
export function answerFileLinks({ deps, recordRead, runCommand }: Parts): RequestHandler {
  return async (req, res, next) => {
    const route = requireRoute(res);
    if (route.kind !== 'file') return next();
    if (req.method !== 'GET') {
      res.setHeader('Allow', 'GET');
      throw new AppError('method_not_allowed');
    }
    const { link, token } = route;
    const { output } = await runCommand(deps, link.command, { input: { token } });
    const recordIds = link.recordsRead(output);
    const shown = await link.show(output, { staff: requireSignedIn(res).staff, deps });
    // Before a byte leaves: what cannot be recorded is not shown.
    const path = stateOf(res).context.path ?? '';
    await recordRead({ resource: link.noun, action: 'view', recordIds, recordCount: recordIds.length, path, filter: null });
    send(res, shown);
  };
}

const picturePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
/** A browser's PDF reader does not start in a sandbox, is a plug-in to itself and styles its own page; only our page may frame it. */
const pagesPolicy = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

function send(res: Response, shown: ShownFile): void {
  if (shown.kind === 'framed') {
    const { nonce } = stateOf(res);
    res.setHeader('Content-Security-Policy', framePolicy(nonce));
    answerHtml(res, 200, framedPage(shown, nonce));
    return;
  }
  const isPages = shown.kind === 'pages';
  res.setHeader('Content-Security-Policy', isPages ? pagesPolicy : picturePolicy);
  if (isPages) res.setHeader('X-Frame-Options', 'SAMEORIGIN');
  res.setHeader('Content-Type', shown.type);
  res.setHeader('Content-Disposition', 'inline');
  res.setHeader('Content-Length', String(shown.bytes.length));
  res.status(200).end(shown.bytes);
}

function framePolicy(nonce: string): string {
  return `default-src 'none'; style-src 'nonce-${nonce}'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
