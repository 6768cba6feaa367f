import { z } from 'zod';
import { isActive } from '../../foundation/access/grades.ts';
import { roles } from '../../foundation/access/roles.ts';
import { defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { ownView } from './own-view.ts';
import { requireStaff } from './staff-actor.ts';

/** `role`: one of one's own; null takes the view back. */
const input = z.strictObject({ id: z.uuid(), role: z.enum(roles).nullable() });

/**
 * Shows an own view to everybody of one's own role, or to nobody again. Each reads it with their own rights.
 * @throws AppError 403 `forbidden` for a role one does not hold, 404 `not_found`
 */
export const shareView = defineCommand<z.infer<typeof input>, { role: string | null }>({
  name: 'share-view',
  resource: 'saved_view',
  access: 'saved_view.share',
  input,
  async run(scope, { id, role }) {
    const { grants } = requireStaff(scope);
    const isOwnRole = role === null || grants.some((grant) => grant.role === role && isActive(grant, scope.now));
    if (!isOwnRole) return { refused: 'forbidden', details: { extra: { rule: 'not_your_role' } } };
    const view = await ownView(scope, id);
    if (view.sharedRole === role) fail('transition_not_allowed');
    await scope.tx.savedView.updateMany({ where: { id }, data: { sharedRole: role, isShared: role !== null, version: { increment: 1 } } });
    scope.touched(id);
    return { role };
  },
});
