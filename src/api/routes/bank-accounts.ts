import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { queries } from '../../modules/identity/index.ts';
import { customerCommands } from '../../modules/support/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute, userIdOf } from '../execute.ts';
import { cursor, pageLimit } from '../fields.ts';
import { pathId } from '../path-id.ts';
import { bankAccountAsked, bankAccountPage } from '../shapes.ts';

/** GET /account/vendor/bank-accounts: where the own store is paid, newest first; the number only by its end. */
export const listBankAccounts = defineEndpoint({
  summary: 'List the own payout accounts',
  query: z.strictObject({ limit: pageLimit, cursor }),
  body: noBody,
  replies: { 200: { description: 'A page, newest first', schema: bankAccountPage } },
  errors: ['role_required'],
  handle: async (call, { query }) => ({ status: 200, body: await queries.listBankAccounts(call.deps, userIdOf(call), query) }),
});

/** POST /account/vendor/bank-accounts: names an account; nothing is paid to it before finance has approved it. */
export const addBankAccount = defineEndpoint({
  summary: 'Name a payout account',
  query: noQuery,
  body: z.strictObject({
    bankCode: z.string().meta({ description: 'Of the Central Bank of Nigeria', example: '058' }),
    accountNumber: z.string().meta({ description: 'NUBAN: 10 digits with check digit' }),
    accountName: z.string(),
  }),
  replies: { 202: { description: 'Asked; finance decides', schema: bankAccountAsked } },
  errors: [
    ...['reauth_required', 'account_frozen', 'role_required', 'transition_not_allowed'],
    ...['bank_account_limit', 'bank_account_exists', 'nuban_invalid', 'name_invalid'],
  ],
  async handle(call, { body }) {
    const { output } = await execute(call, customerCommands.addOwnBankAccount, { input: body });
    return { status: 202, body: { message: translate(call.locale, 'message.bank_account_requested'), ...output } };
  },
});

/** DELETE /account/vendor/bank-accounts/{id}: at once; a request about it is called off. */
export const removeBankAccount = defineEndpoint({
  summary: 'Remove a payout account',
  query: noQuery,
  body: noBody,
  replies: { 204: { description: 'Removed' } },
  errors: ['reauth_required', 'account_frozen', 'role_required', 'not_found'],
  async handle(call) {
    await execute(call, customerCommands.removeOwnBankAccount, { input: { id: pathId(call) } });
    return { status: 204 };
  },
});
