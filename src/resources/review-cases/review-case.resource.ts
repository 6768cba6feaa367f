import { defineResource, type ResourceActor, type Row, type Where } from '../../admin/index.ts';
import type { AccessSubject } from '../../foundation/access/decide.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { caseQueries, isCaseBlind } from '../../modules/review/index.ts';
import { caseActionList } from './case-actions.ts';
import { enrichCases } from './case-row.ts';
import { codeName, decisionStates, kindStates, slaStates, statusStates } from './case-words.ts';

/** Review cases as records: for lists, links, history and the commands; the work itself is done on the screen of three panes. */
export const reviewCaseResource = defineResource({
  id: 'ReviewCase',
  noun: 'review_case',
  title: 'Review cases',
  singular: 'review case',
  icon: 'review',
  navigationGroup: 'Marketplace',
  model: 'ReviewCase',
  columns: {
    title: { type: 'text', label: 'Handed in', isKey: true },
    sla: {
      type: 'enum',
      label: 'Time',
      states: slaStates,
      from: ['slaDueAt', 'slaRiskAt', 'slaPausedS', 'pausedAt', 'createdAt', 'status'],
      value: (row) => row.slaState,
      isKey: true,
    },
    status: { type: 'enum', label: 'Status', states: statusStates, isKey: true },
    kind: { type: 'enum', label: 'Kind', states: kindStates },
    round: { type: 'integer', label: 'Round' },
    priority: { type: 'integer', label: 'Priority' },
    riskScore: { type: 'integer', label: 'Risk' },
    claimer: { type: 'text', label: 'Held by', from: ['claimedBy'], value: (row) => row.claimerName ?? null },
    claimExpiresAt: { type: 'datetime', label: 'Held until', in: ['show'] },
    needsSecond: { type: 'boolean', label: 'Needs a second person' },
    needsLead: { type: 'boolean', label: 'For a lead' },
    slaDueAt: { type: 'datetime', label: 'Due' },
    createdAt: { type: 'datetime', label: 'Handed in at' },
    vendorId: { type: 'reference', label: 'Store', reference: 'Vendor' },
    subjectVersion: { type: 'integer', label: 'Version under review', in: ['show'] },
    preparer: {
      type: 'text',
      label: 'Checklist prepared by',
      in: ['show'],
      from: ['preparedBy'],
      value: (row) => row.preparerName ?? null,
    },
    decision: { type: 'enum', label: 'Decision', states: decisionStates, in: ['show'], section: 'Decision' },
    code: {
      type: 'text',
      label: 'Reason',
      in: ['show'],
      section: 'Decision',
      from: ['decisionCode'],
      value: (row) => codeName(row.decisionCode),
    },
    decisionText: { type: 'text', label: 'Message', in: ['show'], section: 'Decision' },
    decider: {
      type: 'text',
      label: 'Decided by',
      in: ['show'],
      section: 'Decision',
      from: ['decidedBy'],
      value: (row) => row.deciderName ?? null,
    },
    decidedAt: { type: 'datetime', label: 'Decided at', in: ['show'], section: 'Decision' },
    second: {
      type: 'text',
      label: 'Second person',
      in: ['show'],
      section: 'Decision',
      from: ['secondBy'],
      value: (row) => row.secondName ?? null,
    },
    secondAt: { type: 'datetime', label: 'Second answer at', in: ['show'], section: 'Decision' },
    snapshotId: { type: 'id', label: 'Version that was seen', in: ['show'], section: 'Decision' },
    escalationReason: { type: 'text', label: 'Question to a lead', in: ['show'], section: 'Escalation' },
    escalatedAt: { type: 'datetime', label: 'Asked at', in: ['show'], section: 'Escalation' },
    previousCaseId: { type: 'reference', label: 'Round before', reference: 'ReviewCase', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    status: { type: 'enum', label: 'Status', operators: ['equals', 'in'] },
    kind: { type: 'enum', label: 'Kind', operators: ['equals', 'in'] },
    sla: {
      type: 'enum',
      label: 'Time',
      operators: ['equals'],
      values: ['breached', 'at_risk', 'on_track', 'paused'],
      where: (state, _operator, deps) => whereSla(state, deps),
    },
    claimedBy: { type: 'uuid', label: 'Held by', operators: ['equals', 'in', 'isEmpty'] },
    decidedBy: { type: 'uuid', label: 'Decided by', operators: ['equals', 'in'], where: whereDecided },
    vendorId: { type: 'uuid', label: 'Store', operators: ['equals', 'in'] },
    subjectId: { type: 'uuid', label: 'Subject', operators: ['equals', 'in'] },
    needsLead: { type: 'boolean', label: 'For a lead', operators: ['equals'] },
    needsSecond: { type: 'boolean', label: 'Needs a second person', operators: ['equals'] },
    round: { type: 'integer', label: 'Round', operators: ['equals', 'between'] },
    createdAt: { type: 'datetime', label: 'Handed in', operators: ['between'] },
    slaDueAt: { type: 'datetime', label: 'Due', operators: ['between'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: {
    createdAt: { index: 'review_case_created_at_id_idx' },
    slaDueAt: { index: 'review_case_sla_due_at_id_idx' },
  },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  scope: null,
  permissions: { list: 'review_case.list', show: 'review_case.list', search: 'review_case.list' },
  recordTitle: {
    from: ['title', 'round'],
    of: (row) => `${typeof row.title === 'string' ? row.title : 'Erased'}, round ${String(row.round)}`,
  },
  enrich: enrichCases,
  isClosed: (row) => row.isClosed === true,
  subject: caseSubject,
  hidden: ['version', 'ownerUserId', 'subjectId', 'sampleOfId', 'claimedAt', 'slaBreachToldAt', 'slaRiskToldAt', 'lapseToldAt'],
  actions: caseActionList,
  components: {},
  // Opening one is the rule of the queue, asked here: the list is open to more people than a case is.
  extra: async (row, { staff, deps }) => {
    const view = await caseQueries.caseView(deps, staff, String(row.id));
    return {
      isHistoryClosed: await isCaseBlind(deps, staff, String(row.id)),
      rights: view.rights,
      part: view.part,
      isBlind: view.isBlind,
      checklist: view.checklist,
      rounds: view.rounds,
      answers: view.answers,
    };
  },
  historyTable: 'review.review_case',
  isPersonalData: true,
});

/** Whose case it is, and whether the reader holds it. */
function caseSubject(row: Row, { staff }: ResourceActor): AccessSubject {
  return {
    ...{ kind: 'vendor', isOwn: row.claimedBy === staff.id },
    ...(typeof row.ownerUserId === 'string' ? { userId: row.ownerUserId } : {}),
    ...(row.status === 'pending_second' && typeof row.decidedBy === 'string' ? { requestedById: row.decidedBy } : {}),
  };
}

/** Who gave a first answer is no filter while it is kept from the second person. */
function whereDecided(value: string): Where {
  return { decidedBy: { in: value.split(',') }, status: { in: ['approved', 'rejected', 'changes_requested'] } };
}

function whereSla(state: string, { clock }: CommandDeps): Where {
  const now = clock.now();
  const open = { status: { in: ['queued', 'claimed', 'pending_second'] } };
  switch (state) {
    case 'breached':
      return { ...open, pausedAt: null, slaDueAt: { lte: now } };
    case 'at_risk':
      return { ...open, pausedAt: null, slaRiskAt: { lte: now }, slaDueAt: { gt: now } };
    case 'on_track':
      return { ...open, pausedAt: null, slaRiskAt: { gt: now } };
    case 'paused':
      return { pausedAt: { not: null } };
    default:
      throw new AppError('invalid_filter');
  }
}
