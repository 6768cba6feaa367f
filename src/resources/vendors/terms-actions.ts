import { type CommandAction, commandAction, type Row } from '../../admin/index.ts';
import { staffCommands } from '../../modules/identity/index.ts';
import { heldUntil, onlyIn, storeName } from './vendor-words.ts';

const { setFeatured, setTier, setCommission, setPayoutHold, clearPayoutHold } = staffCommands;

const tiers = [
  { value: 'free', label: 'Free' },
  { value: 'pro', label: 'Pro' },
  { value: 'elite', label: 'Elite' },
];
const moneyCodes = ['fraud', 'security', 'policy', 'legal', 'customer_request', 'other'];

/** What a store is to the business: put forward or not, its plan, its commission, and whether it is paid out. */
export const termsActions: readonly CommandAction[] = [
  commandAction(setFeatured, {
    name: 'setFeatured',
    label: 'Put forward',
    effect: 'Shows the store among the featured ones',
    placement: ['record', 'bulk'],
    group: 'everyday',
    reasonCodes: ['quality', 'policy', 'customer_request', 'other'],
    toInput: ({ isFeatured }, { recordId }) => ({ id: recordId, isFeatured: isFeatured ?? true }),
    message: (_output, row) => `Done. ${storeName(row)} is among the featured stores now.`,
    isVisible: (row) => row.isFeatured !== true,
    refusal: (row) => onlyIn(row, 'approved'),
    undo: { action: 'clearFeatured', seconds: 900 },
  }),
  commandAction(setFeatured, {
    name: 'clearFeatured',
    label: 'Do not put forward',
    effect: 'Takes the store from the featured ones',
    placement: ['record', 'bulk'],
    group: 'everyday',
    reasonCodes: ['quality', 'policy', 'customer_request', 'error_correction', 'other'],
    toInput: (_form, { recordId }) => ({ id: recordId, isFeatured: false }),
    message: (_output, row) => `Done. ${storeName(row)} is not among the featured stores any more.`,
    isVisible: (row) => row.isFeatured === true,
  }),
  commandAction(setTier, {
    name: 'setTier',
    label: 'Change tier',
    effect: 'Changes the plan of the store; elite needs two people to be approved',
    placement: ['record'],
    group: 'careful',
    form: [{ name: 'tier', label: 'Tier', type: 'select', isRequired: true, options: tiers }],
    reasonCodes: ['customer_request', 'policy', 'error_correction', 'legal', 'other'],
    message: (_output, row) => `Changed. The new tier of ${storeName(row)} holds from now on; its owner is told.`,
    refusal: notClosed,
  }),
  commandAction(setCommission, {
    name: 'setCommission',
    label: 'Change commission',
    effect: 'Changes the share of each sale from now on',
    placement: ['record'],
    group: 'careful',
    form: [
      {
        name: 'commissionBps',
        label: 'Commission in basis points',
        type: 'number',
        isRequired: true,
        help: 'Whole numbers from 0 to 5000: 1000 is 10 %, 250 is 2.5 %.',
      },
    ],
    reasonCodes: ['customer_request', 'policy', 'error_correction', 'legal', 'other'],
    toInput: ({ commissionBps }, { recordId }) => ({ id: recordId, commissionBps: numberOf(commissionBps) }),
    message: (_output, row) => `Changed. It holds for the next sale of ${storeName(row)}; its owner is told.`,
    refusal: notClosed,
  }),
  commandAction(setPayoutHold, {
    name: 'setPayoutHold',
    label: 'Hold payouts',
    effect: 'Pays nothing out, and refuses changes of payout accounts by the owner',
    placement: ['record'],
    group: 'careful',
    form: [{ name: 'days', label: 'For how many days', type: 'number', isRequired: true, help: '1 to 90.' }],
    reasonCodes: moneyCodes,
    toInput: ({ days }, { recordId }) => ({ id: recordId, days: numberOf(days) }),
    message: (_output, row) => `Held. Nothing is paid out to ${storeName(row)} until then; its owner is told.`,
  }),
  commandAction(clearPayoutHold, {
    name: 'clearPayoutHold',
    label: 'End payout hold',
    effect: 'Lets payouts go on at once',
    placement: ['record'],
    group: 'careful',
    reasonCodes: moneyCodes,
    message: (_output, row) => `Ended. Payouts to ${storeName(row)} go on; its owner is told.`,
    refusal: (row, _staff, now) => (heldUntil(row, now) ? null : 'Held payouts only: nothing is held here.'),
  }),
];

function notClosed(row: Row): string | null {
  return row.status === 'closed' ? 'Open stores only: this one is closed.' : null;
}

/** A form sends digits as text; anything else is for the command to refuse. */
function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
}
