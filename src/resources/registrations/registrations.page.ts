import { join } from 'node:path';
import { z } from 'zod';
import { describeAction } from '../../admin/action-states.ts';
import { commandAction, definePage, type PageRequest } from '../../admin/index.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { staffCommands, staffQueries } from '../../modules/identity/index.ts';

const resend = commandAction(staffCommands.resendRegistrationCode, {
  name: 'resendRegistrationCode',
  label: 'Send the code again',
  effect: 'The next code of this sign-up; the earlier one and its link stop working',
  placement: ['resource'],
  group: 'everyday',
  form: [{ name: 'id', label: 'Registration', type: 'text', isRequired: true }],
  message: () => 'Sent a new code. The earlier one no longer works.',
});

/** Somebody who says they signed up and cannot be found: their registration waits for its code, and no person exists yet. */
export const registrationsPage = definePage({
  id: 'unfinished-registrations',
  noun: 'registration',
  title: 'Unfinished registrations',
  icon: 'search',
  navigationGroup: null,
  permission: 'registration.resend_code',
  component: join(import.meta.dirname, 'registrations.component.tsx'),
  handler: lookUp,
  recordsRead: (answer) => (Array.isArray(answer.read) ? answer.read.filter((id) => typeof id === 'string') : []),
  actions: [resend],
});

const query = z.strictObject({ contact: z.string().trim().min(1).max(254).optional() });

/** Without a contact the empty form. Whole contacts only: the look-up is by blind index, and leaves a read row without the contact. */
async function lookUp({ query: typed, deps, now }: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const asked = query.safeParse(typed);
  if (!asked.success) throw new AppError('bad_request');
  const page = { resend: describeAction(resend, null), now };
  const { contact } = asked.data;
  if (contact === undefined) return { ...page, found: null };
  const found = await staffQueries.findRegistrations(deps, contact);
  const read = [...found.open.map(({ flowId }) => flowId), ...(found.userId ? [found.userId] : [])];
  return { ...page, found, read };
}
