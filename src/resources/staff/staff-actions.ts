import { type CommandAction, commandAction, type Row } from '../../admin/index.ts';
import { roles } from '../../foundation/access/roles.ts';
import { staffCommands } from '../../modules/identity/index.ts';
import { profileOf } from './staff-row.ts';

const { grantRole, disableStaff } = staffCommands;

/** Admin and super admin are two-person grants and not offered here. */
const grantable = roles.filter((role) => role !== 'admin' && role !== 'super_admin');

export const staffActions: readonly CommandAction[] = [
  commandAction(grantRole, {
    label: 'Grant a role',
    effect: 'Takes effect at their next click',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['policy', 'error_correction', 'other'],
    form: [
      {
        name: 'role',
        label: 'Role',
        type: 'select',
        isRequired: true,
        options: grantable.map((role) => ({ value: role, label: wordsOf(role) })),
      },
      { name: 'isLead', label: 'As a lead', type: 'checkbox', help: 'Support and reviewers only.' },
      { name: 'until', label: 'Until', type: 'date', help: 'Empty: until it is revoked.' },
    ],
    toInput: ({ role, isLead, until }, target) => ({
      id: target.recordId,
      role,
      isLead: isLead === true,
      ...(typeof until === 'string' && until !== '' ? { expiresAt: `${until}T23:59:59Z` } : {}),
    }),
    message: (_output, row) => `Granted. ${nameOf(row)} has the role from the next click on and is told by email.`,
    refusal: openOnly,
  }),
  commandAction(disableStaff, {
    label: 'Disable account',
    effect: 'Ends sessions and takes all roles',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['policy', 'security', 'abuse', 'other'],
    message: (_output, row) => `Disabled. ${nameOf(row)} is signed out and holds no role any more.`,
    refusal: openOnly,
  }),
];

function openOnly(row: Row): string | null {
  const isOpen = row.status === 'active' && profileOf(row).disabledAt === null;
  return isOpen ? null : 'Active staff only: this account is disabled.';
}

function nameOf(row: Row | null): string {
  return typeof row?.displayName === 'string' && row.displayName !== '' ? row.displayName : 'This person';
}

function wordsOf(role: string): string {
  return role.charAt(0).toUpperCase() + role.slice(1).replaceAll('_', ' ');
}
