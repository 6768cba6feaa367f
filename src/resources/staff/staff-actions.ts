import { type CommandAction, commandAction, type FormField, type Row } from '../../admin/index.ts';
import { roles } from '../../foundation/access/roles.ts';
import { breakGlassRoles, staffCommands } from '../../modules/identity/index.ts';
import { commands as supportCommands } from '../../modules/support/index.ts';
import { profileOf } from './staff-row.ts';

const { grantRole, disableStaff, reopenStaff, editStaff, inviteStaff, addQuota, breakGlass } = staffCommands;

const optionsOf = (names: readonly string[]) => names.map((role) => ({ value: role, label: wordsOf(role) }));

/** Admin and super admin are given by two people, who ask and decide. */
const alone = optionsOf(roles.filter((role) => role !== 'admin' && role !== 'super_admin'));
const untilField: FormField = {
  name: 'until',
  label: 'Until',
  type: 'date',
  help: 'The end of that day, UTC. Empty: until it is revoked.',
};
const staffReasons = ['policy', 'error_correction', 'other'];

const roleFields: readonly FormField[] = [
  { name: 'role', label: 'Role', type: 'select', isRequired: true, options: alone },
  { name: 'isLead', label: 'As a lead', type: 'checkbox', help: 'Support and reviewers only.' },
];

/** What is done about colleagues. The matrix says who; here is only how it reads. */
export const staffActions: readonly CommandAction[] = [
  commandAction(inviteStaff, {
    name: 'invite',
    label: 'Invite',
    effect: 'Sends a link that works once and for 24 hours',
    placement: ['resource'],
    group: 'everyday',
    reasonCodes: staffReasons,
    form: [
      { name: 'email', label: 'Email', type: 'text', isRequired: true, maxLength: 254 },
      ...roleFields,
      { name: 'secondRole', label: 'Second role', type: 'select', options: alone, help: 'An auditor holds no other.' },
      { name: 'jobTitle', label: 'Job', type: 'text', maxLength: 80 },
      { ...untilField, label: 'Roles end' },
    ],
    toInput: ({ email, role, isLead, secondRole, jobTitle, until }) => ({
      email,
      roles: [{ role, isLead: isLead === true }, ...(given(secondRole) ? [{ role: secondRole }] : [])],
      ...(given(jobTitle) ? { jobTitle } : {}),
      ...(given(until) ? { grantsExpireAt: endOf(until) } : {}),
    }),
    message: () => 'Invited. The link works once and for 24 hours; you find it under Invitations.',
  }),
  commandAction(editStaff, {
    label: 'Change job or lead',
    effect: 'Leads see the page, the actions and the access of the people they lead',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    reasonCodes: staffReasons,
    form: [
      { name: 'jobTitle', label: 'Job', type: 'text', maxLength: 80 },
      { name: 'managerUserId', label: 'Lead', type: 'text', maxLength: 36, help: 'A lead or an admin.' },
    ],
    message: (_output, row) => `Changed. ${nameOf(row)} is shown so from now on.`,
    refusal: openOnly,
  }),
  commandAction(grantRole, {
    label: 'Grant a role',
    effect: 'Takes effect at their next click',
    placement: ['record'],
    group: 'careful',
    reasonCodes: staffReasons,
    form: [...roleFields, untilField],
    toInput: ({ role, isLead, until }, target) => ({
      id: target.recordId,
      role,
      isLead: isLead === true,
      ...(given(until) ? { expiresAt: endOf(until) } : {}),
    }),
    message: (_output, row) => `Granted. ${nameOf(row)} has the role from the next click on and is told by email.`,
    refusal: openOnly,
  }),
  commandAction(disableStaff, {
    label: 'Disable account',
    effect: 'Ends sessions, takes all roles, gives back their work',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['policy', 'security', 'abuse', 'other'],
    message: (_output, row) => `Disabled. ${nameOf(row)} is signed out and holds no role any more.`,
    refusal: openOnly,
  }),
  commandAction(reopenStaff, {
    name: 'reopen',
    label: 'Reopen account',
    effect: 'Lets them sign in again, without any role',
    placement: ['record'],
    group: 'careful',
    reasonCodes: staffReasons,
    message: (_output, row) => `Reopened. ${nameOf(row)} can sign in and holds no role until you grant one.`,
    isVisible: (row) => row.status !== 'active',
    refusal: (row, _staff, now) => reopenRefusal(row, now),
  }),
  commandAction(addQuota, {
    label: 'Add quota for today',
    effect: 'Gives 20 more people or reveals until midnight UTC, once a day',
    placement: ['record'],
    group: 'everyday',
    reasonCodes: ['customer_request', 'policy', 'other'],
    form: [
      {
        name: 'kind',
        label: 'What',
        type: 'select',
        isRequired: true,
        options: [
          { value: 'reveals', label: 'Reveals' },
          { value: 'people', label: 'People opened' },
        ],
      },
    ],
    message: (_output, row) => `Added. ${nameOf(row)} has 20 more today.`,
    refusal: openOnly,
  }),
  commandAction(breakGlass, {
    label: 'Emergency access',
    effect: 'A role for 60 minutes, shown on every page and reviewed afterwards',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['security', 'legal', 'other'],
    form: [{ name: 'role', label: 'Role', type: 'select', isRequired: true, options: optionsOf(breakGlassRoles) }],
    message: (_output, row) => `Given. ${nameOf(row)} has the role for 60 minutes; a ticket for the review is open.`,
    refusal: openOnly,
  }),
  commandAction(supportCommands.requestAdminGrant, {
    name: 'requestAdminGrant',
    label: 'Request admin role',
    effect: 'Asks a super admin to give it; nothing changes before',
    placement: ['record'],
    group: 'two_people',
    reasonCodes: staffReasons,
    form: [{ name: 'role', label: 'Role', type: 'select', isRequired: true, options: optionsOf(['admin', 'super_admin']) }, untilField],
    toInput: ({ role, until }, target) => ({ id: target.recordId, role, ...(given(until) ? { expiresAt: endOf(until) } : {}) }),
    message: () => 'Asked. A super admin has 48 hours to decide under Approvals; nothing changes before.',
    refusal: openOnly,
  }),
  commandAction(supportCommands.requestStaffMfaReset, {
    name: 'requestStaffMfaReset',
    label: 'Request factor reset',
    effect: 'Asks a super admin to remove authenticator, recovery codes and passkeys',
    placement: ['record'],
    group: 'two_people',
    reasonCodes: ['customer_request', 'security', 'other'],
    message: () => 'Asked. A super admin has 48 hours to decide under Approvals; nothing changes before.',
    refusal: openOnly,
  }),
];

function openOnly(row: Row): string | null {
  const isOpen = row.status === 'active' && profileOf(row).disabledAt === null;
  return isOpen ? null : 'Active staff only: this account is disabled.';
}

const reopenMs = 30 * 86_400_000;

function reopenRefusal(row: Row, now: Date): string | null {
  if (row.status !== 'closed') return 'Disabled staff only: this account is not closed.';
  const since = row.statusChangedAt instanceof Date ? row.statusChangedAt.getTime() : 0;
  return now.getTime() - since < reopenMs ? null : 'Within 30 days only: invite them anew.';
}

function given(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** The last second of a day. */
function endOf(day: string): string {
  return `${day}T23:59:59Z`;
}

function nameOf(row: Row | null): string {
  return typeof row?.displayName === 'string' && row.displayName !== '' ? row.displayName : 'This person';
}

function wordsOf(role: string): string {
  return role.charAt(0).toUpperCase() + role.slice(1).replaceAll('_', ' ');
}
