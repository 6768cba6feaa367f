import { join } from 'node:path';
import { z } from 'zod';
import { describeAction } from '../../admin/action-states.ts';
import { type CommandAction, definePage, type PageRequest } from '../../admin/index.ts';
import { decide } from '../../foundation/access/evaluate.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { translate } from '../../foundation/i18n/translate.ts';
import { countDeadLetters } from '../../foundation/jobs/dead-letters.ts';
import { queueFigures } from '../../foundation/jobs/queue-figures.queries.ts';
import { deadGroups, type JobState, jobStates, listJobs } from '../../foundation/jobs/queue-jobs.queries.ts';
import { queueActions } from './queue-actions.ts';

/** What the worker has to do: every queue with its figures, and the jobs of one of them. */
export const queuesPage = definePage({
  id: 'queues',
  noun: 'queue',
  title: 'Queues',
  icon: 'list',
  navigationGroup: 'System',
  permission: 'queue.view',
  component: join(import.meta.dirname, 'queues.component.tsx'),
  handler: (request) => answer(request),
  recordsRead: null,
  waiting: ({ deps }) => countDeadLetters(deps.database),
  actions: Object.values(queueActions),
});

const query = z.strictObject({
  queue: z.string().max(100).optional(),
  state: z.enum(jobStates).optional(),
  before: z.uuid().optional(),
  error: z.string().max(20_000).optional(),
});

async function answer(request: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const asked = query.safeParse(request.query);
  if (!asked.success) throw new AppError('invalid_filter');
  const { database, clock } = request.deps;
  const queues = await queueFigures(database);
  const named = asked.data.queue;
  const base = { queues, at: clock.now(), actions: actionsFor(request) };
  if (named === undefined) return { ...base, open: null };
  const figures = queues.find(({ queue }) => queue === named);
  if (!figures) throw new AppError('not_found');
  const state: JobState = asked.data.state ?? (figures.dead > 0 ? 'dead' : 'waiting');
  const { before, error } = asked.data;
  const [jobs, groups] = await Promise.all([
    listJobs(database, { queue: named, state, before, error }),
    state === 'dead' ? deadGroups(database, named) : [],
  ]);
  return { ...base, open: { figures, state, error: error ?? null, groups, ...jobs } };
}

/** The buttons with why they do nothing, for those who may only look. */
function actionsFor({ staff, now }: PageRequest): Readonly<Record<string, unknown>> {
  const describe = (action: CommandAction) => {
    const decision = decide({ actor: staff, permission: action.permission, now });
    return describeAction(action, decision.isAllowed ? null : translate('en', decision.sentence));
  };
  return Object.fromEntries(Object.entries(queueActions).map(([name, action]) => [name, describe(action)]));
}
