import { defineResource, type ResourceActor, type Row, type Where } from '../../admin/index.ts';
import type { AccessSubject } from '../../foundation/access/decide.ts';
import { rankOf } from '../../foundation/access/grades.ts';
import { type RoleGrant, roles } from '../../foundation/access/roles.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { systemClock } from '../../foundation/runtime/clock.ts';
import { inviteActions } from './invite-actions.ts';

/** Who was asked to join the staff, by whom, as what; accepted and withdrawn ones stay as a record. */
export const inviteResource = defineResource({
  id: 'StaffInvite',
  noun: 'staff_invite',
  title: 'Invitations',
  singular: 'invitation',
  icon: 'mail',
  navigationGroup: 'People',
  model: 'StaffInvite',
  columns: {
    emailMasked: { type: 'masked', label: 'Sent to', isKey: true },
    asked: { type: 'text', label: 'To join as', from: ['roles'], value: roleWords, isKey: true },
    state: {
      type: 'enum',
      label: 'State',
      from: ['acceptedAt', 'cancelledAt', 'expiresAt'],
      value: (row) => stateOf(row, systemClock.now()),
      states: {
        open: { label: 'Waiting', tone: 'info' },
        expired: { label: 'Link ran out', tone: 'warn' },
        accepted: { label: 'Accepted', tone: 'ok' },
        withdrawn: { label: 'Withdrawn', tone: 'neutral' },
      },
      isKey: true,
    },
    invitedBy: { type: 'reference', label: 'Invited by', reference: 'Staff' },
    createdAt: { type: 'datetime', label: 'Invited' },
    expiresAt: { type: 'datetime', label: 'Link ends' },
    reason: { type: 'text', label: 'Reason', in: ['show'] },
    jobTitle: { type: 'text', label: 'Job', in: ['show'] },
    managerUserId: { type: 'reference', label: 'Lead', reference: 'Staff', in: ['show'] },
    grantsExpireAt: { type: 'datetime', label: 'Roles end', in: ['show'] },
    sendNo: { type: 'integer', label: 'Times sent', in: ['show'] },
    acceptedAt: { type: 'datetime', label: 'Accepted', in: ['show'] },
    acceptedUserId: { type: 'reference', label: 'Joined as', reference: 'Staff', in: ['show'] },
    cancelledAt: { type: 'datetime', label: 'Withdrawn', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    open: { type: 'boolean', label: 'Open', operators: ['equals'], where: whereOpen },
    invitedBy: { type: 'uuid', label: 'Invited by', operators: ['equals', 'in'] },
    createdAt: { type: 'datetime', label: 'Invited', operators: ['between'] },
    expiresAt: { type: 'datetime', label: 'Link ends', operators: ['between'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  // Ids are in the order of creation.
  sorts: { id: { index: 'staff_invite_pkey' } },
  defaultSort: { field: 'id', direction: 'desc' },
  scope: ({ staff }, grant): Where => (grant.own || grant.team ? { managerUserId: staff.id } : {}),
  permissions: { list: 'staff_invite.list', show: 'staff_invite.list', search: 'staff_invite.list' },
  recordTitle: { from: ['emailMasked'], of: (row) => `Invitation to ${String(row.emailMasked ?? 'somebody')}` },
  subject: subjectOf,
  actions: inviteActions,
  components: {},
  historyTable: 'identity.staff_invite',
  isPersonalData: true,
});

type InviteState = 'open' | 'expired' | 'accepted' | 'withdrawn';

export function stateOf({ acceptedAt, cancelledAt, expiresAt }: Row, now: Date): InviteState {
  if (acceptedAt) return 'accepted';
  if (cancelledAt) return 'withdrawn';
  return expiresAt instanceof Date && expiresAt <= now ? 'expired' : 'open';
}

function whereOpen(text: string, _operator: string, deps: CommandDeps): Where {
  if (text !== 'true' && text !== 'false') throw new AppError('invalid_filter', { extra: { filter: 'open' } });
  const isOpen = { acceptedAt: null, cancelledAt: null, expiresAt: { gt: deps.clock.now() } };
  return text === 'true' ? isOpen : { NOT: isOpen };
}

function invited(row: Row): RoleGrant[] {
  if (!Array.isArray(row.roles)) return [];
  return row.roles.flatMap((given: unknown) => {
    if (typeof given !== 'object' || given === null) return [];
    const role = roles.find((name) => name === Reflect.get(given, 'role'));
    return role ? [{ role, isLead: Reflect.get(given, 'isLead') === true }] : [];
  });
}

/** "support lead, reviewer" */
function roleWords(row: Row): string {
  return invited(row)
    .map(({ role, isLead }) => `${role.replaceAll('_', ' ')}${isLead ? ' lead' : ''}`)
    .join(', ');
}

/** The rank that was promised is the one that counts: nobody handles an invitation to their own level. */
function subjectOf(row: Row, { staff, deps }: ResourceActor): AccessSubject {
  const isLed = row.managerUserId === staff.id;
  return { kind: 'staff', rank: rankOf(invited(row), deps.clock.now()), isOwn: isLed, isTeam: isLed };
}
