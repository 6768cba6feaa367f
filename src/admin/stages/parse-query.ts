import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { parseCommandBody } from '../command-body.ts';
import type { DmmfField } from '../dmmf.ts';
import { parseListQuery } from '../query/parse-list-query.ts';
import { isPossibleId } from '../query/possible-id.ts';
import { queryParams } from '../query/query-params.ts';
import { requireSignedIn, stateOf } from '../state.ts';
import { requireRoute } from './route-gate.ts';

const maxSearchLength = 200;

/** Stage 11: the query of a list, parsed before anything is asked of anyone. */
export function parseQuery(deps: CommandDeps): RequestHandler {
  return (req, res, next) => {
    const route = requireRoute(res);
    const params = queryParams(req);
    const state = stateOf(res);
    state.params = params;
    if (route.kind === 'command' && route.placement === 'bulk')
      return nameBulkRecords(req, res, { idField: route.resource.reader.idField, next });
    if (route.kind !== 'read') return next();
    if (route.read === 'list') {
      const { definition, reader } = route.resource;
      state.query = parseListQuery(params, { definition, filters: reader.filters, deps, staff: requireSignedIn(res).staff });
    }
    if (route.read === 'search') {
      for (const key of params.keys()) if (key !== 'q') throw new AppError('bad_request');
      route.text ??= params.get('q') ?? '';
      if (route.text.length > maxSearchLength) throw new AppError('bad_request');
    }
    next();
  };
}

/** AdminJS looks for the ids of a bulk call in the query; ours come in the body, where 200 of them fit. */
function nameBulkRecords(req: Request, res: Response, { idField, next }: { idField: DmmfField; next: NextFunction }): void {
  const { recordIds } = parseCommandBody(stateOf(res).fields);
  if (recordIds.length === 0 || !recordIds.every((id) => isPossibleId(idField, id))) throw new AppError('bad_request');
  Object.defineProperty(req, 'query', { value: { recordIds: recordIds.join(',') }, configurable: true });
  next();
}
