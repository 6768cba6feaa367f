import type { ResourceActor, Row } from '../../admin/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { type ErrorCode, isErrorCode } from '../../foundation/errors/catalogue.ts';
import { errorMessage } from '../../foundation/i18n/translate.ts';
import { actorNames, subjectCard } from '../../modules/identity/index.ts';
import { type ApprovalPage, queries, type RequestLine } from '../../modules/support/index.ts';

/** What the record page shows beside the request: evidence, effects, both people and what they did before. */
export async function approvalExtra(row: Row, actor: ResourceActor): Promise<Readonly<Record<string, unknown>>> {
  const { deps, staff } = actor;
  const page = await queries.approvalPage(deps, String(row.id));
  const { requestedBy, decidedBy, subjectUserId } = row;
  const lines = [...page.ofSubject, ...page.ofRequester];
  const people = [requestedBy, decidedBy, subjectUserId, ...lines.flatMap((line) => [line.requestedBy, line.decidedBy])];
  const names = await actorNames(
    deps,
    people.filter((id) => typeof id === 'string'),
  );
  const nameOf = (id: unknown) => (typeof id === 'string' ? (names.get(id) ?? 'Somebody who left') : null);
  return {
    effects: page.effects,
    isChanged: page.changed.length > 0,
    passed: page.passed,
    subject: subjectJson(page, actor),
    requester: { name: nameOf(requestedBy), isSubject: requestedBy === subjectUserId, isYou: requestedBy === staff.id },
    decider: nameOf(decidedBy),
    ofSubject: page.ofSubject.map((line) => lineJson(line, nameOf)),
    ofRequester: requestedBy === subjectUserId ? [] : page.ofRequester.map((line) => lineJson(line, nameOf)),
    ticket: page.ticket && { ...page.ticket, isOpen: may(actor, 'ticket.show') },
    privacy: page.privacy && { ...page.privacy, isOpen: may(actor, 'privacy_request.list') },
    failure: failureOf(row.errorCode),
    hasHistory: may(actor, 'audit.read_all') || (may(actor, 'audit.read_timeline') && may(actor, 'approval_request.list')),
    now: deps.clock.now(),
  };
}

function subjectJson({ subject }: ApprovalPage, actor: ResourceActor): object | null {
  if (!subject) return null;
  const isOpen = may(actor, subject.account.kind === 'staff' ? 'staff.show' : 'user.show');
  return subjectCard(subject, { isOpen, hasLogins: may(actor, 'login_event.list') });
}

function lineJson({ id, kind, status, createdAt, requestedBy, decidedBy }: RequestLine, nameOf: (id: unknown) => string | null): object {
  return { id, kind, status, createdAt, requestedBy: nameOf(requestedBy), decidedBy: nameOf(decidedBy) };
}

/** Why it failed, in a sentence. */
function failureOf(code: unknown): string | null {
  if (typeof code !== 'string') return null;
  const own: Partial<Record<ErrorCode, string>> = {
    subject_changed: 'What was asked for was not what was there any more. Look at the person, and ask again if it is still needed.',
    four_eyes: 'One person would have been both people.',
    forbidden: 'One of the two people was not allowed to any more.',
    flow_expired: 'The code to the new contact was not given back in time.',
  };
  return isErrorCode(code) ? (own[code] ?? errorMessage('en', code)) : code;
}

function may({ staff, deps }: ResourceActor, permission: PermissionKey): boolean {
  const grant = grantFor(staff, permission, { now: deps.clock.now() });
  return grant !== null && !grant.own && !grant.team;
}
