import { fail } from '../foundation/errors/app-error.ts';
import { uuidPattern } from '../foundation/runtime/new-id.ts';
import type { Call } from './endpoint.ts';

/** `{id}` of the path, or another parameter, lower case. What is no id names nothing. @throws AppError 404 `not_found` */
export function pathId(call: Pick<Call, 'params'>, name = 'id'): string {
  const id = String(call.params[name]).toLowerCase();
  return uuidPattern.test(id) ? id : fail('not_found');
}
