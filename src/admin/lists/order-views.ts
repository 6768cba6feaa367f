import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { requireStaff } from './staff-actor.ts';

const input = z.strictObject({ resource: z.string().max(60), ids: z.array(z.uuid()).min(1).max(60) });

/** Puts the own views of a list into an order; each of them must be named. @throws AppError 404 `not_found` where one is missing or not one's own */
export const orderViews = defineCommand<z.infer<typeof input>, { count: number }>({
  name: 'order-views',
  resource: 'saved_view',
  access: 'saved_view.keep',
  input,
  async run(scope, { resource, ids }) {
    const ownerUserId = requireStaff(scope).id;
    const own = await scope.tx.savedView.findMany({ where: { ownerUserId, resource }, select: { id: true, position: true } });
    const positions = new Map(own.map((view) => [view.id, view.position]));
    if (new Set(ids).size !== own.length || !ids.every((id) => positions.has(id))) fail('not_found');
    for (const [index, id] of ids.entries()) {
      if (positions.get(id) === index + 1) continue;
      await scope.tx.savedView.updateMany({ where: { id, ownerUserId }, data: { position: index + 1, version: { increment: 1 } } });
      scope.touched(id);
    }
    return { count: ids.length };
  },
});
