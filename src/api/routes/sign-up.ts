import { z } from 'zod';
import { validationError } from '../../foundation/errors/app-error.ts';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { identifierFields, password } from '../fields.ts';
import { flowCookie, flowCookieSeconds, phoneOf } from '../legacy.ts';
import { pendingReplies, pendingReply } from '../pending.ts';

/** POST /auth/sign-up, an alias of /auth/register: the password twice, and the flow in a cookie besides. */
export const signUp = defineEndpoint({
  summary: 'Start a registration (earlier storefront)',
  query: noQuery,
  body: z.strictObject({
    email: identifierFields.email,
    phone: identifierFields.phone,
    phone_number: identifierFields.phone,
    role: z.string().optional(),
    password,
    password2: password,
  }),
  replies: pendingReplies,
  errors: ['password_mismatch', 'identifier_exactly_one', 'email_invalid', 'phone_invalid', 'phone_unsupported', 'overloaded'],
  async handle(call, { body }) {
    const { email, role, password: chosen } = body;
    const phone = phoneOf(body);
    if (chosen !== body.password2) throw validationError([{ path: 'password2', code: 'password_mismatch' }]);
    const input = { email, ...phone, role, password: chosen, locale: call.locale, ...callerOf(call) };
    const result = await execute(call, commands.startRegistration, { input });
    const cookie = { name: flowCookie, value: result.output.flowId, maxAgeSeconds: flowCookieSeconds };
    return { ...pendingReply(call, result), cookies: [cookie] };
  },
});
