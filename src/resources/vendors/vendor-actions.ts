import { type CommandAction, commandAction, type Row } from '../../admin/index.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import { storeCommands } from '../../modules/catalog/index.ts';
import { staffCommands } from '../../modules/identity/index.ts';
import { editStore } from './edit-store.ts';
import { termsActions } from './terms-actions.ts';
import { onlyIn, storeName, versionIn } from './vendor-words.ts';

const undoSeconds = 900;

/** What staff may do with a store, in the order of the action rail. Its review is decided on its case, not here. */
export const vendorActions: readonly CommandAction[] = [
  editStore,
  ...termsActions,
  commandAction(storeCommands.suspendStore, {
    name: 'suspend',
    label: 'Suspend store',
    effect: 'Hides the store and its products from the shop at once',
    placement: ['record', 'bulk'],
    group: 'careful',
    reasonCodes: ['fraud', 'abuse', 'policy', 'quality', 'legal', 'security', 'other'],
    message: (_output, row) => `Suspended. ${storeName(row)} and its products are gone from the shop; its owner is told why.`,
    refusal: (row) => onlyIn(row, 'approved'),
    undo: { action: 'undoSuspension', seconds: undoSeconds, version: versionIn },
  }),
  commandAction(storeCommands.undoSuspension, {
    name: 'undoSuspension',
    label: 'Take suspension back',
    effect: 'Puts the store back as it was, within 15 minutes of your suspension',
    placement: ['record', 'bulk'],
    group: 'careful',
    isInline: true,
    reasonCodes: ['error_correction', 'other'],
    message: (_output, row) => `Taken back. ${storeName(row)} is in the shop again; its owner is told.`,
    refusal: (row, staff, now) => onlyIn(row, 'suspended') ?? notUndoable(row, staff, now),
  }),
  commandAction(storeCommands.reactivateStore, {
    name: 'reactivate',
    label: 'Reactivate store',
    effect: 'Puts the store and its published products back into the shop',
    placement: ['record'],
    group: 'careful',
    message: (_output, row) => `Reactivated. ${storeName(row)} is in the shop again; its owner is told.`,
    refusal: (row, staff) =>
      onlyIn(row, 'suspended') ?? (row.suspendedBy === staff.id ? 'You suspended this store; someone else must reactivate it.' : null),
  }),
  commandAction(staffCommands.acceptAppeal, {
    name: 'acceptAppeal',
    label: 'Accept appeal',
    effect: 'Sends the store back to the reviewers, to be approved by two people',
    placement: ['record'],
    group: 'careful',
    message: (_output, row) => `Accepted. ${storeName(row)} waits for review again, and needs two people this time.`,
    refusal: (row) => onlyIn(row, 'rejected'),
  }),
  commandAction(storeCommands.closeStore, {
    name: 'close',
    label: 'Close store',
    effect: 'Closes it for good and archives its products',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['customer_request', 'fraud', 'abuse', 'policy', 'legal', 'other'],
    message: (_output, row) => `Closed. ${storeName(row)} is not opened again; its products are archived and its owner is told.`,
    refusal: (row) =>
      row.status === 'submitted' || row.status === 'in_review'
        ? 'It is being reviewed: decide on its case first.'
        : row.status === 'closed'
          ? 'It is closed already.'
          : null,
  }),
];

function notUndoable(row: Row, staff: StaffActor, now: Date): string | null {
  if (row.suspendedBy !== staff.id) return 'Only whoever suspended it can take it back; anyone else reactivates it.';
  const until = row.suspendedAt instanceof Date ? row.suspendedAt.getTime() + undoSeconds * 1000 : 0;
  return now.getTime() >= until ? 'The 15 minutes to take it back are over.' : null;
}
