import { type CommandAction, commandAction, type FormField } from '../../admin/index.ts';
import { staffCommands } from '../../modules/identity/index.ts';
import { commands as support } from '../../modules/support/index.ts';
import { activeOnly, channelOf, contactOf, hasFields, isTrueIn, nameOf, notErased } from './action-words.ts';

const { resendUserCode, sendResetLink, editUser } = staffCommands;

const languages = [
  { value: 'en', label: 'English' },
  { value: 'yo', label: 'Yoruba' },
  { value: 'ha', label: 'Hausa' },
  { value: 'ig', label: 'Igbo' },
];

const profileForm: readonly FormField[] = [
  { name: 'firstName', label: 'First name', type: 'text', maxLength: 150 },
  { name: 'lastName', label: 'Last name', type: 'text', maxLength: 150 },
  { name: 'bio', label: 'About', type: 'textarea', maxLength: 500 },
  { name: 'city', label: 'City', type: 'text', maxLength: 100 },
  { name: 'state', label: 'State', type: 'text', maxLength: 100 },
  { name: 'countryCode', label: 'Country', type: 'text', maxLength: 2, help: 'Two letters, such as NG' },
  { name: 'timezone', label: 'Time zone', type: 'text', maxLength: 64, help: 'Such as Africa/Lagos' },
  { name: 'language', label: 'Language', type: 'select', isRequired: true, options: languages },
];

/** What support does all day and what takes nothing away from anybody. */
export const everydayActions: readonly CommandAction[] = [
  commandAction(support.checkCaller, {
    label: 'Record caller check',
    effect: 'Two items that the caller answered rightly; the answers are not kept',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    toInput: ({ items }, target) => ({ id: target.recordId, items }),
    message: () => 'Recorded. It stands for 15 minutes for what you do for this person.',
  }),
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
      isTrueIn(output, 'isGoogleHint')
        ? `Told ${nameOf(row)} to sign in with Google: there is no password to reset.`
        : `Sent a reset link to ${contactOf(row)}. Earlier links no longer work.`,
    refusal: (row) => activeOnly(row),
  }),
  commandAction(support.addNote, {
    label: 'Add note',
    effect: 'For staff only; fixed after 15 minutes',
    placement: ['record'],
    group: 'everyday',
    form: [
      {
        name: 'body',
        label: 'Note',
        type: 'note',
        isRequired: true,
        maxLength: 4000,
        help: 'The customer never sees it. Type @ and a name to tell a colleague.',
      },
    ],
    toInput: (form, target) => ({ ...form, subjectType: 'user', id: target.recordId }),
    message: () => 'Note added. You can correct it for 15 minutes.',
    refusal: (row) => notErased(row),
  }),
  commandAction(support.editNote, {
    label: 'Correct note',
    effect: 'Your own, within 15 minutes of writing it',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    form: [{ name: 'body', label: 'Note', type: 'textarea', isRequired: true, maxLength: 4000 }],
    toInput: ({ noteId, body }) => ({ id: noteId, body }),
    message: () => 'Note corrected.',
  }),
  commandAction(editUser, {
    name: 'editProfile',
    label: 'Edit profile',
    effect: 'Name, about, place or language; the person is told which',
    placement: ['record'],
    group: 'everyday',
    isEdit: true,
    form: profileForm,
    reasonCodes: ['customer_request', 'error_correction', 'quality', 'policy', 'other'],
    message: (output, row) =>
      hasFields(output) ? `Saved. ${nameOf(row)} is told by ${channelOf(row)} what changed.` : 'Nothing was different, nothing was saved.',
    refusal: (row) => notErased(row),
  }),
];
