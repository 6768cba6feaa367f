import { join } from 'node:path';
import { defineResource, type Row } from '../../admin/index.ts';
import { bankAccountActions } from './bank-account-actions.ts';
import { bankAccountExtra } from './bank-account-extra.ts';

const statuses = {
  pending: { label: 'Waiting', tone: 'warn' },
  verified: { label: 'Verified', tone: 'ok' },
  failed: { label: 'Failed', tone: 'danger' },
  removed: { label: 'Removed', tone: 'neutral' },
} as const;

/** Where stores are paid: bank and last four digits. Every change takes two members of finance, or the owner and one of them. */
export const bankAccountResource = defineResource({
  id: 'BankAccount',
  noun: 'vendor_bank_account',
  title: 'Bank accounts',
  singular: 'bank account',
  icon: 'landmark',
  navigationGroup: null,
  model: 'VendorBankAccount',
  columns: {
    bankName: { type: 'text', label: 'Bank', isKey: true },
    accountLast4: {
      type: 'masked',
      label: 'Number',
      from: ['accountLast4'],
      value: (row) => `••••${String(row.accountLast4)}`,
      isKey: true,
    },
    status: { type: 'enum', label: 'Status', states: statuses, isKey: true },
    vendorId: { type: 'reference', label: 'Store', reference: 'Vendor' },
    isDefault: { type: 'boolean', label: 'Default' },
    nameMatched: { type: 'boolean', label: "In the owner's name" },
    createdAt: { type: 'datetime', label: 'Named' },
    accountNameMasked: { type: 'masked', label: 'In the name of', in: ['show'] },
    verifiedAt: { type: 'datetime', label: 'Verified', in: ['show'], section: 'Decision' },
    verifiedBy: { type: 'reference', label: 'Verified by', reference: 'Staff', in: ['show'], section: 'Decision' },
    approvedBy: { type: 'reference', label: 'Last change approved by', reference: 'Staff', in: ['show'], section: 'Decision' },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    status: { type: 'enum', label: 'Status', operators: ['equals', 'in'] },
    vendorId: { type: 'uuid', label: 'Store', operators: ['equals', 'in'] },
    isDefault: { type: 'boolean', label: 'Default', operators: ['equals'] },
    nameMatched: { type: 'boolean', label: "In the owner's name", operators: ['equals'] },
    createdAt: { type: 'datetime', label: 'Named', operators: ['between'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { createdAt: { index: 'vendor_bank_account_created_at_id_idx' } },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  scope: null,
  permissions: { list: 'vendor_bank_account.show', show: 'vendor_bank_account.show', search: 'vendor_bank_account.show' },
  recordTitle: { from: ['bankName', 'accountLast4'], of: titleOf },
  subject: (row) => ({ ...(typeof row.ownerUserId === 'string' ? { userId: row.ownerUserId } : {}), kind: 'vendor', rank: 0 }),
  hidden: ['version', 'ownerUserId'],
  actions: bankAccountActions,
  components: { show: join(import.meta.dirname, 'bank-account-page.component.tsx') },
  extra: bankAccountExtra,
  historyTable: 'identity.vendor_bank_account',
  isPersonalData: true,
});

function titleOf({ bankName, accountLast4 }: Row): string {
  return `${String(bankName)} ••••${String(accountLast4)}`;
}
