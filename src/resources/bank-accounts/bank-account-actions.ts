import { type CommandAction, commandAction, type FormField, type Row } from '../../admin/index.ts';
import { bankList, staffCommands } from '../../modules/identity/index.ts';
import { bankRequests } from '../../modules/support/index.ts';

const asked = 'Asked. A second member of finance has 48 hours to approve it; nothing changes before.';

const account: readonly FormField[] = [
  {
    name: 'bankCode',
    label: 'Bank',
    type: 'select',
    isRequired: true,
    options: bankList.map(({ code, name }) => ({ value: code, label: name })),
  },
  { name: 'accountNumber', label: 'Account number', type: 'text', isRequired: true, maxLength: 20, help: '10 digits.' },
  { name: 'accountName', label: 'In the name of', type: 'text', isRequired: true, maxLength: 150 },
];

/** What finance asks for about an account, each to be approved by a colleague, and the number in clear. */
export const bankAccountActions: readonly CommandAction[] = [
  commandAction(staffCommands.revealBankNumber, {
    name: 'reveal',
    label: 'Reveal number',
    effect: 'Shows it for 60 seconds and uses one reveal of the day',
    placement: ['record'],
    group: 'careful',
    isInline: true,
    reasonCodes: ['customer_request', 'security', 'fraud', 'legal', 'other'],
    message: (output) => `Revealed for 60 seconds. ${left(output)} left today.`,
    shown: (output) => ({ value: fieldIn(output, 'value'), quotaLeft: fieldIn(output, 'quotaLeft') }),
  }),
  commandAction(bankRequests.verify, {
    name: 'verify',
    label: 'Request verification',
    effect: 'Asks a second person to let payouts go to this account',
    placement: ['record'],
    group: 'two_people',
    message: () => asked,
    refusal: (row) => removed(row) ?? (row.status === 'verified' ? 'Waiting and failed accounts only: this one is verified.' : null),
  }),
  commandAction(bankRequests.setDefault, {
    name: 'setDefault',
    label: 'Request as default',
    effect: 'Asks a second person to pay everything out to this account',
    placement: ['record'],
    group: 'two_people',
    message: () => asked,
    refusal: (row) =>
      removed(row) ??
      (row.status === 'verified'
        ? row.isDefault === true
          ? 'It is the default already.'
          : null
        : 'Verified accounts only: this one is not verified.'),
  }),
  commandAction(bankRequests.change, {
    name: 'change',
    label: 'Request another number',
    effect: 'Asks a second person to replace bank and number',
    placement: ['record'],
    group: 'two_people',
    form: account,
    message: () => asked,
    refusal: removed,
  }),
  commandAction(bankRequests.remove, {
    name: 'remove',
    label: 'Request removal',
    effect: 'Asks a second person to take this account away',
    placement: ['record'],
    group: 'two_people',
    message: () => asked,
    refusal: removed,
  }),
];

function removed(row: Row): string | null {
  return row.status === 'removed' ? 'This account was removed: there is nothing left to change.' : null;
}

function fieldIn(output: unknown, name: string): unknown {
  return typeof output === 'object' && output !== null ? Reflect.get(output, name) : null;
}

function left(output: unknown): string {
  const count = Number(fieldIn(output, 'quotaLeft') ?? 0);
  return count === 1 ? '1 reveal' : `${count} reveals`;
}
