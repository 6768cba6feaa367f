import type React from 'react';
import { CommandButton } from '../../admin/components/command-button.component.tsx';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { formFor, type Job, type JobState, type OpenForm, type OpenQueue, type QueuesView, queueHref } from './queue-types.component.tsx';
import { ageText, durationText, numberText, rateText } from './queue-words.component.tsx';

type Shared = { open: OpenQueue; actions: QueuesView['actions']; onOpen: (form: OpenForm) => void };

const stateNames = (): readonly (readonly [JobState, string])[] => [
  ['dead', t('Dead letters')],
  ['waiting', t('Waiting')],
  ['active', t('Running')],
  ['failed', t('Failed')],
  ['done', t('Done')],
];

/** The jobs of one queue in one state, with what may be done about them. */
export function QueueJobs(props: Shared): React.ReactElement {
  const { figures, state, items, next, error } = props.open;
  return (
    <>
      <p>
        <Link href="/admin/pages/queues">{t('All queues')}</Link>
      </p>
      <dl className="fs-ops-figures">
        <Figure name={t('Rate')} value={rateText(figures.perMinute)} />
        <Figure name={t('95 % done within')} value={durationText(figures.p95Ms)} />
        <Figure name={t('Oldest waiting')} value={ageText(figures.oldestSeconds)} />
        <Figure name={t('Schedule')} value={figures.schedule ? t('{cron} (UTC)', { cron: figures.schedule }) : t('None')} />
      </dl>
      <nav aria-label={t('Which jobs')} className="fs-ops-states">
        {stateNames().map(([value, label]) => (
          <Link
            key={value}
            className="fs-button"
            href={queueHref(figures.queue, { state: value })}
            {...(value === state ? { 'aria-current': 'page' } : {})}
          >
            {label} <span className="fs-tabular fs-muted">{numberText(countOf(props.open, value))}</span>
          </Link>
        ))}
      </nav>
      {state === 'dead' ? <DeadGroups {...props} /> : null}
      {items.length === 0 ? (
        <Nothing state={state} isFiltered={error !== null} queue={figures.queue} />
      ) : (
        <ul className="fs-ops-jobs">
          {items.map((job) => (
            <JobLine key={job.id} {...props} job={job} />
          ))}
        </ul>
      )}
      {next ? (
        <Link className="fs-button" href={queueHref(figures.queue, { state, before: next, ...(error === null ? {} : { error }) })}>
          {t('Older')}
        </Link>
      ) : null}
    </>
  );
}

function countOf({ figures }: OpenQueue, state: JobState): number {
  return state === 'waiting' ? figures.waiting + figures.retrying : figures[state];
}

function Figure({ name, value }: { name: string; value: string }): React.ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Dead letters of one cause are one decision. */
function DeadGroups({ open, actions, onOpen }: Shared): React.ReactElement | null {
  const { groups, figures } = open;
  if (groups.length === 0) return null;
  return (
    <section className="fs-card fs-ops-groups" aria-label={t('By cause')}>
      <h2>{t('By cause')}</h2>
      <ul className="fs-plain-list">
        {groups.map(({ error, count }) => (
          <li key={error ?? ''}>
            <span className="fs-wrap">
              <strong className="fs-tabular">{numberText(count)}</strong> {error ?? t('No error was noted')}
            </span>
            <span className="fs-ops-buttons">
              {error === null ? null : <Link href={queueHref(figures.queue, { state: 'dead', error })}>{t('Show these')}</Link>}
              <CommandButton
                isQuiet
                action={actions.retryAll}
                about={error ?? figures.queue}
                onPress={() => onOpen(formFor(actions.retryAll, { queue: figures.queue, ...(error === null ? {} : { error }) }))}
              />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function JobLine({ job, open, actions, onOpen }: Shared & { job: Job }): React.ReactElement {
  const input = { queue: open.figures.queue, jobId: job.id };
  return (
    <li className="fs-card">
      <div className="fs-ops-line">
        <StatePillOf job={job} />
        <code>{job.id}</code>
        <span className="fs-muted fs-small">{job.attempts === 1 ? t('1 attempt') : t('{count} attempts', { count: job.attempts })}</span>
        <span className="fs-muted fs-small">
          {t('made')} <Time value={job.createdAt} />
        </span>
        {job.dueAt ? (
          <span className="fs-muted fs-small">
            {t('runs')} <Time value={job.dueAt} />
          </span>
        ) : null}
        {job.endedAt ? (
          <span className="fs-muted fs-small">
            {t('ended')} <Time value={job.endedAt} />
          </span>
        ) : null}
        <span className="fs-ops-buttons">
          {job.state === 'dead' ? (
            <CommandButton isQuiet action={actions.retry} about={job.id} onPress={() => onOpen(formFor(actions.retry, input))} />
          ) : null}
          {job.state === 'dead' || job.state === 'waiting' ? (
            <CommandButton isQuiet action={actions.cancel} about={job.id} onPress={() => onOpen(formFor(actions.cancel, input))} />
          ) : null}
        </span>
      </div>
      {job.error ? (
        <p className="fs-wrap">
          <strong>{job.error.type ?? t('Error')}</strong>: {job.error.message}
        </p>
      ) : null}
      <dl className="fs-ops-values">
        {job.values.map(({ path, value }) => (
          <div key={path}>
            <dt>{path}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function StatePillOf({ job }: { job: Job }): React.ReactElement {
  switch (job.state) {
    case 'dead':
      return <StatusPill tone="danger">{t('Dead letter')}</StatusPill>;
    case 'failed':
      return <StatusPill tone="danger">{t('Failed')}</StatusPill>;
    case 'active':
      return <StatusPill tone="info">{t('Running')}</StatusPill>;
    case 'done':
      return <StatusPill tone="ok">{t('Done')}</StatusPill>;
    case 'waiting':
      return job.attempts > 0 ? (
        <StatusPill tone="warn">{t('Trying again')}</StatusPill>
      ) : (
        <StatusPill tone="neutral">{t('Waiting')}</StatusPill>
      );
    default:
      return job.state satisfies never;
  }
}

function Nothing({ state, isFiltered, queue }: { state: JobState; isFiltered: boolean; queue: string }): React.ReactElement {
  if (isFiltered)
    return (
      <EmptyState icon="filter" title={t('None with this error')}>
        {t('They were put back or dropped.')} <Link href={queueHref(queue, { state })}>{t('Clear the filter')}</Link>
      </EmptyState>
    );
  return (
    <EmptyState icon={state === 'dead' ? 'ok' : 'inbox'} title={state === 'dead' ? t('No dead letters') : t('No jobs here')}>
      {state === 'dead'
        ? t('No job of this queue failed for good.')
        : t('Done and failed jobs are kept for 24 hours, those of schedules for one.')}
    </EmptyState>
  );
}
