import { join } from 'node:path';
import { defineResource, type Row, type Where } from '../../admin/index.ts';
import type { AccessSubject } from '../../foundation/access/decide.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { queries } from '../../modules/support/index.ts';
import { privacyActions } from './privacy-actions.ts';
import { privacyExtra } from './privacy-extra.ts';
import {
  dueOf,
  lawStates,
  legalWord,
  privacyKindStates,
  privacyStatusStates,
  privacyTitle,
  purposeWords,
  viaWord,
} from './privacy-words.ts';

const openStatuses = ['received', 'identity_verified', 'approved', 'processing'];
const soonDays = 10;

/** What people ask about their data, with the day by which the law wants an answer. */
export const privacyResource = defineResource({
  id: 'PrivacyRequest',
  noun: 'privacy_request',
  title: 'Privacy requests',
  singular: 'privacy request',
  icon: 'shield',
  navigationGroup: 'Work',
  model: 'PrivacyRequest',
  columns: {
    title: { type: 'text', label: 'Request', from: ['kind'], value: privacyTitle, isKey: true },
    subjectUserId: { type: 'reference', label: 'Person', reference: 'User', isKey: true },
    status: { type: 'enum', label: 'Status', states: privacyStatusStates, isKey: true },
    due: { type: 'datetime', label: 'Due', from: ['dueAt', 'extendedTo'], value: dueOf },
    law: { type: 'enum', label: 'Law', states: lawStates },
    via: { type: 'text', label: 'Came in by', from: ['receivedVia'], value: viaWord },
    createdAt: { type: 'datetime', label: 'Received' },
    kind: { type: 'enum', label: 'Kind', states: privacyKindStates, in: ['show'] },
    purposes: { type: 'json', label: 'Objects to', value: purposeWords, in: ['show'] },
    verifiedAt: { type: 'datetime', label: 'Verified', in: ['show'] },
    decidedAt: { type: 'datetime', label: 'Decided', in: ['show'] },
    decisionReason: { type: 'text', label: 'Why', in: ['show'] },
    extensionReason: { type: 'text', label: 'Why it was extended', in: ['show'] },
    refusalCode: { type: 'text', label: 'Ground in the law', value: legalWord, in: ['show'] },
    refusalText: { type: 'text', label: 'What the person read', in: ['show'] },
    outcome: { type: 'text', label: 'What was corrected', in: ['show'] },
    cancelUntil: { type: 'datetime', label: 'Can be called off until', in: ['show'] },
    completedAt: { type: 'datetime', label: 'Completed', in: ['show'] },
    downloadAt: { type: 'datetime', label: 'Fetched', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    work: { type: 'enum', label: 'Work', operators: ['equals'], values: ['open', 'due_soon', 'done'], where: whereWork },
    kind: { type: 'enum', label: 'Kind', operators: ['equals', 'in'] },
    status: { type: 'enum', label: 'Status', operators: ['equals', 'in'] },
    law: { type: 'enum', label: 'Law', operators: ['equals'] },
    subjectUserId: { type: 'uuid', label: 'Person (id)', operators: ['equals'] },
    dueAt: { type: 'datetime', label: 'Due (30 days)', operators: ['between'] },
    createdAt: { type: 'datetime', label: 'Received', operators: ['between'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { createdAt: { index: 'privacy_request_created_at_id_idx' }, dueAt: { index: 'privacy_request_due_at_id_idx' } },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  scope: null,
  permissions: { list: 'privacy_request.list', show: 'privacy_request.list', search: 'privacy_request.list' },
  recordTitle: { from: ['kind'], of: privacyTitle },
  names: (ids, { deps }) => actorNames(deps, ids),
  subject: subjectOf,
  hidden: ['version', 'receivedBy', 'verifiedBy', 'decidedBy', 'handledBy', 'approvalId', 'checklist', 'counts'],
  actions: privacyActions,
  components: {
    list: join(import.meta.dirname, 'privacy-list.component.tsx'),
    show: join(import.meta.dirname, 'privacy-page.component.tsx'),
  },
  extra: privacyExtra,
  historyTable: 'support.privacy_request',
  isPersonalData: true,
  waiting: ({ deps, staff }) => queries.countPrivacyWaiting(deps, staff),
});

function whereWork(value: string, _operator: string, deps: CommandDeps): Where {
  const open = { status: { in: openStatuses } };
  if (value === 'open') return open;
  if (value === 'done') return { NOT: open };
  if (value !== 'due_soon') throw new AppError('invalid_filter', { extra: { filter: 'work' } });
  const soon = { lte: addSeconds(deps.clock.now(), soonDays * 86_400) };
  return { AND: [open, { OR: [{ extendedTo: soon }, { extendedTo: null, dueAt: soon }] }] };
}

function subjectOf(row: Row): AccessSubject {
  return { userId: String(row.subjectUserId), kind: 'client', rank: 0 };
}
