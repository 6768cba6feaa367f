import type { Response } from 'express';
import { AppError } from '../foundation/errors/app-error.ts';
import { parseCommandBody } from './command-body.ts';
import { type CommandParts, runAction } from './command-handlers.ts';
import type { PageDefinition } from './define-page.ts';
import { recordProbe } from './record-probe.ts';
import { requireSignedIn, stateOf } from './state.ts';

/** GET: the page's data, with its personal records noted for the read row. POST: one of its commands. */
export async function runPage(parts: CommandParts, page: PageDefinition, call: { res: Response; isPost: boolean }): Promise<object> {
  const { staff } = requireSignedIn(call.res);
  const state = stateOf(call.res);
  if (call.isPost) {
    const name = parseCommandBody(state.fields).action;
    const action = page.actions?.find((candidate) => candidate.name === name);
    if (!action) throw new AppError('not_found');
    return runAction(parts, action, { res: call.res, target: { resource: null, row: null } });
  }
  const query = Object.fromEntries(state.params);
  const answer = await page.handler({ staff, deps: parts.deps, query, now: parts.deps.clock.now(), probe: recordProbe(parts) });
  const recordIds = page.recordsRead?.(answer);
  if (recordIds) state.read = { recordIds, recordCount: recordIds.length, filter: [...state.params.keys()].join(',') || null };
  return answer;
}
