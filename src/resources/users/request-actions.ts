import { type CommandAction, commandAction } from '../../admin/index.ts';
import { commands as support } from '../../modules/support/index.ts';
import { checkedOnly, notErased } from './action-words.ts';

/** Checks named with the call itself; the form does not ask for them: they come from the caller check at the top of the page. */
function checksOf({ firstCheck, secondCheck, checks }: Readonly<Record<string, unknown>>): unknown {
  return checks ?? (firstCheck && secondCheck ? [firstCheck, secondCheck] : undefined);
}

const asked = 'Asked. Somebody else has 48 hours to approve it; nothing changes before.';
const privacyKinds = [
  { value: 'export', label: 'A copy of their data' },
  { value: 'rectify', label: 'Correct their data' },
  { value: 'restrict', label: 'Restrict processing' },
  { value: 'object', label: 'Object to processing' },
  { value: 'erase', label: 'Erase everything' },
];
const ways = [
  { value: 'phone', label: 'On the phone' },
  { value: 'ticket', label: 'In a ticket' },
  { value: 'email', label: 'By email' },
  { value: 'letter', label: 'By letter' },
];
const laws = [
  { value: 'ndpa', label: 'NDPA (Nigeria)' },
  { value: 'gdpr', label: 'GDPR (Europe, UK)' },
  { value: 'ccpa', label: 'CCPA (California)' },
];
const purposes = [
  { value: 'marketing_email', label: 'Marketing by email' },
  { value: 'marketing_sms', label: 'Marketing by SMS' },
  { value: 'profiling', label: 'Profiling' },
  { value: 'analytics', label: 'Analytics' },
  { value: 'legitimate_interest', label: 'Legitimate interest' },
];

/** What somebody else has to agree to, and what the law asks about a person's data. */
export const requestActions: readonly CommandAction[] = [
  commandAction(support.intakePrivacyRequest, {
    name: 'takePrivacyRequest',
    label: 'Take in privacy request',
    effect: "Starts the law's 30 days for what the person asks about their data",
    placement: ['record'],
    group: 'everyday',
    form: [
      { name: 'kind', label: 'What they ask for', type: 'select', isRequired: true, options: privacyKinds },
      { name: 'receivedVia', label: 'How it came', type: 'select', isRequired: true, options: ways },
      { name: 'law', label: 'Under which law', type: 'select', options: laws, help: 'NDPA unless they live elsewhere.' },
      { name: 'purpose', label: 'What they object to', type: 'select', options: purposes, help: 'For objections only.' },
    ],
    toInput: ({ purpose, ...form }, target) => ({ ...form, id: target.recordId, ...(purpose ? { purposes: [purpose] } : {}) }),
    message: () => 'Taken in. Verify who they are next; it is in the list of privacy requests.',
    refusal: (row) => notErased(row),
  }),
  commandAction(support.requestMfaReset, {
    name: 'requestMfaReset',
    label: 'Request MFA reset',
    effect: 'Asks a second person to remove authenticator, recovery codes and passkeys',
    placement: ['record'],
    group: 'two_people',
    reasonCodes: ['customer_request', 'security', 'other'],
    toInput: (form, target) => ({ id: target.recordId, checks: checksOf(form) }),
    message: () => asked,
    refusal: (row, _staff, _now, extra) => checkedOnly(row, extra) ?? (extra.factors === 0 ? 'There is no second factor to remove.' : null),
  }),
  commandAction(support.requestPasskeyRemoval, {
    label: 'Request removal of passkey',
    effect: 'Asks a second person to remove this one passkey',
    placement: ['record'],
    group: 'two_people',
    isInline: true,
    form: [{ name: 'passkeyId', label: 'Passkey', type: 'text', isRequired: true }],
    reasonCodes: ['customer_request', 'security', 'other'],
    toInput: ({ passkeyId, ...form }, target) => ({ id: target.recordId, passkeyId, checks: checksOf(form) }),
    message: () => asked,
    refusal: (row, _staff, _now, extra) => checkedOnly(row, extra),
  }),
  commandAction(support.requestContactChange, {
    name: 'requestContactChange',
    label: 'Request contact change',
    effect: 'Asks a second person to approve another email or phone number',
    placement: ['record'],
    group: 'two_people',
    form: [
      { name: 'email', label: 'New email', type: 'text', maxLength: 254, help: 'Email or phone number, not both.' },
      { name: 'phone', label: 'New phone number', type: 'text', maxLength: 40 },
    ],
    reasonCodes: ['customer_request', 'security', 'error_correction', 'other'],
    toInput: ({ email, phone, ...form }, target) => ({ id: target.recordId, email, phone, checks: checksOf(form) }),
    message: () => 'Asked. Once somebody else approves it, a code goes to the new contact; nothing changes before it comes back.',
    refusal: (row, _staff, _now, extra) => checkedOnly(row, extra),
  }),
  commandAction(support.askErasureApproval, {
    name: 'requestErasure',
    label: 'Request erasure',
    effect: 'Puts an erasure the person asked for before a second person',
    placement: ['record'],
    group: 'two_people',
    reasonCodes: ['customer_request', 'legal', 'other'],
    toInput: (_form, target) => ({ id: target.recordId }),
    message: () => 'Asked. Somebody else decides; it is carried out at the end of the grace at the earliest.',
    refusal: (row, _staff, _now, extra) =>
      notErased(row) ?? (extra.hasErasure === false ? 'They have not asked to be erased: take the privacy request in first.' : null),
  }),
];
