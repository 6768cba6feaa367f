import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { mayLead } from './may-lead.ts';
import { loadStaffMember, type StaffMember, staffName, staffSubject } from './staff-record.ts';

const input = z.strictObject({
  id: z.uuid(),
  jobTitle: z.string().trim().min(1).max(80).optional(),
  managerUserId: z.uuid().optional(),
});
type Input = z.infer<typeof input>;

/**
 * Changes what somebody does and who leads them. A lead or an admin can lead, never the person themselves; leads see, and review the
 * access of, the people they lead.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed` for a disabled account, 422 `required`, `invalid_value`
 */
export const editStaff = defineCommand<Input, { fields: readonly string[] }, undefined, StaffMember>({
  name: 'edit-staff',
  resource: 'staff',
  access: 'staff.edit_title',
  input,
  load: (scope, { id }) => loadStaffMember(scope, id),
  subject: staffSubject,
  preview: async (_scope, { jobTitle, managerUserId }, { account }) => [
    ...(jobTitle ? [`${staffName(account)} is shown as ${jobTitle}.`] : []),
    ...(managerUserId ? ['Their lead sees their page, grants and actions, and reviews their access.'] : []),
  ],
  async run(scope, { id, jobTitle, managerUserId }, { account }) {
    if (jobTitle === undefined && managerUserId === undefined) throw validationError([{ path: 'jobTitle', code: 'required' }]);
    if (account.status !== 'active') return { refused: 'transition_not_allowed' };
    const isSound = managerUserId === undefined || (managerUserId !== id && (await mayLead(scope, managerUserId)));
    if (!isSound) throw validationError([{ path: 'managerUserId', code: 'invalid_value' }]);
    const change = { ...(jobTitle ? { jobTitle } : {}), ...(managerUserId ? { managerUserId } : {}) };
    await scope.tx.staffProfile.updateMany({ where: { userId: id }, data: { ...change, version: { increment: 1 } } });
    scope.touched(id);
    return { fields: Object.keys(change) };
  },
});
