import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { RequestContext } from '../../../foundation/runtime/request-context.ts';
import { findAccount } from '../account.ts';
import { customerOf } from '../freshness.ts';
import { judgePassword, tryPassword } from '../recovery/password-proof.ts';
import { callerFields } from '../sign-in-shapes.ts';
import type { Judge } from './proof.ts';

export const passwordProof = z.object({ method: z.literal('password'), password: z.string(), ...callerFields });

/** Wrong ones count in the buckets of sign-in (auth-api.md P9). Refusals: `invalid_credentials`, `password_disabled`, `rate_limited`. */
export async function proveByPassword(deps: CommandDeps, body: z.infer<typeof passwordProof>, context: RequestContext): Promise<Judge> {
  const account = (await findAccount(deps.database.prisma, { userId: customerOf(context).id })) ?? fail('session_revoked');
  const proof = await tryPassword(deps, context, { account, password: body.password, deviceToken: body.device.token });
  return async (scope, locked) => (await judgePassword(scope, locked, proof)) ?? { amr: ['pwd'], isSecondFactor: false };
}
