import { z } from 'zod';
import { addSeconds } from '../runtime/clock.ts';
import { defineJob } from './job.ts';

/** Months are made this far ahead: a worker that is down for weeks must not stop sign-ins and audited writes. */
const aheadSeconds = 100 * 86_400;

/**
 * Daily and when a worker starts: makes the coming months of login events and of the request log; those of the history are made by
 * audit.partitions. Repeating is harmless: a month that exists is left alone.
 */
export const makePartitionsJob = defineJob({
  queue: 'platform.make-partitions',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '7 1 * * *',
  isSentAtStart: true,
  async handle(_payload, deps) {
    const now = deps.clock.now();
    const months = [dateOf(now), dateOf(addSeconds(now, aheadSeconds))];
    await deps.database.pool.query('SELECT platform.make_partitions($1::date, $2::date)', months);
  },
});

const dateOf = (at: Date) => at.toISOString().slice(0, 10);
