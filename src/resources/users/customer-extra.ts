import type { ResourceActor, Row } from '../../admin/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { dailyQuotaLeft } from '../../foundation/command/daily-quota.ts';
import { actorNames, staffQueries } from '../../modules/identity/index.ts';
import { queries as support } from '../../modules/support/index.ts';

type NoteJson = { id: string; author: string; isOwn: boolean; body: string; createdAt: Date; editableUntil: Date | null };

/**
 * What the customer page shows beside the record itself, each part only where the matrix opens it. History and deliveries
 * are lists of their own, loaded when their tab is opened, so that the page stays within its twelve statements.
 */
export async function customerExtra(row: Row, actor: ResourceActor): Promise<Readonly<Record<string, unknown>>> {
  const { deps, staff } = actor;
  const id = String(row.id);
  const may = mayOf(actor);
  const [page, notes, revealsLeft] = await Promise.all([
    staffQueries.customerPage(deps, id),
    may('note.list') ? notesOf(actor, id) : null,
    may('user.reveal_contact') ? dailyQuotaLeft(deps, staff, 'reveals') : null,
  ]);
  const { sessions, logins, trace, consents, ...profile } = page;
  return {
    profile,
    sessions: may('session.list') ? sessions : null,
    logins: may('login_event.list') ? logins : null,
    trace: may('rule_trace.show') ? trace : null,
    consents: may('consent.list') ? consents : null,
    notes,
    revealsLeft,
    hasDeliveries: may('delivery.list'),
    hasHistory: may('audit.read_timeline') || may('audit.read_all'),
    hasVendor: may('vendor.show'),
    hasClient: may('client.show'),
    now: deps.clock.now(),
  };
}

/** Own-only grants reach nobody here: there is no queue yet whose people would be one's own. */
function mayOf({ staff, deps }: ResourceActor): (permission: PermissionKey) => boolean {
  const now = deps.clock.now();
  return (permission) => {
    const grant = grantFor(staff, permission, { now });
    return grant !== null && !grant.own && !grant.team;
  };
}

async function notesOf({ deps, staff }: ResourceActor, id: string): Promise<readonly NoteJson[]> {
  const notes = await support.listNotes(deps, { subjectType: 'user', subjectId: id });
  const names = await actorNames(
    deps,
    notes.map((note) => note.authorId),
  );
  return notes.map(({ id: noteId, authorId, body, createdAt, editableUntil }) => ({
    id: noteId,
    author: names.get(authorId) ?? 'A former colleague',
    isOwn: authorId === staff.id,
    body,
    createdAt,
    editableUntil,
  }));
}
