import type { ResourceActor, Row } from '../../admin/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { actorNames, subjectCard } from '../../modules/identity/index.ts';
import { queries } from '../../modules/support/index.ts';
import { dueOf } from './privacy-words.ts';

/** What the record page shows beside the request: the person, who did which step, ticket, approval, file and other requests. */
export async function privacyExtra(row: Row, actor: ResourceActor): Promise<Readonly<Record<string, unknown>>> {
  const { deps } = actor;
  const page = await queries.privacyPage(deps, String(row.id));
  const people = [row.receivedBy, row.verifiedBy, row.decidedBy, row.handledBy, page.approval?.requestedBy, page.approval?.decidedBy];
  const names = await actorNames(
    deps,
    people.filter((id) => typeof id === 'string'),
  );
  const nameOf = (id: unknown) => (typeof id === 'string' ? (names.get(id) ?? 'Somebody who left') : null);
  const { subject, ticket, approval, file, others } = page;
  return {
    subject: subject && subjectCard(subject, { isOpen: may(actor, 'user.show'), hasLogins: may(actor, 'login_event.list') }),
    people: {
      receivedBy: nameOf(row.receivedBy),
      verifiedBy: nameOf(row.verifiedBy),
      decidedBy: nameOf(row.decidedBy),
      handledBy: nameOf(row.handledBy),
    },
    checklist: Array.isArray(row.checklist) ? row.checklist : [],
    counts: countsOf(row.counts),
    ticket: ticket && { ...ticket, isOpen: may(actor, 'ticket.show') },
    approval: approval && {
      id: approval.id,
      status: approval.status,
      expiresAt: approval.expiresAt,
      requestedBy: nameOf(approval.requestedBy),
      decidedBy: nameOf(approval.decidedBy),
      isOpen: may(actor, 'approval_request.list'),
    },
    ...{ file, others },
    dueAt: dueOf(row),
    hasHistory: may(actor, 'audit.read_all') || (may(actor, 'audit.read_timeline') && may(actor, 'privacy_request.list')),
    now: deps.clock.now(),
  };
}

/** Rows per table that were changed or deleted. */
function countsOf(counts: unknown): readonly { table: string; rows: number }[] {
  if (typeof counts !== 'object' || counts === null) return [];
  return Object.entries(counts).flatMap(([table, rows]) => (typeof rows === 'number' && rows > 0 ? [{ table, rows }] : []));
}

function may({ staff, deps }: ResourceActor, permission: PermissionKey): boolean {
  const grant = grantFor(staff, permission, { now: deps.clock.now() });
  return grant !== null && !grant.own && !grant.team;
}
