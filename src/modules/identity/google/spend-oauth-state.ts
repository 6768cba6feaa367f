import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { spendOnce } from '../single-use.ts';
import { oauthStateSeconds } from './start-oauth.ts';

const input = z.object({ state: z.string() });
type Input = z.infer<typeof input>;

/**
 * Marks the state of a redirect leg as used, before anything is asked of the provider; of parallel callbacks one goes on.
 * @throws AppError 400 `oauth_state_invalid`
 */
export const spendOauthState = defineCommand<Input, Record<string, never>>({
  name: 'spend-oauth-state',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  async run(scope, { state }) {
    const isFirst = await spendOnce(scope, { kind: 'oauth_state', value: state, userId: null, lifeSeconds: oauthStateSeconds });
    return isFirst ? {} : { refused: 'oauth_state_invalid' };
  },
});
