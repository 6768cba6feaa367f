import { z } from 'zod';
import { defineCommand } from './command.ts';

const input = z.strictObject({
  /** The variable whose list changed, for example `PII_KEKS`. */
  name: z.string().max(40),
  step: z.enum(['added', 'activated', 'dropped']),
  kid: z.string().max(64),
});

/** Leaves the audit row of a change to a list of keys, which itself is kept outside the database. Holds names of keys only. */
export const recordKeyChange = defineCommand<z.infer<typeof input>, Record<string, never>>({
  name: 'change-key',
  resource: 'key',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { name, step, kid }) {
    scope.note(`${name}: ${kid} ${step}`);
    return {};
  },
});
