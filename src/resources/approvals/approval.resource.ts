import { join } from 'node:path';
import { defineResource, type ResourceActor, type Row, type Where } from '../../admin/index.ts';
import type { AccessSubject } from '../../foundation/access/decide.ts';
import { gradesOf } from '../../foundation/access/evaluate.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { evidenceOf, queries, toDecide } from '../../modules/support/index.ts';
import { approvalActions } from './approval-actions.ts';
import { approvalExtra } from './approval-extra.ts';
import { approvalKindStates, approvalStatusStates, approvalTitle } from './approval-words.ts';

/** Requests that take two people: what waits for a decision, what one asked for, and how it ended. */
export const approvalResource = defineResource({
  id: 'ApprovalRequest',
  noun: 'approval_request',
  title: 'Approvals',
  singular: 'approval request',
  icon: 'check',
  navigationGroup: 'Work',
  model: 'ApprovalRequest',
  columns: {
    title: { type: 'text', label: 'Request', from: ['kind', 'payloadSummary'], value: approvalTitle, isKey: true },
    subjectUserId: { type: 'reference', label: 'About', reference: 'User', orReference: 'Staff', isKey: true },
    requestedBy: { type: 'reference', label: 'Asked by', reference: 'Staff', orReference: 'User' },
    createdAt: { type: 'datetime', label: 'Asked' },
    status: { type: 'enum', label: 'Status', states: approvalStatusStates, isKey: true },
    decideBy: {
      type: 'datetime',
      label: 'Decide by',
      from: ['status', 'expiresAt'],
      value: (row) => (row.status === 'requested' ? row.expiresAt : null),
    },
    decidedBy: { type: 'reference', label: 'Decided by', reference: 'Staff', in: ['list', 'show'] },
    kind: { type: 'enum', label: 'Kind', states: approvalKindStates, in: ['show'] },
    payloadSummary: { type: 'text', label: 'What exactly', in: ['show'] },
    reason: { type: 'text', label: 'Why it was asked', in: ['show'] },
    decisionReason: { type: 'text', label: 'Why it was decided so', in: ['show'] },
    decidedAt: { type: 'datetime', label: 'Decided', in: ['show'] },
    expiresAt: { type: 'datetime', label: 'Expires', in: ['show'] },
    executedAt: { type: 'datetime', label: 'Carried out', in: ['show'] },
    undoUntil: { type: 'datetime', label: 'Can be taken back until', in: ['show'] },
    errorCode: { type: 'text', label: 'Why it failed', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    inbox: { type: 'enum', label: 'Inbox', operators: ['equals'], values: ['to_decide', 'mine', 'decided'], where: whereInbox },
    kind: { type: 'enum', label: 'Kind', operators: ['equals', 'in'] },
    status: { type: 'enum', label: 'Status', operators: ['equals', 'in'] },
    subjectUserId: { type: 'uuid', label: 'About (id)', operators: ['equals'] },
    requestedBy: { type: 'uuid', label: 'Asked by (id)', operators: ['equals'] },
    createdAt: { type: 'datetime', label: 'Asked', operators: ['between'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { createdAt: { index: 'approval_request_created_at_id_idx' } },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  scope: reachOf,
  permissions: { list: 'approval_request.list', show: 'approval_request.list', search: 'approval_request.list' },
  recordTitle: { from: ['kind', 'payloadSummary'], of: approvalTitle },
  names: (ids, { deps }) => actorNames(deps, ids),
  subject: subjectOf,
  hidden: ['version', 'evidence'],
  actions: approvalActions,
  components: {
    list: join(import.meta.dirname, 'approvals-list.component.tsx'),
    show: join(import.meta.dirname, 'approval-page.component.tsx'),
  },
  extra: approvalExtra,
  historyTable: 'support.approval_request',
  isPersonalData: true,
  waiting: ({ deps, staff }) => queries.countToDecide(deps, staff),
});

/** Own: what one asked for; finance also the kinds that finance decides. */
function reachOf({ staff, deps }: ResourceActor, grant: { own: boolean; team: boolean }): Where {
  if (!grant.own && !grant.team) return {};
  const isFinance = gradesOf(staff, deps.clock.now()).includes('finance');
  return isFinance ? { OR: [{ requestedBy: staff.id }, { kind: 'bank_change' }] } : { requestedBy: staff.id };
}

function whereInbox(value: string, _operator: string, deps: CommandDeps, staff?: StaffActor): Where {
  if (!staff) throw new AppError('invalid_filter', { extra: { filter: 'inbox' } });
  switch (value) {
    case 'to_decide':
      return toDecide(staff, deps.clock.now());
    case 'mine':
      return { requestedBy: staff.id };
    case 'decided':
      return { status: { not: 'requested' } };
    default:
      throw new AppError('invalid_filter', { extra: { filter: 'inbox' } });
  }
}

/** As the request knows the person; the command asks the person as they are. */
function subjectOf(row: Row): AccessSubject {
  const { about } = evidenceOf(row);
  const kind = about?.kind ?? (row.kind === 'staff_grant' ? 'staff' : 'client');
  return { userId: String(row.subjectUserId), kind, rank: about?.rank ?? 0, requestedById: String(row.requestedBy) };
}
