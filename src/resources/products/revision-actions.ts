import { type CommandAction, commandAction, type Row } from '../../admin/index.ts';
import { productCommands } from '../../modules/catalog/index.ts';

const { withdrawSuggestion, acceptRevision, rejectRevision } = productCommands;

const rightOf = (verb: 'accept' | 'reject') => (row: Row) =>
  row.kind === 'suggestion' ? (`product.${verb}_suggestion` as const) : (`product.${verb}_revision` as const);

/** What may be done with a proposal outside of its review case. */
export const revisionActions: readonly CommandAction[] = [
  commandAction(withdrawSuggestion, {
    name: 'withdraw',
    label: 'Take back',
    effect: 'Nobody decides on it any more; you may write it anew',
    placement: ['record'],
    group: 'everyday',
    isVisible: (row) => row.kind === 'suggestion',
    message: () => 'Taken back.',
    refusal: (row, staff) => {
      if (row.authorId !== staff.id) return 'Its author alone takes it back.';
      return row.status === 'draft' || row.status === 'proposed' ? null : 'It is decided.';
    },
  }),
  commandAction(acceptRevision, {
    name: 'accept',
    label: 'Accept',
    effect: 'What is chosen is live at once',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    right: rightOf('accept'),
    message: (output) => (isPartly(output) ? 'Accepted in part. What was chosen is live.' : 'Accepted. It is live.'),
    refusal: waitingOnly,
  }),
  commandAction(rejectRevision, {
    name: 'reject',
    label: 'Decline',
    effect: 'Nothing of it becomes live; its author reads your note',
    placement: ['record'],
    group: 'everyday',
    right: rightOf('reject'),
    form: [{ name: 'note', label: 'Note to the author', type: 'textarea', isRequired: true, maxLength: 500 }],
    message: () => 'Declined. Its author reads your note.',
    refusal: waitingOnly,
  }),
];

function waitingOnly(row: Row): string | null {
  return row.status === 'proposed' ? null : 'Only what waits can be decided.';
}

function isPartly(output: unknown): boolean {
  return typeof output === 'object' && output !== null && 'status' in output && output.status === 'partly_accepted';
}
