import { type CommandAction, commandAction, type FormField, type Row } from '../../admin/index.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import { type CaseAction, caseCommands, stateRefusal } from '../../modules/review/index.ts';
import { caseRight, isCaseRow, textIn } from './case-row.ts';
import { codeLabels, optionsOf } from './case-words.ts';

const { takeNext, pickCase, releaseCase, reassignCase, touchCase, prepareChecklist, saveChecklist } = caseCommands;
const { approveCase, rejectCase, requestChanges, secondApprove, secondDisagree, escalateCase, approveInBulk } = caseCommands;

const words = (label: string, help: string, isRequired = false): FormField => ({
  ...{ name: 'text', label, type: 'textarea', maxLength: 2000, help },
  ...(isRequired ? { isRequired } : {}),
});
const read = 'The vendor reads exactly this.';

const inState = (action: CaseAction) => (row: Row, staff: StaffActor, now: Date) => {
  const facts = { claimerName: textIn(row, 'claimerName'), conflict: null, isAuthor: false };
  return isCaseRow(row) ? stateRefusal(action, row, { staff, now, facts }) : null;
};
const rightTo = (action: CaseAction) => (row: Row) => caseRight(action, row);

const version = (output: unknown) => ({ version: fieldOf(output, 'version'), status: fieldOf(output, 'status') });
const lease = (output: unknown) => ({ version: fieldOf(output, 'version'), claimExpiresAt: fieldOf(output, 'claimExpiresAt') });
const progress = (output: unknown) => ({ ...version(output), answered: fieldOf(output, 'answered'), of: fieldOf(output, 'of') });

/** What staff may do with a review case, in the order of the action rail. The matrix says who; here is only how it reads. */
export const caseActionList: readonly CommandAction[] = [
  commandAction(takeNext, {
    name: 'takeNext',
    label: 'Take next',
    effect: 'The case that waits most urgently',
    placement: ['resource'],
    group: 'everyday',
    message: (output) => (textIn(output, 'caseId') ? `${titleOf(output)} is yours for 30 minutes.` : 'Nothing waits for you.'),
    shown: (output) => ({ caseId: textIn(output, 'caseId'), kind: textIn(output, 'kind'), isEmpty: textIn(output, 'caseId') === null }),
  }),
  commandAction(pickCase, {
    name: 'pick',
    label: 'Pick',
    effect: 'Past the order of the queue; yours for 30 minutes',
    placement: ['record'],
    group: 'everyday',
    message: (_output, row) => `${titleOf(row)} is yours for 30 minutes.`,
    shown: lease,
    refusal: inState('pick'),
  }),
  commandAction(releaseCase, {
    name: 'release',
    label: 'Release',
    effect: 'Back into the queue, with its checklist',
    placement: ['record'],
    group: 'everyday',
    message: (_output, row) => `${titleOf(row)} waits in the queue again.`,
    shown: version,
    refusal: inState('release'),
  }),
  commandAction(reassignCase, {
    name: 'reassign',
    label: 'Reassign',
    effect: 'To a colleague, who is told',
    placement: ['record'],
    group: 'everyday',
    form: [{ name: 'staffId', label: 'Colleague', type: 'select', isRequired: true, options: [] }],
    isInline: true,
    message: (_output, row) => `${titleOf(row)} is reassigned. They are told.`,
    shown: lease,
    refusal: inState('reassign'),
  }),
  commandAction(touchCase, {
    name: 'touch',
    label: 'Keep it',
    effect: 'Another 30 minutes',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    message: () => 'Yours for another 30 minutes.',
    shown: lease,
    refusal: inState('touch'),
  }),
  commandAction(prepareChecklist, {
    name: 'prepare',
    label: 'Prepare checklist',
    effect: 'For the reviewer, with your name; decides nothing',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    message: () => 'Kept for the reviewer, with your name.',
    shown: progress,
    refusal: inState('prepare'),
  }),
  commandAction(saveChecklist, {
    name: 'saveChecklist',
    label: 'Save checklist',
    effect: 'Your answers so far; decides nothing',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    message: (output) => `Saved: ${String(fieldOf(output, 'answered'))} of ${String(fieldOf(output, 'of'))} answered.`,
    shown: progress,
    refusal: inState('saveChecklist'),
  }),
  commandAction(approveCase, {
    name: 'approve',
    label: 'Approve',
    effect: 'Every item of the checklist passed',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    form: [words('Message', `Optional. ${read}`)],
    message: (output, row) =>
      fieldOf(output, 'needsSecond') === true
        ? `${titleOf(row)} waits for a second person now.`
        : `Approved ${titleOf(row)}. The vendor is told.`,
    shown: version,
    right: rightTo('approve'),
    refusal: inState('approve'),
  }),
  commandAction(requestChanges, {
    name: 'requestChanges',
    label: 'Request changes',
    effect: 'With a note on each field',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    form: [words('Message', `Optional, above the notes. ${read}`)],
    message: (_output, row) => `Sent ${titleOf(row)} back with your notes. The vendor is told.`,
    shown: version,
    right: rightTo('requestChanges'),
    refusal: inState('requestChanges'),
  }),
  commandAction(rejectCase, {
    name: 'reject',
    label: 'Reject',
    effect: 'With a code and at least 20 characters',
    placement: ['record'],
    group: 'careful',
    isInline: true,
    form: [
      { name: 'code', label: 'Reason', type: 'select', isRequired: true, options: optionsOf(codeLabels) },
      words('Message', `At least 20 characters. ${read}`, true),
    ],
    message: (_output, row) => `Rejected ${titleOf(row)}. The vendor is told.`,
    shown: version,
    right: rightTo('reject'),
    refusal: inState('reject'),
  }),
  commandAction(escalateCase, {
    name: 'escalate',
    label: 'Escalate',
    effect: 'A lead decides; your words are the question',
    placement: ['record'],
    group: 'everyday',
    form: [{ ...words('Question', 'For the lead; the vendor does not read it.', true), maxLength: 500 }],
    message: (_output, row) => `${titleOf(row)} waits for a lead.`,
    shown: version,
    refusal: inState('escalate'),
  }),
  commandAction(secondApprove, {
    name: 'secondApprove',
    label: 'Approve as second',
    effect: 'Under both names, at once',
    placement: ['record'],
    group: 'two_people',
    isInline: true,
    form: [words('Note', 'For colleagues; the vendor does not read it.')],
    message: (_output, row) => `Approved ${titleOf(row)}, by two people. The vendor is told.`,
    shown: version,
    right: rightTo('secondApprove'),
    refusal: inState('secondApprove'),
  }),
  commandAction(secondDisagree, {
    name: 'secondDisagree',
    label: 'Disagree',
    effect: 'The case is yours to decide, with both answers in sight',
    placement: ['record'],
    group: 'two_people',
    isInline: true,
    form: [words('Why', 'For colleagues; the vendor does not read it.', true)],
    message: (_output, row) => `${titleOf(row)} is yours to decide. Both answers are in sight.`,
    shown: version,
    right: rightTo('secondDisagree'),
    refusal: inState('secondDisagree'),
  }),
  commandAction(approveInBulk, {
    name: 'bulkApprove',
    label: 'Approve products',
    effect: 'Of trusted stores, at most 20 at once',
    placement: ['bulk'],
    group: 'careful',
    bulkLimit: 20,
    message: (_output, row) => `Approved ${titleOf(row)}. The vendor is told.`,
  }),
];

const titleOf = (value: unknown): string => textIn(value, 'title') ?? 'The case';

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, name) ?? null) : null;
}
