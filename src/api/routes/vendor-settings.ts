import { z } from 'zod';
import { commands, queries } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute, userIdOf } from '../execute.ts';
import { etagOf, ifMatchOf } from '../if-match.ts';
import { vendorSettings } from '../shapes.ts';

/** GET /account/vendor/settings: how the own store takes orders and what its owner is told of. */
export const readVendorSettings = defineEndpoint({
  summary: 'Read the settings of the own store',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The settings', schema: vendorSettings, headers: ['ETag'] } },
  errors: ['role_required'],
  async handle(call) {
    const settings = await queries.readVendorSettings(call.deps, userIdOf(call));
    return { status: 200, body: settings, headers: { ETag: etagOf(settings.version) } };
  },
});

const day = z.string().nullish().meta({ format: 'date' });

/** PUT /account/vendor/settings: the whole of them; a holiday has both days or none. */
export const replaceVendorSettings = defineEndpoint({
  summary: 'Replace the settings of the own store',
  query: noQuery,
  body: z
    .strictObject({
      orderMode: z.enum(['auto', 'manual']),
      notifyOrders: z.boolean(),
      notifyReviews: z.boolean(),
      holidayFrom: day,
      holidayTo: day,
      returnDays: z.int().meta({ description: '0 to 30' }),
    })
    .meta({ id: 'VendorSettingsInput' }),
  replies: { 200: { description: 'The settings as they are now', schema: vendorSettings, headers: ['ETag'] } },
  errors: ['role_required', 'if_match_required', 'version_conflict'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.replaceVendorSettings, { input: body, ...ifMatchOf(call.req) });
    return { status: 200, body: output, headers: { ETag: etagOf(output.version) } };
  },
});
