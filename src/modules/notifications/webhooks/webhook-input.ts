import { z } from 'zod';
import { webhookEvents } from './webhook-events.ts';

/** Forms send a comma list, programs a list. */
const eventList = z
  .union([
    z.array(z.string()),
    z.string().transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    ),
  ])
  .pipe(z.array(z.enum(webhookEvents)).min(1).max(webhookEvents.length))
  .transform((names) => [...new Set(names)].sort());

export const endpointFields = {
  name: z.string().trim().min(1).max(80),
  events: eventList,
};

export const endpointId = z.strictObject({ id: z.uuid() });
