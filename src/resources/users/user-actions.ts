import { type CommandAction, commandAction, type FormField, type Row } from '../../admin/index.ts';
import { staffCommands } from '../../modules/identity/index.ts';
import { commands as supportCommands } from '../../modules/support/index.ts';

const { unlockUser, suspendUser, reactivateUser, revokeUserSessions, resendUserCode, sendResetLink, revealContact } = staffCommands;
const { placeLegalHold, releaseLegalHold } = staffCommands;

const checkOptions = [
  { value: 'member_id', label: 'Member id' },
  { value: 'name', label: 'Name' },
  { value: 'last_order_month', label: 'Month of the last order' },
  { value: 'country', label: 'Country' },
  { value: 'recent_device', label: 'Recent device' },
];

/** Two different items of the identity check (product.md 6.1); which ones is kept, what was answered is not. */
const identityChecks: readonly FormField[] = [
  { name: 'firstCheck', label: 'First check that passed', type: 'select', isRequired: true, options: checkOptions },
  {
    name: 'secondCheck',
    label: 'Second check that passed',
    type: 'select',
    isRequired: true,
    options: checkOptions,
    help: 'Another one than the first.',
  },
];

const checksOf = ({ firstCheck, secondCheck }: Readonly<Record<string, unknown>>): unknown[] => [firstCheck, secondCheck];

/** What staff may do with a customer, in the order of the action rail. The matrix says who; here is only how it reads. */
export const userActions: readonly CommandAction[] = [
  commandAction(resendUserCode, {
    name: 'resendCode',
    label: 'Resend code',
    effect: 'Sends the next code of an open request',
    placement: ['record'],
    group: 'everyday',
    message: (_output, row) => `Sent a new code to ${contactOf(row)}. The earlier one no longer works.`,
    refusal: (row) => activeOnly(row),
  }),
  commandAction(sendResetLink, {
    label: 'Send reset link',
    effect: 'Lets the person set a new password',
    placement: ['record'],
    group: 'everyday',
    message: (output, row) =>
      isGoogleHint(output)
        ? `Told ${nameOf(row)} to sign in with Google: there is no password to reset.`
        : `Sent a reset link to ${contactOf(row)}. Earlier links no longer work.`,
    refusal: (row) => activeOnly(row),
  }),
  commandAction(supportCommands.addNote, {
    label: 'Add note',
    effect: 'For staff only; fixed after 15 minutes',
    placement: ['record'],
    group: 'everyday',
    form: [{ name: 'body', label: 'Note', type: 'textarea', isRequired: true, maxLength: 4000, help: 'The customer never sees it.' }],
    toInput: (form, target) => ({ ...form, subjectType: 'user', id: target.recordId }),
    message: () => 'Note added. You can correct it for 15 minutes.',
  }),
  commandAction(unlockUser, {
    label: 'Unlock account',
    effect: 'Lets unknown devices try the password again',
    placement: ['record'],
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
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['customer_request', 'security', 'fraud', 'other'],
    message: (output, row) => `Ended ${sessionsText(output)}. ${nameOf(row)} has to sign in again.`,
  }),
  commandAction(revokeUserSessions, {
    name: 'revokeSession',
    label: 'End session',
    effect: 'Signs the person out on this device',
    placement: ['record'],
    group: 'careful',
    isInline: true,
    form: [{ name: 'sessionId', label: 'Session', type: 'text', isRequired: true }],
    reasonCodes: ['customer_request', 'security', 'fraud', 'other'],
    message: (_output, row) => `Session ended. ${nameOf(row)} has to sign in again there.`,
  }),
  commandAction(suspendUser, {
    label: 'Suspend account',
    effect: 'Ends all sessions and refuses sign-in',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['fraud', 'abuse', 'customer_request', 'legal', 'other'],
    message: (_output, row) => `Suspended. ${nameOf(row)} is signed out and told by ${channelOf(row)} how to appeal.`,
    refusal: (row) => activeOnly(row),
  }),
  commandAction(reactivateUser, {
    label: 'Reactivate account',
    effect: 'Lets the person sign in again',
    placement: ['record'],
    group: 'careful',
    message: (_output, row) => `Reactivated. ${nameOf(row)} can sign in again and is told by ${channelOf(row)}.`,
    refusal: (row) => (row.status === 'suspended' ? null : `Suspended accounts only: this account is ${String(row.status)}.`),
  }),
  commandAction(placeLegalHold, {
    label: 'Place legal hold',
    effect: 'Keeps everything about the person from erasure and retention',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['legal', 'fraud', 'security', 'policy', 'other'],
    message: (_output, row) => `On hold. ${nameOf(row)} cannot be erased until it is released, and is not told.`,
    isVisible: (row) => row.status !== 'erased',
  }),
  commandAction(releaseLegalHold, {
    label: 'Release legal hold',
    effect: 'Lets erasure and retention take their course again',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['legal', 'fraud', 'security', 'policy', 'other'],
    message: (output, row) =>
      (numberIn(output, 'left') ?? 0) === 0 ? `Released. ${nameOf(row)} may be erased again.` : 'Released. Another hold goes on.',
    isVisible: (row) => row.legalHold === true,
  }),
  commandAction(supportCommands.requestMfaReset, {
    name: 'requestMfaReset',
    label: 'Request MFA reset',
    effect: 'Asks a second person to remove authenticator, recovery codes and passkeys',
    placement: ['record'],
    group: 'two_people',
    form: identityChecks,
    reasonCodes: ['customer_request', 'security', 'other'],
    toInput: (form, target) => ({ id: target.recordId, checks: checksOf(form) }),
    message: () => 'Asked. Somebody else has 48 hours to approve it; nothing changes before.',
    isVisible: (row) => row.status !== 'erased',
  }),
  commandAction(supportCommands.requestContactChange, {
    name: 'requestContactChange',
    label: 'Request contact change',
    effect: 'Asks a second person to approve another email or phone number',
    placement: ['record'],
    group: 'two_people',
    form: [
      { name: 'email', label: 'New email', type: 'text', maxLength: 254, help: 'Email or phone number, not both.' },
      { name: 'phone', label: 'New phone number', type: 'text', maxLength: 40 },
      ...identityChecks,
    ],
    reasonCodes: ['customer_request', 'security', 'error_correction', 'other'],
    toInput: ({ email, phone, ...form }, target) => ({ id: target.recordId, email, phone, checks: checksOf(form) }),
    message: () => 'Asked. Once somebody else approves it, a code goes to the new contact; nothing changes before it comes back.',
    isVisible: (row) => row.status !== 'erased',
  }),
  commandAction(revealContact, {
    label: 'Reveal contact',
    effect: 'Shows it for 60 seconds and uses one reveal of the day',
    placement: ['record'],
    group: 'careful',
    isInline: true,
    reasonCodes: ['customer_request', 'security', 'fraud', 'legal', 'other'],
    toInput: (_form, target) => ({ id: target.recordId, field: target.row?.emailMasked ? 'email' : 'phone' }),
    message: (output) => `Revealed for 60 seconds. ${quotaLeft(output)} left today.`,
    shown: (output) => ({ value: textIn(output, 'value'), quotaLeft: numberIn(output, 'quotaLeft') }),
    isVisible: (row) => Boolean(row.emailMasked ?? row.phoneMasked),
  }),
];

export function isLocked(row: Row, now: Date): boolean {
  return row.lockedUntil instanceof Date && row.lockedUntil > now;
}

function activeOnly(row: Row): string | null {
  return row.status === 'active' ? null : `Active accounts only: this account is ${String(row.status)}.`;
}

function nameOf(row: Row | null): string {
  const first = row?.firstName ?? row?.displayName ?? row?.memberId;
  return typeof first === 'string' && first !== '' ? first : 'The customer';
}

function contactOf(row: Row | null): string {
  const masked = row?.emailMasked ?? row?.phoneMasked;
  return typeof masked === 'string' ? masked : 'the contact on file';
}

function channelOf(row: Row | null): string {
  return row?.emailMasked ? 'email' : 'SMS';
}

function isGoogleHint(output: unknown): boolean {
  return typeof output === 'object' && output !== null && 'isGoogleHint' in output && output.isGoogleHint === true;
}

function sessionsText(output: unknown): string {
  const ended = numberIn(output, 'ended') ?? 0;
  return ended === 1 ? '1 session' : `${ended} sessions`;
}

function quotaLeft(output: unknown): string {
  const left = numberIn(output, 'quotaLeft') ?? 0;
  return left === 1 ? '1 reveal' : `${left} reveals`;
}

function textIn(value: unknown, name: string): string | null {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
  return typeof found === 'string' ? found : null;
}

function numberIn(value: unknown, name: string): number | null {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
  return typeof found === 'number' ? found : null;
}
