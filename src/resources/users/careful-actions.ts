import { type CommandAction, commandAction, type Row } from '../../admin/index.ts';
import { staffCommands } from '../../modules/identity/index.ts';
import { commands as support } from '../../modules/support/index.ts';
import { activeOnly, channelOf, isLocked, nameOf, notErased, numberIn, textIn } from './action-words.ts';

const { unlockUser, suspendUser, reactivateUser, revokeUserSessions, revealContact, verifyUserIdentifier } = staffCommands;

/** Undo is for slips of the hand: 15 minutes, refused once somebody changed the account since. */
const undoSeconds = 900;
const versionIn = (output: unknown) => numberIn(output, 'version');
const securityCodes = ['customer_request', 'security', 'fraud', 'other'];

/** What a customer feels at once: each says before what it will do to whom. */
export const carefulActions: readonly CommandAction[] = [
  commandAction(unlockUser, {
    label: 'Unlock account',
    effect: 'Lets unknown devices try the password again',
    placement: ['record', 'bulk'],
    group: 'careful',
    reasonCodes: ['customer_request', 'error_correction', 'other'],
    message: (_output, row) => `Unlocked. ${nameOf(row)} can sign in now and is told by ${channelOf(row)}.`,
    refusal: (row, _staff, now) =>
      isLocked(row, now) ? null : `Locked accounts only: this account is ${row.status === 'active' ? 'active' : String(row.status)}.`,
  }),
  commandAction(revokeUserSessions, {
    name: 'revokeSessions',
    label: 'End all sessions',
    effect: 'Signs the person out everywhere',
    placement: ['record', 'bulk'],
    group: 'careful',
    reasonCodes: securityCodes,
    message: (output, row) => `Ended ${sessionsText(output)}. ${nameOf(row)} has to sign in again.`,
    refusal: (_row, _staff, _now, extra) => (extra.liveSessions === 0 ? 'Signed-in people only: there is no live session.' : null),
  }),
  commandAction(revokeUserSessions, {
    name: 'revokeSession',
    label: 'End session',
    effect: 'Signs the person out on this device',
    placement: ['record'],
    group: 'careful',
    isInline: true,
    form: [{ name: 'sessionId', label: 'Session', type: 'text', isRequired: true }],
    reasonCodes: securityCodes,
    message: (_output, row) => `Session ended. ${nameOf(row)} has to sign in again there.`,
  }),
  commandAction(verifyUserIdentifier, {
    name: 'verifyIdentifier',
    label: 'Verify by hand',
    effect: 'Says without a code that the contact is theirs',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['customer_request', 'error_correction', 'legal', 'other'],
    message: (_output, row) => `Verified by hand. ${nameOf(row)} is told by ${channelOf(row)}.`,
    refusal: (row) => activeOnly(row) ?? (row.identifierVerifiedAt ? 'Unverified contacts only: this one is verified.' : null),
  }),
  commandAction(suspendUser, {
    label: 'Suspend account',
    effect: 'Ends all sessions and refuses sign-in',
    placement: ['record', 'bulk'],
    group: 'careful',
    reasonCodes: ['fraud', 'abuse', 'customer_request', 'legal', 'other'],
    message: (_output, row) => `Suspended. ${nameOf(row)} is signed out and told by ${channelOf(row)} how to appeal.`,
    refusal: (row) => activeOnly(row),
    // Whoever suspended for fraud needs somebody else to take it back.
    undo: { action: 'reactivateUser', seconds: undoSeconds, version: versionIn, isOffered: (code) => code !== 'fraud' },
  }),
  commandAction(reactivateUser, {
    label: 'Reactivate account',
    effect: 'Lets the person sign in again',
    placement: ['record', 'bulk'],
    group: 'careful',
    message: (_output, row) => `Reactivated. ${nameOf(row)} can sign in again and is told by ${channelOf(row)}.`,
    refusal: (row) => (row.status === 'suspended' ? null : `Suspended accounts only: this account is ${String(row.status)}.`),
    undo: { action: 'suspendUser', seconds: undoSeconds, version: versionIn },
  }),
  commandAction(support.reopenAccount, {
    label: 'Reopen account',
    effect: 'Opens a closed account again, within 30 days',
    placement: ['record'],
    group: 'careful',
    message: (_output, row) => `Reopened. ${nameOf(row)} can sign in again and is told by ${channelOf(row)}.`,
    refusal: (row) => (row.status === 'closed' ? null : `Closed accounts only: this account is ${String(row.status)}.`),
  }),
  commandAction(staffCommands.restrictProcessing, {
    label: 'Restrict processing',
    effect: 'Keeps the data without using it; sign-in goes on',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['customer_request', 'legal', 'policy', 'other'],
    message: (_output, row) => `Restricted. ${nameOf(row)} is told by ${channelOf(row)}.`,
    refusal: (row) => notErased(row) ?? (row.processingRestricted === true ? 'It is restricted already.' : null),
    undo: { action: 'liftRestriction', seconds: undoSeconds },
  }),
  commandAction(staffCommands.liftRestriction, {
    label: 'Lift restriction',
    effect: 'Lets the data be used again as before',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['customer_request', 'legal', 'policy', 'error_correction', 'other'],
    message: (_output, row) => `Lifted. ${nameOf(row)} is told by ${channelOf(row)}.`,
    refusal: (row) => (row.processingRestricted === true ? null : 'Restricted people only: nothing is restricted here.'),
    undo: { action: 'restrictProcessing', seconds: undoSeconds },
  }),
  ...holdActions(),
  commandAction(revealContact, {
    label: 'Reveal contact',
    effect: 'Shows it for 60 seconds and uses one reveal of the day',
    placement: ['record'],
    group: 'careful',
    isInline: true,
    reasonCodes: ['customer_request', 'security', 'fraud', 'legal', 'other'],
    toInput: ({ field, addressId }, target) => ({
      id: target.recordId,
      field: field ?? (target.row?.emailMasked ? 'email' : 'phone'),
      ...(addressId === undefined ? {} : { addressId }),
    }),
    message: (output) => `Revealed for 60 seconds. ${quotaLeft(output)} left today.`,
    shown: (output) => ({ value: textIn(output, 'value'), quotaLeft: numberIn(output, 'quotaLeft') }),
    isVisible: (row) => Boolean(row.emailMasked ?? row.phoneMasked),
  }),
];

function holdActions(): readonly CommandAction[] {
  const { placeLegalHold, releaseLegalHold } = staffCommands;
  const reasonCodes = ['legal', 'fraud', 'security', 'policy', 'other'];
  return [
    commandAction(placeLegalHold, {
      label: 'Place legal hold',
      effect: 'Keeps everything about the person from erasure and retention',
      placement: ['record'],
      group: 'careful',
      reasonCodes,
      message: (_output, row) => `On hold. ${nameOf(row)} cannot be erased until it is released, and is not told.`,
      isVisible: (row: Row) => row.status !== 'erased',
    }),
    commandAction(releaseLegalHold, {
      label: 'Release legal hold',
      effect: 'Lets erasure and retention take their course again',
      placement: ['record'],
      group: 'careful',
      reasonCodes,
      message: (output, row) =>
        (numberIn(output, 'left') ?? 0) === 0 ? `Released. ${nameOf(row)} may be erased again.` : 'Released. Another hold goes on.',
      isVisible: (row: Row) => row.legalHold === true,
    }),
  ];
}

function sessionsText(output: unknown): string {
  const ended = numberIn(output, 'ended') ?? 0;
  return ended === 1 ? '1 session' : `${ended} sessions`;
}

function quotaLeft(output: unknown): string {
  const left = numberIn(output, 'quotaLeft') ?? 0;
  return left === 1 ? '1 reveal' : `${left} reveals`;
}
