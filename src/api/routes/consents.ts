import { z } from 'zod';
import { commands, queries } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute, userIdOf } from '../execute.ts';
import { consent, consentPurpose } from '../shapes.ts';

/** GET /account/consents: everything the caller agreed to or took back, newest first. */
export const listConsents = defineEndpoint({
  summary: 'List the own consents',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'Newest first', schema: z.strictObject({ items: z.array(consent) }) } },
  handle: async (call) => ({ status: 200, body: { items: await queries.listConsents(call.deps, userIdOf(call)) } }),
});

/** POST /account/consents: one more yes or no; what was said before stays on record. */
export const recordConsent = defineEndpoint({
  summary: 'Give or take back a consent',
  query: noQuery,
  body: z.strictObject({ purpose: consentPurpose, version: z.string().min(1).max(20).optional(), granted: z.boolean() }),
  replies: { 201: { description: 'As recorded', schema: consent } },
  errors: ['terms_version_unknown'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.recordConsent, { input: body });
    return { status: 201, body: output };
  },
});
