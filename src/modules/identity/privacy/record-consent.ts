import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { lockOwnAccount } from '../freshness.ts';
import { appendConsent, type ConsentItem, consentPurposes, storedPurpose } from './consents.ts';

const input = z.object({
  purpose: z.enum(consentPurposes),
  /** Of the text agreed to; the terms in force where it is absent. */
  version: z.string().min(1).max(20).optional(),
  granted: z.boolean(),
});
type Input = z.infer<typeof input>;

/**
 * Records a yes or no of the person, also one that repeats the last.
 * @throws AppError 422 `terms_version_unknown` for terms that are not in force
 */
export const recordConsent = defineCommand<Input, ConsentItem>({
  name: 'record-consent',
  resource: 'consent',
  access: 'owner',
  input,
  isIdempotent: false,
  async prepare({ config }: CommandDeps, { purpose, version }: Input) {
    if (purpose === 'terms' && version !== undefined && version !== config.termsVersion) {
      throw validationError([{ path: 'version', code: 'terms_version_unknown' }]);
    }
    return undefined;
  },
  async run(scope, { purpose, granted, version = scope.deps.config.termsVersion }) {
    const account = await lockOwnAccount(scope);
    await appendConsent(scope, { userId: account.id, purpose: storedPurpose(purpose, account), version, granted });
    scope.touched(account.id);
    return { purpose, version, granted, at: scope.now };
  },
});
