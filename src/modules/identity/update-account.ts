import type { User } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { type FieldError, validationError } from '../../foundation/errors/app-error.ts';
import type { AccountRow } from './account.ts';
import { lockOwnAccount } from './freshness.ts';
import { appendConsent, storedPurpose } from './privacy/consents.ts';
import { type ProfileInput, profileColumns, profileFields, readProfile } from './profile.ts';

const input = z.object({ ...profileFields, marketingConsent: z.boolean().optional() });
type Input = z.infer<typeof input>;
type Loaded = { account: AccountRow; user: User };

/**
 * Changes the own profile, compare-and-set on the version. Identifier, role and auth method are no fields of it (F37).
 * @throws AppError 409/412 `version_conflict`, 422 `name_invalid`, `country_unknown`, `invalid_value`, `too_long`
 */
export const updateAccount = defineCommand<Input, { version: number }, ProfileInput, Loaded>({
  name: 'update-account',
  resource: 'user',
  access: 'owner',
  input,
  isIdempotent: false,
  async prepare(deps: CommandDeps, body: Input) {
    const errors: FieldError[] = [];
    // Once, before anything is locked: what holds a lock must not wait for a second connection.
    const profile = await readProfile(deps, body, errors);
    if (errors.length > 0) throw validationError(errors);
    return profile;
  },
  async load(scope) {
    const account = await lockOwnAccount(scope);
    const user = await scope.tx.user.findUniqueOrThrow({ where: { id: account.id } });
    return { account, user };
  },
  version: ({ user }) => user.version,
  async run(scope, body, { account, user }, profile) {
    const { data, fields } = profileColumns(scope.deps.keyring, account, user, profile);
    const isConsentChanged = body.marketingConsent !== undefined && (await appendMarketing(scope, account, body.marketingConsent));
    scope.touched(account.id);
    const changed = isConsentChanged ? [...fields, 'marketingConsent'] : fields;
    if (changed.length === 0) return { version: user.version };
    // The row was read under its lock: the version seen is the version written over. The consent is part of what its ETag stands for.
    await scope.tx.user.update({ where: { id: account.id }, data: { ...data, version: { increment: 1 } } });
    scope.emit({ name: 'identity.user.profile_changed', aggregateId: account.id, payload: { userId: account.id, fields: changed } });
    return { version: user.version + 1 };
  },
});

/** A changed mind is a new row; the same answer again is none. */
async function appendMarketing(scope: CommandScope, account: AccountRow, granted: boolean): Promise<boolean> {
  const purpose = storedPurpose('marketing', account);
  const last = await scope.tx.consent.findFirst({ where: { userId: account.id, purpose }, orderBy: [{ at: 'desc' }, { id: 'desc' }] });
  if ((last?.granted ?? false) === granted) return false;
  await appendConsent(scope, { userId: account.id, purpose, version: scope.deps.config.termsVersion, granted });
  return true;
}
