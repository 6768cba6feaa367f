import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { writeHold } from './holds.ts';

const input = z.strictObject({
  /** `schema.table` */
  table: z.string().trim().min(3).max(120),
  recordId: z.string().trim().min(1).max(200),
});
type Input = z.infer<typeof input>;
type HeldRecord = { subjectId: string | null };

/**
 * Holds the history of one record: the months it is in stay, and nobody whom it is about is erased. The matrix has one row for
 * placing holds; it serves people, records and months alike.
 * @throws AppError 403 `forbidden`, 404 `not_found` for a record without history
 */
export const holdRecord = defineCommand<Input, { holdId: string }, undefined, HeldRecord>({
  name: 'hold-record',
  resource: 'legal_hold',
  access: 'user.set_legal_hold',
  input,
  isIdempotent: true,
  async load({ tx }, { table, recordId }) {
    const event = await tx.auditEvent.findFirst({
      where: { tbl: table, recordId },
      orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }],
      select: { subjectId: true },
    });
    return event ?? fail('not_found');
  },
  // Nobody holds or releases what is about themselves.
  subject: ({ subjectId }) => (subjectId ? { userId: subjectId } : {}),
  async preview(_scope, { table, recordId }) {
    return [`Keeps every month with rows of ${table} ${recordId}.`, 'Refuses to erase the person it is about.'];
  },
  async run(scope, { table, recordId }) {
    const holdId = await writeHold(scope, { table, recordId });
    scope.touched(holdId);
    return { holdId };
  },
});
