import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { runNote } from './run-note.ts';
import type { VerifyResult } from './verify-database.ts';

/** Published when a verification finds something. Payload: faults, kind and seq of the first. */
export const verifyFailed = 'audit.verify.failed';

const input = z.strictObject({
  /** Body of the control row, as runNote() writes it. */
  note: z.string(),
  faults: z.int().nonnegative(),
  firstKind: z.string().nullable(),
  firstSeq: z.int().nullable(),
});

/** What a finished run leaves: its control row and, where it found something, the event that alerts people. */
export const noteVerification = defineCommand({
  name: 'note-verification',
  resource: 'audit',
  access: 'system',
  input,
  async run(scope, { note, faults, firstKind, firstSeq }) {
    await scope.tx.$queryRaw`SELECT audit.record_verification(${note})`;
    if (faults > 0) scope.emit({ name: verifyFailed, aggregateId: null, payload: { faults, kind: firstKind, seq: firstSeq } });
    scope.note(`faults ${faults}`);
    return null;
  },
});

/** Input of noteVerification for a result. `by` is the actor type that ran it. */
export function noteInputOf(result: VerifyResult, by: string): z.infer<typeof input> {
  const [first] = result.faults;
  return { note: runNote(result, by), faults: result.faultCount, firstKind: first?.kind ?? null, firstSeq: first?.seq ?? null };
}
