import type { Response } from 'express';
import { denialLogOf } from '../foundation/command/run-command.ts';
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
    if (!action) throw await refuseUnknown(parts, page);
    return runAction(parts, action, { res: call.res, target: { resource: null, row: null } });
  }
  const query = Object.fromEntries(state.params);
  const answer = await page.handler({ staff, deps: parts.deps, query, now: parts.deps.clock.now(), probe: recordProbe(parts) });
  const recordIds = page.recordsRead?.(answer);
  if (recordIds) state.read = { recordIds, recordCount: recordIds.length, filter: [...state.params.keys()].join(',') || null };
  return answer;
}

/** A page's command stands in the body, past the route gate: a POST to none of them is refused, and recorded, as the gate does. */
async function refuseUnknown({ deps }: CommandParts, page: PageDefinition): Promise<AppError> {
  const error = new AppError('not_found');
  await denialLogOf(deps).record({ resource: 'route', action: 'post', errorCode: error.code, note: `rule route_gate at page ${page.id}` });
  return error;
}
