import type { ResourceActor, Row } from '../../admin/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { queries } from '../../modules/support/index.ts';

/** Whether a request about the account waits for somebody, for those who may open it. */
export async function bankAccountExtra(row: Row, actor: ResourceActor): Promise<Readonly<Record<string, unknown>>> {
  const may = (permission: PermissionKey) => grantFor(actor.staff, permission, { now: actor.deps.clock.now() }) !== null;
  const maySee = may('vendor_bank_account.change') || may('approval_request.list');
  return {
    openRequest: maySee ? await queries.openBankRequest(actor.deps, String(row.id)) : null,
    hasHistory: may('audit.read_all') || holdsWhole(actor, 'audit.read_timeline'),
  };
}

function holdsWhole({ staff, deps }: ResourceActor, permission: PermissionKey): boolean {
  const grant = grantFor(staff, permission, { now: deps.clock.now() });
  return grant !== null && !grant.own && !grant.team;
}
