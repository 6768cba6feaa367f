import { type CommandAction, commandAction, type FormField, type Row } from '../../admin/index.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { commands, legalCodes, privacyKinds, privacyLaws, privacyRight, receivedVias } from '../../modules/support/index.ts';
import { lawStates, legalLabels, privacyKindStates, purposeLabels, statusWord, viaLabels } from './privacy-words.ts';

const { intakePrivacyRequest, verifyPrivacyRequest, approvePrivacyRequest, completeRectification } = commands;
const { refusePrivacyRequest, extendDueDate, askErasureApproval } = commands;

const purposes = Object.entries(purposeLabels);

/** Fields of taking a request in; the member id only where the person's page is not open. */
const intakeForm: readonly FormField[] = [
  { name: 'memberId', label: 'Member id', type: 'text', isRequired: true, maxLength: 20, help: 'Such as FASTAR000231' },
  {
    name: 'kind',
    label: 'What is asked',
    type: 'select',
    isRequired: true,
    options: privacyKinds.map((value) => ({ value, label: privacyKindStates[value].label })),
  },
  {
    name: 'receivedVia',
    label: 'How it came in',
    type: 'select',
    isRequired: true,
    options: receivedVias.map((value) => ({ value, label: viaLabels[value] })),
  },
  {
    name: 'law',
    label: 'Law',
    type: 'select',
    isRequired: true,
    options: privacyLaws.map((value) => ({ value, label: lawStates[value].label })),
  },
  ...purposes.map(
    ([name, label]): FormField => ({ name, label: `Objects to: ${label.toLowerCase()}`, type: 'checkbox', help: 'Objections only.' }),
  ),
];

function intakeInput(form: Readonly<Record<string, unknown>>): unknown {
  const objected = purposes.flatMap(([name]) => (form[name] === true || form[name] === 'true' ? [name] : []));
  const names = new Set(purposes.map(([name]) => name));
  const given = Object.fromEntries(Object.entries(form).filter(([name]) => !names.has(name)));
  return { ...given, ...(objected.length > 0 ? { purposes: objected } : {}) };
}

const checkOptions = [
  { value: 'member_id', label: 'Member id' },
  { value: 'name', label: 'Name' },
  { value: 'last_order_month', label: 'Month of the last order' },
  { value: 'country', label: 'Country' },
  { value: 'recent_device', label: 'Recent device' },
];

/** Steps of a request about somebody's data, in their order. */
export const privacyActions: readonly CommandAction[] = [
  commandAction(intakePrivacyRequest, {
    name: 'intake',
    label: 'Take in a request',
    effect: 'Writes down what a person asks about their data; the 30 days start',
    placement: ['resource'],
    group: 'everyday',
    form: intakeForm,
    toInput: intakeInput,
    message: () => 'Taken in. Verify who the person is next.',
  }),
  commandAction(verifyPrivacyRequest, {
    name: 'verify',
    label: 'Verify identity',
    effect: 'Records which checks the person passed',
    placement: ['record'],
    group: 'everyday',
    form: [
      { name: 'firstCheck', label: 'First check that passed', type: 'select', isRequired: true, options: checkOptions },
      {
        name: 'secondCheck',
        label: 'Second check that passed',
        type: 'select',
        isRequired: true,
        options: checkOptions,
        help: 'Another one than the first.',
      },
    ],
    toInput: ({ firstCheck, secondCheck }, target) => ({ id: target.recordId, checks: [firstCheck, secondCheck] }),
    refusal: (row) => (row.status === 'received' ? null : `Received requests only: this one is ${statusWord(row)}.`),
    message: () => 'Verified. Somebody who may approve it sees it now.',
  }),
  commandAction(completeRectification, {
    label: 'Complete rectification',
    effect: 'Writes down what was corrected and tells the person',
    placement: ['record'],
    group: 'everyday',
    form: [
      {
        name: 'outcome',
        label: 'What was corrected',
        type: 'textarea',
        isRequired: true,
        maxLength: 2000,
        help: 'Correct the profile first.',
      },
    ],
    isVisible: (row) => row.kind === 'rectify',
    refusal: (row) => (row.status === 'processing' ? null : `Approved rectifications only: this one is ${statusWord(row)}.`),
    message: () => 'Completed. The person is told.',
  }),
  commandAction(approvePrivacyRequest, {
    name: 'approve',
    label: 'Approve',
    effect: 'Has what was asked carried out',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['customer_request', 'legal', 'policy', 'other'],
    right: rightOf,
    isVisible: (row) => row.kind !== 'erase',
    refusal: (row) => (row.status === 'identity_verified' ? null : `Verified requests only: this one is ${statusWord(row)}.`),
    message: (_output, row) =>
      row?.kind === 'rectify' ? 'Approved. Correct the profile, then complete the request.' : 'Approved. It is being carried out.',
  }),
  commandAction(askErasureApproval, {
    name: 'askErasure',
    label: 'Ask for approval',
    effect: 'Puts the erasure before a second person',
    placement: ['record'],
    group: 'two_people',
    reasonCodes: ['customer_request', 'legal', 'other'],
    toInput: (_form, target) => ({ id: target.row?.subjectUserId }),
    isVisible: (row) => row.kind === 'erase',
    refusal: erasureRefusal,
    message: () => 'Asked. A second person has 48 hours to decide.',
  }),
  commandAction(extendDueDate, {
    name: 'extend',
    label: 'Extend due date',
    effect: 'Gives a complex request up to 60 more days, once',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['legal', 'policy', 'other'],
    form: [{ name: 'days', label: 'Days', type: 'number', isRequired: true, help: '1 to 60, after the 30 of the law' }],
    refusal: (row) => (row.extendedTo ? 'It was extended once already.' : openOnly(row)),
    message: () => 'Extended. The person is told why.',
  }),
  commandAction(refusePrivacyRequest, {
    name: 'refuse',
    label: 'Refuse',
    effect: 'Ends the request on a ground of the law; the person reads why',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['legal', 'policy', 'fraud', 'abuse', 'other'],
    form: [
      {
        name: 'legalCode',
        label: 'Ground in the law',
        type: 'select',
        isRequired: true,
        options: legalCodes.map((value) => ({ value, label: legalLabels[value] })),
      },
      {
        name: 'text',
        label: 'What the person reads',
        type: 'textarea',
        isRequired: true,
        maxLength: 2000,
        help: 'At least 20 characters.',
      },
    ],
    refusal: (row) => (row.status === 'processing' ? 'It is being carried out already.' : openOnly(row)),
    message: () => 'Refused. The person is told, in your words.',
  }),
];

function rightOf(row: Row): PermissionKey {
  return privacyRight(privacyKinds.find((kind) => kind === row.kind) ?? 'export');
}

function erasureRefusal(row: Row): string | null {
  if (row.status === 'received') return 'Verify who the person is first.';
  if (row.status !== 'identity_verified') return `Verified requests only: this one is ${statusWord(row)}.`;
  return row.approvalId ? 'It is before a second person already.' : null;
}

function openOnly(row: Row): string | null {
  const isOpen =
    row.status === 'received' || row.status === 'identity_verified' || row.status === 'approved' || row.status === 'processing';
  return isOpen ? null : `Open requests only: this one is ${statusWord(row)}.`;
}
