import { commandAction } from '../../admin/index.ts';
import { changeFlag } from '../../foundation/settings/change-flag.ts';
import { changeQuota } from '../../foundation/settings/change-quota.ts';
import { switchReadOnly } from '../../foundation/settings/switch-read-only.ts';

const reasonCodes = ['policy', 'security', 'error_correction', 'other'];
const shared = { placement: ['resource'], reasonCodes } as const;

/** Changes of settings: super admins, with a reason and a fresh factor. */
export const settingActions = {
  readOnlyOn: commandAction(switchReadOnly, {
    ...shared,
    name: 'switchReadOnlyOn',
    label: 'Switch read-only mode on',
    effect: 'Nobody can change anything; signing in and reading go on',
    group: 'careful',
    form: [
      {
        name: 'message',
        label: 'What everybody reads',
        type: 'text',
        isRequired: true,
        maxLength: 200,
        help: 'One sentence in the banner, such as: The database moves, until about 15:00.',
      },
    ],
    toInput: ({ message }) => ({ isOn: true, message }),
    message: () => 'Read-only mode is on. Every web process follows within a second.',
  }),
  readOnlyOff: commandAction(switchReadOnly, {
    ...shared,
    name: 'switchReadOnlyOff',
    label: 'Switch read-only mode off',
    effect: 'Everybody can make changes again',
    group: 'careful',
    toInput: () => ({ isOn: false }),
    message: () => 'Read-only mode is off. Changes are possible again.',
  }),
  flag: commandAction(changeFlag, {
    ...shared,
    label: 'Change',
    effect: 'Holds for everybody within a second',
    group: 'careful',
    message: (output) => (isOn(output) ? 'Switched on, for everybody within a second.' : 'Switched off, for everybody within a second.'),
  }),
  quota: commandAction(changeQuota, {
    ...shared,
    label: 'Change quota',
    effect: 'Holds for the next click of everybody with this role; what was used today counts on',
    group: 'careful',
    isEdit: true,
    form: [
      { name: 'people', label: 'People opened a day', type: 'number', isRequired: true },
      { name: 'reveals', label: 'Reveals a day', type: 'number', isRequired: true },
    ],
    toInput: (form) => Object.fromEntries(Object.entries(form).map(([name, value]) => [name, name === 'grade' ? value : numberOf(value)])),
    message: () => 'Changed. It holds for the next click.',
  }),
} as const;

/** A form that corrects something sends texts. */
function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

function isOn(output: unknown): boolean {
  return typeof output === 'object' && output !== null && 'isEnabled' in output && output.isEnabled === true;
}
