import { z } from 'zod';
import { gradesOf } from '../../../foundation/access/grades.ts';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { addDailyQuota, quotaBonus } from '../../../foundation/command/daily-quota.ts';
import { loadStaffMember, type StaffMember, staffName, staffSubject } from './staff-record.ts';

const input = z.strictObject({ id: z.uuid(), kind: z.enum(['people', 'reveals']) });
type Input = z.infer<typeof input>;

type Loaded = StaffMember & { isTeam: boolean };

/** A lead helps out those who prepare and answer; everybody else asks an admin. */
const ledRoles: ReadonlySet<string> = new Set(['assistant', 'support']);

/**
 * Gives a member of staff 20 more people or reveals for today, once a day (product.md section 5.4). Leads for their own assistants and
 * support, admins for everybody below them; nobody for themselves.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `already_exists` when it was given today, `transition_not_allowed` for somebody disabled
 */
export const addQuota = defineCommand<Input, { added: number }, undefined, Loaded>({
  name: 'add-quota',
  resource: 'staff',
  access: 'quota.add',
  input,
  isIdempotent: true,
  load,
  subject: (member) => ({ ...staffSubject(member), isTeam: member.isTeam }),
  preview: async (_scope, { kind }, { account }) => [
    `${staffName(account)} may ${kind === 'people' ? `open ${quotaBonus} more people` : `make ${quotaBonus} more reveals`} today.`,
    'Once a day; it ends at midnight UTC.',
  ],
  async run(scope, { id, kind }, { account, grants }) {
    if (account.status !== 'active') return { refused: 'transition_not_allowed' };
    const isLedOnly = !gradesOf(scope.actor, scope.now).some((grade) => grade === 'admin' || grade === 'super_admin');
    if (isLedOnly && !grants.every(({ role }) => ledRoles.has(role)))
      return { refused: 'forbidden', details: { extra: { rule: 'quota_of_led_roles' } } };
    scope.touched(id);
    if (!(await addDailyQuota(scope, { staffUserId: id, kind }))) return { refused: 'already_exists' };
    scope.note(`${quotaBonus} more ${kind} for today`);
    return { added: quotaBonus };
  },
});

async function load(scope: CommandScope, { id }: Input): Promise<Loaded> {
  const member = await loadStaffMember(scope, id);
  const profile = await scope.tx.staffProfile.findUnique({ where: { userId: id }, select: { managerUserId: true } });
  const isTeam = scope.actor.kind === 'staff' && profile?.managerUserId === scope.actor.id;
  return { ...member, isTeam };
}
