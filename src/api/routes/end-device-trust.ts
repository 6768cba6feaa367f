import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { pathId } from '../path-id.ts';

/** DELETE /account/trusted-devices/{id}: the second step is asked there again. */
export const endDeviceTrust = defineEndpoint({
  summary: 'Stop trusting a device',
  query: noQuery,
  body: noBody,
  replies: { 204: { description: 'Not trusted any more' } },
  errors: ['not_found'],
  async handle(call) {
    await execute(call, commands.endDeviceTrust, { input: { deviceId: pathId(call) } });
    return { status: 204 };
  },
});
