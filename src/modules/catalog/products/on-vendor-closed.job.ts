import { z } from 'zod';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../../foundation/outbox/outbox-event.ts';
import { archiveProductsOf, publishedOf } from './archive-products.ts';

/** A store that closed sells nothing: its products are archived. Repeating is harmless: what is archived is not published any more. */
export const onVendorClosed = defineJob({
  queue: 'catalog.on-vendor-closed',
  payload: z.object({ event: outboxEventSchema(z.object({ vendorId: z.uuid() })) }),
  async handle({ event: { payload } }, deps) {
    const { vendorId } = payload;
    // One transaction for each hundred: a large store does not hold its rows for long.
    while ((await publishedOf(deps.database.prisma, vendorId, 1)).length > 0)
      await runCommand(deps, archiveProductsOf, { input: { vendorId } });
  },
});

export const vendorClosedSubscription = { queue: onVendorClosed.queue, events: ['identity.vendor.closed'] };
