import { z } from 'zod';
import { AppError } from '../../foundation/errors/app-error.ts';
import { commands } from '../../modules/identity/index.ts';
import { refreshCookie } from '../cookies.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { removedCookie } from '../reply.ts';
import { presentedRefreshToken } from './refresh-session.ts';

/** POST /auth/logout: ends this session, the others or all. Ending the current one succeeds with dead credentials too. */
export const logOut = defineEndpoint({
  summary: 'End sessions',
  query: noQuery,
  body: z.strictObject({ refreshToken: z.string().optional(), scope: z.enum(['current', 'others', 'all']).optional() }),
  replies: { 204: { description: 'Ended' } },
  errors: ['token_missing', 'token_invalid', 'token_expired', 'session_revoked'],
  async handle(call, { body }) {
    const scope = body.scope ?? 'current';
    if (scope !== 'current' && !call.session) throw call.bearerFailure ?? new AppError('token_missing');
    const refreshToken = presentedRefreshToken(call, body.refreshToken) || null;
    await execute(call, commands.logOut, { input: { scope, refreshToken, ...callerOf(call) } });
    return { status: 204, ...(call.client.mode === 'cookie' ? { cookies: [removedCookie(refreshCookie)] } : {}) };
  },
});
