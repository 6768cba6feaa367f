import type { RequestHandler, Response } from 'express';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { answerJson } from '../answers.ts';
import { answerMentions } from '../mentions.ts';
import { isOpen } from '../page-state.ts';
import { answerPresence } from '../presence.ts';
import type { Registry } from '../registry.ts';
import { answerSearch, type SearchParts } from '../search/answer-search.ts';
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

/** The API routes that are ours alone: who I am, how much waits beside the side-bar entries, search, presence and mentions. */
export function answerOwnRoutes(parts: SearchParts): RequestHandler {
  return async (_req, res, next) => {
    const answer = await ownAnswer(parts, res);
    if (answer) answerJson(res, 200, answer);
    else next();
  };
}

async function ownAnswer(parts: SearchParts, res: Response): Promise<object | null> {
  const { registry, deps } = parts;
  const route = requireRoute(res);
  switch (route.kind) {
    case 'me':
      return ownState(res);
    case 'waiting':
      return waitingCounts(registry, deps, res);
    case 'search':
      return answerSearch(parts, res);
    case 'mentions':
      return answerMentions(registry, deps, res);
    case 'presence':
      return answerPresence(registry, deps, { res, isPost: route.isPost });
    default:
      return null;
  }
}

/** Counts of the pages and lists this person may open; one that fails is left out rather than failing the rest. */
async function waitingCounts(registry: Registry, deps: CommandDeps, res: Response): Promise<object> {
  const { staff } = requireSignedIn(res);
  const now = deps.clock.now();
  const pages = [...registry.pages.values()].flatMap((page) => {
    const { id, waiting } = page;
    return waiting && isOpen(page, { staff, now }) ? [{ id, count: () => waiting({ staff, deps, now }) }] : [];
  });
  const lists = [...registry.resources.values()].flatMap(({ definition: { id, waiting, permissions } }) =>
    waiting && grantFor(staff, permissions.list, { now }) !== null ? [{ id, count: () => waiting({ staff, deps }) }] : [],
  );
  const counts = await Promise.allSettled([...pages, ...lists].map(async ({ id, count }) => [id, await count()] as const));
  return Object.fromEntries(counts.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
}
