import { fail } from '../foundation/errors/app-error.ts';
import { uuidPattern } from '../foundation/runtime/new-id.ts';
import type { Call } from './endpoint.ts';

/** `{id}` of the path, lower case. What is no id names nothing. @throws AppError 404 `not_found` */
export function pathId(call: Call): string {
  const id = String(call.params.id).toLowerCase();
  return uuidPattern.test(id) ? id : fail('not_found');
}
