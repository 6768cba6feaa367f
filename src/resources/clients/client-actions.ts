import { type CommandAction, commandAction, type FormField } from '../../admin/index.ts';
import { staffCommands } from '../../modules/identity/index.ts';

const reasonCodes = ['customer_request', 'error_correction', 'other'];

const addressForm: readonly FormField[] = [
  { name: 'label', label: 'Label', type: 'text', maxLength: 40 },
  { name: 'fullName', label: 'Name of the receiver', type: 'text', maxLength: 150, help: 'Leave empty to keep it.' },
  { name: 'phone', label: 'Phone of the receiver', type: 'text', maxLength: 40, help: 'Leave empty to keep it.' },
  { name: 'street', label: 'Street', type: 'text', maxLength: 255, help: 'Leave empty to keep it.' },
  { name: 'city', label: 'City', type: 'text', maxLength: 100 },
  { name: 'state', label: 'State', type: 'text', maxLength: 100 },
  { name: 'postalCode', label: 'Postal code', type: 'text', maxLength: 16 },
  { name: 'countryCode', label: 'Country', type: 'text', maxLength: 2, help: 'Two letters, such as NG' },
];

/** What support corrects of a shopper: where parcels go and which news they get. Each on the version that was seen. */
export const clientActions: readonly CommandAction[] = [
  commandAction(staffCommands.editClient, {
    name: 'editNotifications',
    label: 'Edit order news',
    effect: 'Switches news about orders on or off; security notices go on',
    placement: ['record'],
    group: 'everyday',
    isEdit: true,
    form: [
      { name: 'emailNotifications', label: 'Order news by email', type: 'checkbox' },
      { name: 'smsNotifications', label: 'Order news by SMS', type: 'checkbox' },
    ],
    reasonCodes,
    message: (output) => (hasFields(output) ? 'Saved. The person is told what changed.' : 'Nothing was different, nothing was saved.'),
  }),
  commandAction(staffCommands.editClientAddress, {
    name: 'editShippingAddress',
    label: 'Replace delivery address',
    effect: 'Writes another default delivery address; the old one is shown to nobody',
    placement: ['record'],
    group: 'everyday',
    form: [{ name: 'address', label: 'New address', type: 'textarea', isRequired: true, maxLength: 500 }],
    reasonCodes,
    toInput: ({ address }, target) => ({ id: target.recordId, address }),
    message: (output) => (hasFields(output) ? 'Saved. The person is told that it changed.' : 'It was this address already.'),
  }),
  commandAction(staffCommands.editClientAddress, {
    name: 'editAddress',
    label: 'Edit address',
    effect: 'Corrects one entry of the address book',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    isEdit: true,
    form: addressForm,
    reasonCodes,
    toInput: (form, target) => ({ ...form, id: target.recordId }),
    message: (output) => (hasFields(output) ? 'Saved. The person is told that it changed.' : 'Nothing was different, nothing was saved.'),
  }),
];

function hasFields(output: unknown): boolean {
  const fields: unknown = typeof output === 'object' && output !== null ? Reflect.get(output, 'fields') : null;
  return Array.isArray(fields) && fields.length > 0;
}
