import { type CommandAction, commandAction } from '../../admin/index.ts';
import { staffCommands } from '../../modules/identity/index.ts';

const { decideReviewLine, signOffReview, exportReview } = staffCommands;

/** Per line; the line is told by where the button is. */
export const lineActions = {
  keep: commandAction(decideReviewLine, {
    name: 'keepGrant',
    label: 'Keep role',
    effect: 'Confirms it for this quarter',
    placement: ['resource'],
    group: 'everyday',
    reasonCodes: ['policy', 'other'],
    toInput: ({ id }) => ({ id, decision: 'keep' }),
    message: () => 'Kept. Confirmed for this quarter.',
  }),
  remove: commandAction(decideReviewLine, {
    name: 'removeGrant',
    label: 'Remove role',
    effect: 'Takes effect at their next click; they are told',
    placement: ['resource'],
    group: 'careful',
    reasonCodes: ['policy', 'security', 'error_correction', 'other'],
    toInput: ({ id }) => ({ id, decision: 'remove' }),
    message: () => 'Removed. The role ends with their next click; they are told by email.',
  }),
} as const;

/** Of the whole review: the sheet leaves with the answer and the browser keeps it. */
export const sheetActions = {
  signOff: commandAction(signOffReview, {
    name: 'signOff',
    label: 'Sign off',
    effect: 'Ends the review and gives you the sheet; its SHA-256 stands in the audit',
    placement: ['resource'],
    group: 'careful',
    reasonCodes: ['policy', 'legal', 'other'],
    message: () => 'Signed off. The sheet was saved by your browser.',
    shown: sheetOf,
  }),
  export: commandAction(exportReview, {
    name: 'exportReview',
    label: 'Export',
    effect: 'Gives you the sheet as it stands; its SHA-256 stands in the audit',
    placement: ['resource'],
    group: 'everyday',
    reasonCodes: ['policy', 'legal', 'security', 'other'],
    message: () => 'Exported. The sheet was saved by your browser.',
    shown: sheetOf,
  }),
} as const;

export const accessReviewActions: readonly CommandAction[] = [
  lineActions.keep,
  lineActions.remove,
  sheetActions.signOff,
  sheetActions.export,
];

function sheetOf(output: unknown): Readonly<Record<string, unknown>> {
  if (typeof output !== 'object' || output === null) return {};
  return { fileName: Reflect.get(output, 'fileName'), text: Reflect.get(output, 'text'), sha256: Reflect.get(output, 'sha256') };
}
