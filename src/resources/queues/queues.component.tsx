import type React from 'react';
import { useState } from 'react';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { Link, useAddress } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { exactTime } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';
import { QueueJobs } from './queue-jobs.component.tsx';
import { type Figures, type OpenForm, type QueuesView, queueHref, queuesPath } from './queue-types.component.tsx';
import { ageText, durationText, numberText, rateText } from './queue-words.component.tsx';

/** Background jobs: every queue with its figures, and the jobs of one. */
export default function Queues(): React.ReactElement {
  const { search } = useAddress();
  const remote = useRemote<QueuesView>(`${queuesPath}${search}`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  const [form, setForm] = useState<OpenForm | null>(null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  const { queues, open, actions, at } = remote.data;
  return (
    <>
      <header className="fs-screen-head">
        <h1>{open ? open.figures.queue : t('Queues')}</h1>
        <div className="fs-screen-actions">
          <span className="fs-muted fs-small">{t('As of {time}', { time: exactTime(new Date(at)) })}</span>
          <button type="button" className="fs-button" aria-disabled={remote.isLoading} onClick={remote.reload}>
            <Icon name="refresh" /> {t('Refresh')}
          </button>
        </div>
      </header>
      {open ? <QueueJobs open={open} actions={actions} onOpen={setForm} /> : <QueueTable queues={queues} />}
      {form ? (
        <ReasonForm
          action={form.action}
          target={form.target}
          onClose={() => setForm(null)}
          onDone={() => {
            setForm(null);
            remote.reload();
            // The worker moves the jobs a moment later.
            setTimeout(remote.reload, 2_000);
          }}
        />
      ) : null}
    </>
  );
}

/** Queues that did or have something to do; the others are a click away. */
function isBusy({ waiting, retrying, active, failed, dead, perMinute }: Figures): boolean {
  return waiting + retrying + active + failed + dead + perMinute > 0;
}

function QueueTable({ queues }: { queues: readonly Figures[] }): React.ReactElement {
  const [isAll, setIsAll] = useState(false);
  if (queues.length === 0)
    return (
      <EmptyState icon="list" title={t('No queues')}>
        {t('Queues are made when the product is installed or upgraded. None were made in this database.')}
      </EmptyState>
    );
  return (
    <>
      <Summary queues={queues} />
      <p>
        <button type="button" className="fs-button fs-button-small" aria-pressed={isAll} onClick={() => setIsAll((before) => !before)}>
          {isAll ? t('Show busy queues only') : t('Show all {count} queues', { count: queues.length })}
        </button>
      </p>
      <table className="fs-ops-table">
        <thead>
          <tr>
            <th scope="col">{t('Queue')}</th>
            <th scope="col">{t('State')}</th>
            <th scope="col">{t('Waiting')}</th>
            <th scope="col">{t('Running')}</th>
            <th scope="col">{t('Failed, 24 h')}</th>
            <th scope="col">{t('Dead letters')}</th>
            <th scope="col">{t('Oldest waiting')}</th>
            <th scope="col">{t('Rate')}</th>
            <th scope="col">{t('95 % done within')}</th>
          </tr>
        </thead>
        <tbody>
          {queues
            .filter((figures) => isAll || isBusy(figures))
            .map((figures) => (
              <tr key={figures.queue}>
                <th scope="row">
                  <Link href={queueHref(figures.queue)}>{figures.queue}</Link>
                </th>
                <td data-label={t('State')}>
                  <StateOf figures={figures} />
                </td>
                <td data-label={t('Waiting')} className="fs-tabular">
                  {numberText(figures.waiting + figures.retrying)}
                </td>
                <td data-label={t('Running')} className="fs-tabular">
                  {numberText(figures.active)}
                </td>
                <td data-label={t('Failed, 24 h')} className="fs-tabular">
                  {numberText(figures.failed)}
                </td>
                <td data-label={t('Dead letters')} className="fs-tabular">
                  {figures.dead > 0 ? (
                    <Link href={queueHref(figures.queue, { state: 'dead' })}>{numberText(figures.dead)}</Link>
                  ) : (
                    numberText(0)
                  )}
                </td>
                <td data-label={t('Oldest waiting')}>{ageText(figures.oldestSeconds)}</td>
                <td data-label={t('Rate')}>{rateText(figures.perMinute)}</td>
                <td data-label={t('95 % done within')}>{durationText(figures.p95Ms)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}

/** A queue is late when something that could run has waited for five minutes. */
const lateSeconds = 300;

function StateOf({ figures }: { figures: Figures }): React.ReactElement {
  if (figures.dead > 0) return <StatusPill tone="danger">{t('Needs a person')}</StatusPill>;
  if ((figures.oldestSeconds ?? 0) > lateSeconds) return <StatusPill tone="warn">{t('Late')}</StatusPill>;
  if (figures.retrying > 0) return <StatusPill tone="warn">{t('Trying again')}</StatusPill>;
  return <StatusPill tone="ok">{t('In order')}</StatusPill>;
}

function Summary({ queues }: { queues: readonly Figures[] }): React.ReactElement {
  const sum = (pick: (figures: Figures) => number) => queues.reduce((total, figures) => total + pick(figures), 0);
  const dead = sum(({ dead: count }) => count);
  return (
    <p className="fs-muted" role="status">
      {dead === 0
        ? t('Nothing waits for a person. {waiting} waiting, {active} running, {done} done in 24 hours.', {
            waiting: numberText(sum(({ waiting, retrying }) => waiting + retrying)),
            active: numberText(sum(({ active }) => active)),
            done: numberText(sum(({ done }) => done)),
          })
        : t('Jobs that failed for good and wait for a person: {dead}. Open the queue to see why.', { dead: numberText(dead) })}
    </p>
  );
}
