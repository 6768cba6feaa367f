import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { endHold } from './holds.ts';

const input = z.strictObject({ id: z.uuid() });
type Held = { isOpen: boolean; isPerson: boolean; subjectId: string | null };

/**
 * Releases the hold on a record or a month. One on a person is released with the person's own flag, by identity's command.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed`
 */
export const releaseHold = defineCommand<z.infer<typeof input>, { holdId: string }, undefined, Held>({
  name: 'release-hold',
  resource: 'legal_hold',
  access: 'user.clear_legal_hold',
  input,
  async load({ tx }, { id }) {
    const hold = (await tx.auditHold.findUnique({ where: { id } })) ?? fail('not_found');
    const event =
      hold.tbl !== null
        ? await tx.auditEvent.findFirst({
            where: { tbl: hold.tbl, recordId: String(hold.recordId) },
            orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }],
            select: { subjectId: true },
          })
        : null;
    return { isOpen: hold.releasedAt === null, isPerson: hold.subjectId !== null, subjectId: event?.subjectId ?? hold.subjectId };
  },
  subject: ({ subjectId }) => (subjectId ? { userId: subjectId } : {}),
  async preview() {
    return ['What it kept may be erased, archived and dropped from now on.'];
  },
  async run(scope, { id }, { isOpen, isPerson }) {
    if (!isOpen || isPerson) return { refused: 'transition_not_allowed' };
    // A second release of the same hold waits for the first and then finds it released.
    if (!(await endHold(scope, id))) return { refused: 'transition_not_allowed' };
    scope.touched(id);
    return { holdId: id };
  },
});
