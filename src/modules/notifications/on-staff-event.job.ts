import { z } from 'zod';
import { defineJob, type EventSubscription } from '../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../foundation/outbox/outbox-event.ts';
import { caseNotices } from './staff-notices/case-notices.ts';
import { mentionNotices } from './staff-notices/mention-notices.ts';
import type { NoticeRule } from './staff-notices/notice-rule.ts';
import { requestNotices } from './staff-notices/request-notices.ts';
import { systemNotices } from './staff-notices/system-notices.ts';
import { ticketNotices } from './staff-notices/ticket-notices.ts';
import { writeNotices } from './staff-notices/write-notices.ts';

/** Event name -> what the inbox of staff says to it, and to whom (product.md section 9). */
export const staffNoticeRules: ReadonlyMap<string, NoticeRule> = new Map(
  Object.entries({ ...ticketNotices, ...caseNotices, ...requestNotices, ...mentionNotices, ...systemNotices }),
);

const queue = 'notifications.on-staff-event';

/** Tells staff of what concerns them. Repeating is harmless: see writeNotices(). */
export const onStaffEventJob = defineJob({
  queue,
  payload: z.object({ event: outboxEventSchema(z.unknown()) }),
  async handle({ event }, deps) {
    const rule = staffNoticeRules.get(event.name);
    for (const planned of (await rule?.(event, deps)) ?? []) await writeNotices(deps, { queue, event, planned });
  },
});

export const onStaffEventSubscription: EventSubscription = { queue, events: [...staffNoticeRules.keys()] };
