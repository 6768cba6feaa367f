import type { AppError } from '../../foundation/errors/app-error.ts';
import { currentContext } from '../../foundation/runtime/request-context.ts';
import type { DeniedRecord } from '../admin.ts';

export type Denial = { resource: string; action: string; rule: string; error: AppError; recordIds?: readonly string[] };

export type DenialRecorder = { record(denial: Denial): Promise<void> };

/** One denied row for each refusal of a signed-in person at the frame; those inside commands are the runner's. */
export function createDenialRecorder(recordDenied: (entry: DeniedRecord) => Promise<void>): DenialRecorder {
  return {
    record({ resource, action, rule, error, recordIds = [] }) {
      return recordDenied({ resource, action, recordIds, rule, errorCode: error.code, path: currentContext()?.path ?? '/admin' });
    },
  };
}
