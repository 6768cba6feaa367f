import type { CommandScope } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { requireStaff } from './staff-actor.ts';

type OwnView = { id: string; ownerUserId: string; resource: string; name: string; sharedRole: string | null };

/** A view of one's own, locked. @throws AppError 404 `not_found`: somebody else's, shared or not, cannot be changed */
export async function ownView(scope: CommandScope, id: string): Promise<OwnView> {
  const [row] = await scope.tx.$queryRaw<OwnView[]>`
    SELECT v.id, v.owner_user_id AS "ownerUserId", v.resource, v.name, v.shared_role AS "sharedRole"
      FROM platform.saved_view AS v WHERE v.id = ${id}::uuid AND v.owner_user_id = ${requireStaff(scope).id}::uuid FOR UPDATE`;
  return row ?? fail('not_found');
}
