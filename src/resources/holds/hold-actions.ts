import { type CommandAction, commandAction } from '../../admin/index.ts';
import { holdMonth, holdRecord, releaseHold } from '../../audit/index.ts';
import { staffCommands } from '../../modules/identity/index.ts';

const reasonCodes = ['legal', 'fraud', 'security', 'policy', 'other'];

/** Holds on a record and on a month; those on people are placed where the person is seen. */
export const placeActions: readonly CommandAction[] = [
  commandAction(holdRecord, {
    label: 'Hold a record',
    effect: 'Keeps every month with rows of one record, and the person it is about',
    placement: ['resource'],
    group: 'careful',
    reasonCodes,
    form: [
      {
        name: 'table',
        label: 'Table',
        type: 'text',
        isRequired: true,
        maxLength: 120,
        help: 'As the history names it, such as identity.vendor',
      },
      { name: 'recordId', label: 'Record id', type: 'text', isRequired: true, maxLength: 200 },
    ],
    message: () => 'On hold. Nothing of this record is erased, archived or dropped.',
  }),
  commandAction(holdMonth, {
    label: 'Hold a month',
    effect: 'Keeps a whole month of the history, and everybody it holds rows about',
    placement: ['resource'],
    group: 'careful',
    reasonCodes,
    form: [{ name: 'month', label: 'Month', type: 'text', isRequired: true, maxLength: 7, help: 'Year and month, such as 2026-03' }],
    message: () => 'On hold. Nothing of this month is erased, archived or dropped.',
  }),
];

/** Of a record or month, and of a person. */
export const releaseActions = {
  other: commandAction(releaseHold, {
    name: 'releaseHold',
    label: 'Release hold',
    effect: 'What it kept may be erased, archived and dropped',
    placement: ['resource'],
    group: 'careful',
    reasonCodes,
    message: () => 'Released. What it kept follows its usual time again.',
  }),
  person: commandAction(staffCommands.releaseLegalHold, {
    name: 'releaseLegalHold',
    label: 'Release hold',
    effect: 'Ends this hold; others on the same person go on',
    placement: ['resource'],
    group: 'careful',
    reasonCodes,
    message: (output) => (holdsLeft(output) === 0 ? 'Released. The person may be erased again.' : 'Released. Another hold goes on.'),
  }),
} as const;

/** `left` of the command's output; 0 where there is none. */
export function holdsLeft(output: unknown): number {
  const left: unknown = typeof output === 'object' && output !== null && 'left' in output ? output.left : 0;
  return typeof left === 'number' ? left : 0;
}
