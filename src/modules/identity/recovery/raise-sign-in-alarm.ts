import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { pressureSeconds } from './sign-in-attack.queries.ts';

const count = z.number().int().nonnegative();
const input = z.strictObject({ networks: count, identifiers: count, failures: count, successes: count });
type Input = z.infer<typeof input>;

/** Tells operators of an attack on passwords: an event, and an action in the history. Figures only. */
export const raiseSignInAlarm = defineCommand<Input, Record<string, never>>({
  name: 'raise-sign-in-alarm',
  resource: 'auth',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, figures) {
    scope.note(
      `${figures.failures} of ${figures.failures + figures.successes} failed, ${figures.networks} networks, ${figures.identifiers} identifiers`,
    );
    scope.emit({ name: 'identity.sign_in.attacked', aggregateId: null, payload: { ...figures, seconds: pressureSeconds } });
    return {};
  },
});
