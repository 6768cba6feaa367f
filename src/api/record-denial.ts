import { isRecorded } from '../foundation/command/denial-log.ts';
import { denialLogOf } from '../foundation/command/run-command.ts';
import { AppError } from '../foundation/errors/app-error.ts';
import type { Call } from './endpoint.ts';

/**
 * A 403 of a signed-in caller that no command has recorded, as a look at what is not theirs, leaves its denied row too (audit.md section 6).
 * Returns the error to answer with: `audit_unavailable` when the row could not be written.
 */
export async function recordDenial(call: Call, error: AppError): Promise<AppError> {
  if (error.status !== 403 || !call.session || isRecorded(error)) return error;
  const { method, path } = call.route;
  try {
    await denialLogOf(call.deps).record({
      resource: 'route',
      action: method === 'GET' ? 'read' : 'call',
      errorCode: error.code,
      note: `rule ${String(error.details.extra?.['rule'] ?? error.code)} at ${path}`,
    });
    return error;
  } catch (failure) {
    if (failure instanceof AppError) return failure;
    throw failure;
  }
}
