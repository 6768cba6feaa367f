import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';

/** Certain ones, or all up to one that the person has seen, so that what arrives meanwhile stays unread. */
const input = z.union([z.strictObject({ ids: z.array(z.uuid()).min(1).max(200) }), z.strictObject({ upTo: z.uuid() })]);

/**
 * Marks own notices as read. Those of others, unknown ones and ones that are read already are left alone.
 * @throws AppError 403 `forbidden`
 */
export const markNoticesRead = defineCommand<z.infer<typeof input>, { marked: number; isUnchanged: boolean }>({
  name: 'mark-notices-read',
  resource: 'notification',
  access: 'own_account.manage',
  input,
  isIdempotent: true,
  async run(scope, asked) {
    if (scope.actor.kind !== 'staff') return fail('forbidden');
    const which = 'ids' in asked ? { in: asked.ids } : { lte: asked.upTo };
    const { count } = await scope.tx.staffNotice.updateMany({
      where: { staffUserId: scope.actor.id, readAt: null, id: which },
      data: { readAt: scope.now, version: { increment: 1 } },
    });
    scope.note(`${count} notices read`);
    return { marked: count, isUnchanged: count === 0 };
  },
});
