import type { ResourceActor, Row } from '../../admin/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { dailyQuotaLeft } from '../../foundation/command/daily-quota.ts';
import { actorNames, type CustomerPage, staffQueries } from '../../modules/identity/index.ts';
import { queries as support, ticketQueries } from '../../modules/support/index.ts';

type NoteJson = { id: string; version: number; author: string; isOwn: boolean; body: string; createdAt: Date; editableUntil: Date | null };
type May = (permission: PermissionKey) => boolean;

/**
 * What the customer page shows beside the record itself, each part only where the matrix opens it. History and deliveries
 * are lists of their own, loaded when their tab is opened, so that the page stays within its twelve statements.
 */
export async function customerExtra(row: Row, actor: ResourceActor): Promise<Readonly<Record<string, unknown>>> {
  const { deps, staff } = actor;
  const id = String(row.id);
  const may = mayOf(actor);
  const [page, notes, tickets, requests, revealsLeft] = await Promise.all([
    staffQueries.customerPage(deps, id, staff.id),
    may('note.list') && row.status !== 'erased' ? notesOf(actor, id) : null,
    may('ticket.list') ? ticketQueries.ticketsOf(deps, id, staff) : null,
    may('approval_request.list') || may('privacy_request.list') ? support.openRequestsAbout(deps, id) : null,
    may('user.reveal_contact') ? dailyQuotaLeft(deps, staff, 'reveals') : null,
  ]);
  return {
    ...shownOf(page, may),
    ...forActions(page, requests),
    notes,
    tickets,
    approvals: may('approval_request.list') ? (requests?.approvals ?? null) : null,
    privacy: may('privacy_request.list') ? (requests?.privacy ?? null) : null,
    revealsLeft,
    hasDeliveries: may('delivery.list'),
    hasHistory: holdsWhole(actor, 'audit.read_timeline') || holdsWhole(actor, 'audit.read_all'),
    hasVendor: may('vendor.show'),
    hasClient: may('client.show'),
    now: deps.clock.now(),
  };
}

function shownOf({ sessions, logins, trace, consents, callerCheck, ...profile }: CustomerPage, may: May) {
  const mayTrace = may('rule_trace.show');
  return {
    profile: {
      ...profile,
      addresses: may('client.show') ? profile.addresses : [],
      passkeys: may('session.list') ? profile.passkeys : [],
      devices: may('session.list') ? profile.devices : [],
    },
    callerCheck,
    sessions: may('session.list') ? sessions : null,
    logins: may('login_event.list') ? logins : null,
    trace: mayTrace ? trace : null,
    consents: may('consent.list') ? consents : null,
  };
}

/** What the sentences beside refused buttons are made from. */
function forActions(page: CustomerPage, requests: Awaited<ReturnType<typeof support.openRequestsAbout>> | null) {
  return {
    liveSessions: page.sessions.filter(({ isLive }) => isLive).length,
    factors: page.security.factors.length,
    hasErasure: requests === null || requests.privacy.some(({ kind }) => kind === 'erase'),
  };
}

/** A grant for own records is enough here: the record was reached through the scope that hands them out. */
function mayOf({ staff, deps }: ResourceActor): May {
  const now = deps.clock.now();
  return (permission) => {
    const grant = grantFor(staff, permission, { now });
    return grant !== null && !grant.team;
  };
}

function holdsWhole({ staff, deps }: ResourceActor, permission: PermissionKey): boolean {
  const grant = grantFor(staff, permission, { now: deps.clock.now() });
  return grant !== null && !grant.own && !grant.team;
}

async function notesOf({ deps, staff }: ResourceActor, id: string): Promise<readonly NoteJson[]> {
  const notes = await support.listNotes(deps, { subjectType: 'user', subjectId: id });
  const names = await actorNames(
    deps,
    notes.map((note) => note.authorId),
  );
  return notes.map(({ id: noteId, version, authorId, body, createdAt, editableUntil }) => ({
    id: noteId,
    version,
    author: names.get(authorId) ?? 'A former colleague',
    isOwn: authorId === staff.id,
    body,
    createdAt,
    editableUntil,
  }));
}
