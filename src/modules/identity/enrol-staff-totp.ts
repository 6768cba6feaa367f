import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { totpUri } from '../../foundation/crypto/totp.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import type { AttemptDecision } from '../../foundation/runtime/attempt-bucket.ts';
import { type AccountRow, contactInClear, dataKeyOf } from './account.ts';
import { type ConfirmedTotp, confirm } from './confirm-totp.ts';
import { returnFactorAttempt, takeFactorAttempt, totpSecretBox } from './second-factor.ts';
import { lockStaff } from './staff-account.ts';
import { enrol, enrolmentSeconds } from './start-totp.ts';

const startInput = z.object({ userId: z.uuid() });

export type StaffEnrolment = { secret: string; uri: string };

const loadStaff = async (scope: CommandScope, { userId }: { userId: string }) => (await lockStaff(scope.tx, userId)) ?? fail('not_found');

/**
 * A secret for a member of staff; the same one again until it is confirmed or ten minutes old, so that a reloaded page
 * does not void the code in the app.
 * @throws AppError 404 `not_found`, 409 `totp_exists`
 */
export const beginStaffTotp = defineCommand<z.infer<typeof startInput>, StaffEnrolment, undefined, AccountRow>({
  name: 'begin-staff-totp',
  resource: 'totp',
  access: 'public',
  input: startInput,
  isIdempotent: false,
  load: loadStaff,
  async run(scope, _body, account) {
    if (account.hasTotp) return { refused: 'totp_exists' };
    const open = await openSecret(scope, account);
    if (!open) return enrol(scope, account);
    const contact = contactInClear(scope.deps.keyring, account);
    return { secret: open, uri: totpUri(open, 'Fashionistar back office', contact?.value ?? account.memberId) };
  },
});

async function openSecret(scope: CommandScope, account: AccountRow): Promise<string | null> {
  const totp = await scope.tx.totp.findUnique({ where: { userId: account.id } });
  const isOpen = totp && totp.confirmedAt === null && scope.now.getTime() - totp.createdAt.getTime() <= enrolmentSeconds * 1000;
  const dataKey = dataKeyOf(scope.deps.keyring, account);
  return isOpen && dataKey ? scope.deps.keyring.decryptField(dataKey, totpSecretBox(account.id), totp.secretEnc) : null;
}

const confirmInput = z.object({ userId: z.uuid(), code: z.string() });
type ConfirmInput = z.infer<typeof confirmInput>;

/** @throws AppError 401 `mfa_invalid`, 404 `not_found`, 410 `enrolment_expired`, 429 `mfa_locked` */
export const confirmStaffTotp = defineCommand<ConfirmInput, ConfirmedTotp, AttemptDecision, AccountRow>({
  name: 'confirm-staff-totp',
  resource: 'totp',
  access: 'public',
  input: confirmInput,
  isIdempotent: false,
  prepare: (deps: CommandDeps, body: ConfirmInput) => takeFactorAttempt(deps, body.userId),
  load: loadStaff,
  async run(scope, body, account, decision) {
    if (!decision.isAllowed) return { refused: 'mfa_locked', details: { retryAfterSeconds: decision.retryAfterSeconds } };
    const confirmed = await confirm(scope, account, { code: body.code });
    if (!('refused' in confirmed)) await returnFactorAttempt(scope.deps, account.id);
    return confirmed;
  },
});
