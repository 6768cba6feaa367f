import type { CardAnswer, DashboardCard, PageRequest } from '../../admin/index.ts';
import { enrichmentLagSeconds } from '../../audit/index.ts';
import { countDeadLetters } from '../../foundation/jobs/dead-letters.ts';
import { outboxLagSeconds } from '../../foundation/outbox/outbox-lag.ts';
import { readBounded } from '../../foundation/runtime/bounded-read.ts';
import { requestSteps } from '../../foundation/runtime/request-figures.queries.ts';
import { sealLag } from './audit-cards.ts';
import { secondsText, upTo } from './card-parts.ts';

const dayMs = 86_400_000;

/** How the machinery does. */
export const systemCards: readonly DashboardCard[] = [
  { id: 'api-health', title: 'Errors of the API in 24 hours', permission: 'api_log.read', load: apiHealth },
  { id: 'dead-letters', title: 'Jobs that gave up', permission: 'queue.view', load: deadLetters },
  { id: 'seal-lag', title: 'Rows wait for their seal', permission: 'queue.view', load: sealLag },
  { id: 'outbox-lag', title: 'Oldest unsent event', permission: 'queue.view', load: outboxLag },
  { id: 'enrichment-lag', title: 'Audit enrichment behind by', permission: 'queue.view', load: enrichmentLag },
];

/** Refused and failed requests, with the time within which 95 of 100 were answered. */
async function apiHealth({ deps, now }: PageRequest): Promise<CardAnswer> {
  const filter = { from: new Date(now.getTime() - dayMs), to: now, door: 'api' };
  const { steps } = await readBounded(deps.database.pool, (read) => requestSteps(read, filter));
  const requests = steps.reduce((total, step) => total + step.requests, 0);
  const errors = steps.reduce((total, step) => total + step.errors, 0);
  const slowest = Math.max(0, ...steps.map((step) => step.p95 ?? 0));
  const href = '/admin/pages/api-log?outcome=error&door=api';
  if (requests === 0) return { value: 0, note: 'Nobody called', href };
  return {
    value: errors,
    note: `Of about ${new Intl.NumberFormat('en').format(requests)} requests; 95 of 100 within ${slowest} ms at worst`,
    href,
    chart: {
      kind: 'line',
      summary: 'Milliseconds within which 95 of 100 were answered.',
      series: [{ label: '95th percentile, ms', tone: 'brand' }],
      points: steps.map((step) => ({ label: step.at.toISOString().slice(0, 16).replace('T', ' '), values: [step.p95 ?? 0] })),
    },
  };
}

async function deadLetters({ deps }: PageRequest): Promise<CardAnswer> {
  const count = await countDeadLetters(deps.database);
  return { value: upTo(999, count), note: count === 0 ? 'Every job got done' : 'Waiting for a person', href: '/admin/pages/queues' };
}

async function outboxLag({ deps }: PageRequest): Promise<CardAnswer> {
  return {
    value: secondsText(await outboxLagSeconds(deps.database)),
    note: 'Events that no job has taken yet',
    href: '/admin/pages/queues',
  };
}

async function enrichmentLag({ deps }: PageRequest): Promise<CardAnswer> {
  return { value: secondsText(await enrichmentLagSeconds(deps)), note: 'Country and device of new audit rows', href: '/admin/pages/audit' };
}
