import type { RequestHandler, Response } from 'express';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { answerJson } from '../answers.ts';
import { isOpen } from '../page-state.ts';
import type { Registry } from '../registry.ts';
import { ownState } from '../sign-in/account.ts';
import { requireSignedIn, stateOf } from '../state.ts';
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

/** The API routes that are ours alone: who I am, and how much waits beside the side-bar entries. */
export function answerOwnRoutes(registry: Registry, deps: CommandDeps): RequestHandler {
  return async (_req, res, next) => {
    const { kind } = requireRoute(res);
    if (kind === 'me') return answerJson(res, 200, ownState(res));
    if (kind === 'waiting') return answerJson(res, 200, await waitingCounts(registry, deps, res));
    next();
  };
}

/** Counts of the pages this person may open; one that fails is left out rather than failing the rest. */
async function waitingCounts(registry: Registry, deps: CommandDeps, res: Response): Promise<object> {
  const { staff } = requireSignedIn(res);
  const now = deps.clock.now();
  const pages = [...registry.pages.values()].flatMap((page) => {
    const { id, waiting } = page;
    return waiting && isOpen(page, { staff, now }) ? [{ id, waiting }] : [];
  });
  const counts = await Promise.allSettled(pages.map(async ({ id, waiting }) => [id, await waiting({ staff, deps, now })] as const));
  return Object.fromEntries(counts.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
}
