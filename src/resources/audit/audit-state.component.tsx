import type React from 'react';
import { useEffect, useState } from 'react';
import { newKey, Problem, postJson } from '../../admin/components/admin-api.component.tsx';
import { ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { exactTime } from '../../admin/components/time.component.tsx';
import { useRemote } from '../../admin/components/use-remote.component.tsx';
import type { AuditStateAnswer, VerificationJson } from './audit-state.page.ts';

const numbers = new Intl.NumberFormat('en');
const pollMs = 1_000;

/** Whether the history can be relied on: sealed to, anchored at, verified on, what is wrong, what is on hold. */
export default function AuditState(): React.ReactElement {
  const remote = useRemote<AuditStateAnswer>('/pages/audit-state');
  const isRunning = remote.data?.run?.status === 'waiting' || remote.data?.run?.status === 'running';
  const { reload } = remote;
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(reload, pollMs);
    return () => clearInterval(timer);
  }, [isRunning, reload]);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={reload} />;
  if (!remote.data) return <div className="fs-skeleton" />;
  const { data } = remote;
  return (
    <>
      <header className="fs-screen-head">
        <h1>{t('Audit state')}</h1>
        {data.problems.length === 0 ? (
          <StatusPill tone="ok">{t('Nothing is wrong')}</StatusPill>
        ) : (
          <StatusPill tone="danger">{t('Needs attention')}</StatusPill>
        )}
      </header>
      {data.problems.length > 0 ? (
        <section className="fs-card" aria-label={t('Problems')}>
          <h2>{t('Problems')}</h2>
          <ul>
            {data.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </section>
      ) : null}
      <Proof data={data} />
      <Verify data={data} isRunning={isRunning} onAsked={reload} />
      <Holds data={data} />
    </>
  );
}

function Proof({ data }: { data: AuditStateAnswer }): React.ReactElement {
  const { seal, anchors, verified } = data;
  return (
    <section className="fs-card">
      <h2>{t('Proof')}</h2>
      <dl className="fs-facts">
        <Fact label={t('Sealed to')}>
          {seal.at ? <Moment at={seal.at} text={`row ${numbers.format(seal.rows)}`} /> : t('Nothing is sealed yet')}
        </Fact>
        <Fact label={t('Waiting for the seal')}>
          {seal.waiting === 0
            ? t('No row')
            : t('{waiting} rows, the oldest for {lagSeconds} s', { waiting: numbers.format(seal.waiting), lagSeconds: seal.lagSeconds })}
        </Fact>
        {anchors.map(({ target, rows, at }) => (
          <Fact key={target} label={t('Anchored at ({target})', { target })}>
            {at && rows !== null ? <Moment at={at} text={`row ${numbers.format(rows)}`} /> : t('Never')}
          </Fact>
        ))}
        <Fact label={t('Last verified')}>
          {verified ? (
            <>
              <Moment at={verified.at} text={`rows ${numbers.format(verified.from)} to ${numbers.format(verified.to)}`} />{' '}
              <StatusPill tone={verified.isValid ? 'ok' : 'danger'}>
                {verified.isValid ? t('Sound') : t('{faults} faults', { faults: verified.faults })}
              </StatusPill>
            </>
          ) : (
            t('Never')
          )}
        </Fact>
        <Fact label={t('Epoch')}>{seal.epoch}</Fact>
      </dl>
    </section>
  );
}

function Verify({ data, isRunning, onAsked }: { data: AuditStateAnswer; isRunning: boolean; onAsked: () => void }): React.ReactElement {
  const [problem, setProblem] = useState<Problem | null>(null);
  const ask = async () => {
    setProblem(null);
    try {
      await postJson('/pages/audit-state', { action: data.verifyNow.name, input: {}, idempotencyKey: newKey() });
      onAsked();
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, {}));
    }
  };
  return (
    <section className="fs-card">
      <h2>{t('Verification')}</h2>
      <p className="fs-muted">
        {t('{effect}. It runs by itself every night; asking for it is recorded.', { effect: data.verifyNow.effect })}
      </p>
      <button
        type="button"
        className="fs-button fs-button-primary"
        aria-disabled={isRunning}
        onClick={() => (isRunning ? undefined : void ask())}
      >
        {data.verifyNow.label}
      </button>
      {problem ? <p role="alert">{problem.message}</p> : null}
      {data.run ? <Run run={data.run} /> : null}
    </section>
  );
}

const statusWords: Readonly<Record<VerificationJson['status'], string>> = {
  waiting: t('Waiting for a worker'),
  running: t('Under way'),
  stalled: t('Nothing was heard of it for two minutes. Ask again.'),
  valid: t('Finished: everything is sound'),
  faults: t('Finished: faults were found'),
  failed: t('Could not be finished. Ask again.'),
};

function Run({ run }: { run: VerificationJson }): React.ReactElement {
  const isOpen = run.status === 'waiting' || run.status === 'running';
  return (
    <div className="fs-run">
      <p role="status">
        {statusWords[run.status]}
        {run.completedAt ? `, ${exactTime(new Date(run.completedAt))}` : ''}
        {run.seconds === null ? '' : ` (${run.seconds.toFixed(1)} s)`}
      </p>
      {isOpen ? (
        <p>
          <progress max={100} value={run.percent} aria-label={t('Progress of the verification')} />{' '}
          <span className="fs-tabular">
            {t('{percent} %, {done} of {total} rows', {
              percent: run.percent,
              done: numbers.format(run.done),
              total: numbers.format(run.total),
            })}
          </span>
        </p>
      ) : null}
      {run.faults.length > 0 ? (
        <>
          <p>
            {run.faultCount === 1
              ? t('1 fault:')
              : t('{count} faults, the first {shown}:', { count: numbers.format(run.faultCount), shown: run.faults.length })}
          </p>
          <ul>
            {run.faults.map((fault) => (
              <li key={`${fault.kind} ${fault.row ?? ''} ${fault.detail}`}>
                <strong>{fault.kind.replaceAll('_', ' ')}</strong>: {fault.detail}
                {fault.row ? (
                  <>
                    {' '}
                    <code className="fs-wrap">{fault.row}</code>
                  </>
                ) : null}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {run.warnings.map((warning) => (
        <p key={warning} className="fs-muted">
          {warning}
        </p>
      ))}
    </div>
  );
}

function Holds({ data }: { data: AuditStateAnswer }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>{t('Legal holds')}</h2>
      <p className="fs-muted">
        {data.openHolds === 0
          ? t('Nothing is on hold: retention and erasure take their course.')
          : t('{openHolds} in force: what they cover is neither erased nor dropped.', { openHolds: numbers.format(data.openHolds) })}
      </p>
      <p>
        <Link href="/admin/pages/legal-holds">{t('Place or release holds')}</Link>
      </p>
    </section>
  );
}

function Moment({ at, text }: { at: string; text: string }): React.ReactElement {
  return (
    <>
      <time dateTime={at}>{exactTime(new Date(at))}</time>, {text}
    </>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }): React.ReactElement {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
