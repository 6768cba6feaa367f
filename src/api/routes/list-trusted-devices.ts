import { z } from 'zod';
import { queries } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { userIdOf } from '../execute.ts';

const trustedDevice = z
  .strictObject({ id: z.uuid(), label: z.string(), place: z.string(), trustedUntil: z.iso.datetime(), lastSeenAt: z.iso.datetime() })
  .meta({ id: 'TrustedDevice' });

/** GET /account/trusted-devices. */
export const listTrustedDevices = defineEndpoint({
  summary: 'List the devices that skip the second step',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'Trusted devices', schema: z.strictObject({ items: z.array(trustedDevice) }) } },
  async handle(call) {
    return { status: 200, body: { items: await queries.listTrustedDevices(call.deps, userIdOf(call)) } };
  },
});
