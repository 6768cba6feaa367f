import { z } from 'zod';
import { AppError, validationError } from '../../foundation/errors/app-error.ts';
import { translate } from '../../foundation/i18n/translate.ts';
import { commands } from '../../modules/identity/index.ts';
import { cookieOf } from '../cookies.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { code, flowId } from '../fields.ts';
import { flowCookie } from '../legacy.ts';
import { removedCookie } from '../reply.ts';
import { mfaRequired } from '../shapes.ts';
import { legacyTokenReply, signInReply } from '../token-set.ts';

const verified = z.strictObject({
  message: z.string(),
  access: z.string(),
  refresh: z.string().optional().meta({ description: 'Body mode only' }),
  role: z.enum(['client', 'vendor']),
  user_id: z.uuid(),
});

/** POST /auth/otp-verification, an alias of /auth/register/verify: the flow comes from the field or the cookie, never from the code. */
export const otpVerification = defineEndpoint({
  summary: 'Finish a registration (earlier storefront)',
  query: noQuery,
  body: z.strictObject({ otp: code, flowId: flowId.optional() }),
  replies: { 200: { description: 'Account created and signed in', schema: z.union([verified, mfaRequired]) } },
  errors: ['flow_required', 'otp_malformed', 'otp_invalid', 'otp_expired', 'otp_exhausted', 'flow_expired'],
  async handle(call, { body }) {
    const flow = body.flowId ?? cookieOf(call.req, flowCookie);
    if (!flow) throw validationError([{ path: 'flowId', code: 'flow_required' }]);
    const input = { flowId: flow, code: body.otp, ...callerOf(call) };
    const { output } = await execute(call, commands.verifyRegistration, { input }).catch(asOtpField);
    if (output.kind !== 'tokens') return signInReply(call, output, 200);
    const { user } = output.tokens;
    const reply = legacyTokenReply(call, output.tokens, {
      before: { message: translate(call.locale, 'message.registered') },
      after: { role: user.role, user_id: user.id },
    });
    return { ...reply, cookies: [...(reply.cookies ?? []), removedCookie(flowCookie)] };
  },
});

/** The field has another name here. */
function asOtpField(error: unknown): never {
  const malformed = error instanceof AppError && error.details.errors?.find(({ path }) => path === 'code');
  if (malformed) throw validationError([{ ...malformed, path: 'otp' }]);
  throw error;
}
