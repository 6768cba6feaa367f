import type { ResourceActor, Row } from '../../admin/index.ts';
import { readFieldTimeline } from '../../audit/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { storeProductCounts } from '../../modules/catalog/index.ts';
import { actorNames, vendorForReview } from '../../modules/identity/index.ts';
import { documentLabels, readOwnKyc } from '../../modules/review/index.ts';
import { ticketQueries } from '../../modules/support/index.ts';
import { heldUntil } from './vendor-words.ts';

const steps = 20;

/** What the page of a store shows beside the record: each part only where the matrix opens it. */
export async function vendorExtra(row: Row, actor: ResourceActor): Promise<Readonly<Record<string, unknown>>> {
  const { deps, staff } = actor;
  const { prisma } = deps.database;
  const [id, ownerId] = [String(row.id), String(row.userId)];
  const may = (permission: PermissionKey) => holds(actor, permission);
  const now = deps.clock.now();
  const [evidence, products, kyc, tickets, history] = await Promise.all([
    vendorForReview(prisma, id),
    may('product.list') ? storeProductCounts(prisma, id) : null,
    may('kyc_submission.show_status') ? readOwnKyc(deps, ownerId) : null,
    may('ticket.list') ? ticketQueries.ticketsOf(deps, ownerId, staff) : null,
    mayReadHistory(may) ? statusHistory(actor, id) : null,
  ]);
  return {
    owner: evidence?.owner ?? null,
    setup: evidence?.setup ?? null,
    obstacles: evidence?.obstacles ?? [],
    lastDecision: evidence?.lastDecision ?? null,
    bankAccounts: may('vendor_bank_account.show') ? (evidence?.bankAccounts ?? []) : null,
    signals: evidence?.signals ?? [],
    kyc: kyc && kycStatus(kyc),
    products: products && [...products].map(([status, count]) => ({ status, count })),
    tickets,
    statusHistory: history,
    payoutHeldUntil: heldUntil(row, now),
    hasHistory: mayReadHistory(may),
    now,
  };
}

/** States of the submission and of each document; nothing that is on them. */
function kycStatus({ status, documents }: Awaited<ReturnType<typeof readOwnKyc>>) {
  return { status, documents: documents.map(({ type, status: state }) => ({ label: documentLabels[type], status: state })) };
}

/** Every state the store was in, newest first: by whom, with which reason. */
async function statusHistory({ deps }: ResourceActor, recordId: string) {
  const { steps: found } = await readFieldTimeline(deps, { table: 'identity.vendor', recordId, field: 'status', limit: steps });
  const names = await actorNames(
    deps,
    found.flatMap(({ actorId }) => (actorId ? [actorId] : [])),
  );
  return found.map(({ actionId, at, actorId, actorType, reason, change }) => ({
    actionId,
    at,
    by: (actorId && names.get(actorId)) || whoElse(actorType, change.before.kind === 'empty'),
    reason,
    from: change.before.kind === 'plain' ? change.before.value : null,
    to: change.after.kind === 'plain' ? change.after.value : null,
  }));
}

/** A store begins with a sign-up, when its owner was nobody yet. */
function whoElse(actorType: string, isBeginning: boolean): string {
  if (isBeginning) return 'the owner';
  return actorType === 'system' ? 'the system' : 'somebody';
}

function mayReadHistory(may: (permission: PermissionKey) => boolean): boolean {
  return may('audit.read_timeline') || may('audit.read_all');
}

/** For every store, not for those of own cases only. */
function holds({ staff, deps }: ResourceActor, permission: PermissionKey): boolean {
  const grant = grantFor(staff, permission, { now: deps.clock.now() });
  return grant !== null && !grant.own && !grant.team;
}
