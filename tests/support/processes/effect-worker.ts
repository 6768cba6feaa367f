import { z } from 'zod';
import { loadConfig } from '../../../src/foundation/config/config.ts';
import { defineJob } from '../../../src/foundation/jobs/job.ts';
import { createJobRuntime } from '../../../src/foundation/jobs/job-runtime.ts';
import { consumeOnce } from '../../../src/foundation/outbox/consume-once.ts';
import { outboxEventSchema } from '../../../src/foundation/outbox/outbox-event.ts';
import { createTestClock } from '../clock.ts';
import { workerDeps } from '../worker-deps.ts';

/** A worker in a process of its own, to be killed. Each event has one effect: a row in public.effect. */
export const effectJob = defineJob({
  queue: 'test.effect',
  payload: z.object({ event: outboxEventSchema(z.object({ number: z.number().int() })) }),
  async handle({ event }, deps) {
    await deps.database.prisma.$transaction(async (tx) => {
      if (!(await consumeOnce(tx, 'test.effect', event.eventId))) return;
      await tx.$executeRaw`INSERT INTO public.effect (number, pid) VALUES (${event.payload.number}, ${process.pid})`;
    });
  },
});

export const effectSubscription = { queue: 'test.effect', events: ['test.thing.happened'] };

const workerUrl = process.env['EFFECT_WORKER_URL'];
if (workerUrl) {
  const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'error', DATA_DIR: process.env['EFFECT_DATA_DIR'] ?? '' });
  const deps = workerDeps(config, { clock: createTestClock(), logs: [], url: workerUrl });
  const runtime = createJobRuntime({ deps, jobs: [effectJob], subscriptions: [effectSubscription], workerUrl });
  await runtime.start();
  process.stdout.write('ready\n');
}
