import { z } from 'zod';
import { bankAccountNotice } from '../identity/index.ts';
import { defineNotice } from './notice.ts';
import type { TemplateId } from './templates/variables.ts';

const templates: Readonly<Record<string, TemplateId>> = {
  'identity.bank_account.added': 'bank_added',
  'identity.bank_account.verified': 'bank_verified',
  'identity.bank_account.failed': 'bank_failed',
  'identity.bank_account.changed': 'bank_changed',
  'identity.bank_account.removed': 'bank_changed',
};

/** Tells the owner of a store of every change of where their earnings go, with a way to say that it was not they. */
export const onBankAccountChanged = defineNotice({
  queue: 'notifications.on-bank-account-changed',
  events: Object.keys(templates),
  payload: z.object({ vendorId: z.uuid(), accountId: z.uuid() }),
  async plan({ name, payload: { accountId } }, deps) {
    const template = templates[name];
    const account = template && (await bankAccountNotice(deps, accountId));
    if (!template || !account) return null;
    const removed = name === 'identity.bank_account.removed' ? { isRemoved: true } : {};
    return { template, facts: { recipient: { userId: account.userId }, accountId, ...removed } };
  },
});
