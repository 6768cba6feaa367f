import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { type FieldError, validationError } from '../../../foundation/errors/app-error.ts';
import { type ProfileInput, profileColumns, profileFields, readProfile } from '../profile.ts';
import { type Customer, customerSubject, loadCustomer, sendsTo } from './customer-record.ts';

const { address: _address, ...editable } = profileFields;
const input = z.strictObject({ id: z.uuid(), ...editable });
type Input = z.infer<typeof input>;

/**
 * Staff correct name, bio, location or language of a customer, on the version they saw; the person is told which fields.
 * @throws AppError 404 `not_found`, 409 `version_conflict`, 422 `name_invalid`, `country_unknown`, `invalid_value`, `too_long`
 */
export const editUser = defineCommand<Input, { version: number; fields: readonly string[] }, ProfileInput, Customer>({
  name: 'edit-user',
  resource: 'user',
  access: 'user.edit',
  input,
  async prepare(deps: CommandDeps, body: Input) {
    const errors: FieldError[] = [];
    // Once, before anything is locked: what holds a lock must not wait for a second connection.
    const profile = await readProfile(deps, body, errors);
    if (errors.length > 0) throw validationError(errors);
    return profile;
  },
  load: loadCustomer,
  subject: customerSubject,
  version: ({ user }) => user.version,
  async preview(scope, body, customer) {
    const { fields } = profileColumns(scope.deps.keyring, customer.account, customer.user, await readProfile(scope.deps, body, []));
    return fields.length === 0 ? ['Changes nothing.'] : [`Changes ${fields.join(', ')}.`, sendsTo(customer)];
  },
  async run(scope, _body, { account, user }, profile) {
    const { data, fields } = profileColumns(scope.deps.keyring, account, user, profile);
    scope.touched(user.id);
    if (fields.length === 0) return { version: user.version, fields };
    // The row was read under its lock: the version seen is the version written over.
    await scope.tx.user.update({ where: { id: user.id }, data: { ...data, version: { increment: 1 } } });
    scope.emit({ name: 'identity.user.profile_changed', aggregateId: user.id, payload: { userId: user.id, fields } });
    return { version: user.version + 1, fields };
  },
});
