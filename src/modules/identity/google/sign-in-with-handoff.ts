import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { callerFields } from '../sign-in-shapes.ts';
import { redeemHandoff } from './handoff-code.ts';
import { type ProviderOutcome, signInWithProvider } from './provider-sign-in.ts';

const input = z.object({ handoff: z.string(), codeVerifier: z.string(), ...callerFields });
type Input = z.infer<typeof input>;

/**
 * Ends a redirect leg of intent `login`: of any number of parallel calls one signs in.
 * @throws AppError 400 `handoff_invalid`, 403 `account_suspended`
 */
export const signInWithHandoff = defineCommand<Input, ProviderOutcome>({
  name: 'redeem-handoff',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  async run(scope, { client, device, handoff, codeVerifier }) {
    const redeemed = await redeemHandoff(scope, { handoff, codeVerifier, intent: 'login', clientIds: [client.clientId] });
    if (!redeemed) return fail('handoff_invalid');
    const { person, role, termsVersion } = redeemed;
    return signInWithProvider(scope, { person, role, termsVersion, client, device, closedCode: 'handoff_invalid' });
  },
});
