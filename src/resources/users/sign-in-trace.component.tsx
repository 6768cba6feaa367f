import type React from 'react';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { Attempt, Trace } from './customer-types.component.tsx';

const outcomes = {
  success: { label: 'Signed in', tone: 'ok' },
  failed: { label: 'Failed', tone: 'warn' },
  blocked: { label: 'Blocked', tone: 'danger' },
  challenged: { label: 'Second factor', tone: 'info' },
} as const;

/** "Why can't I sign in?" answered for whoever has the caller on the phone: what is in the way, then the last attempts rule by rule. */
export function SignInTrace({ trace, firstName }: { trace: Trace; firstName: string | null }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>Why can't {firstName ?? 'this person'} sign in?</h2>
      {trace.obstacles.length === 0 ? (
        <p>Nothing stands in the way now: with the right password or code they get in.</p>
      ) : (
        <ul className="fs-plain-list">
          {trace.obstacles.map((obstacle) => (
            <li key={obstacle.text}>
              {obstacle.text}{' '}
              {obstacle.until ? (
                <strong>
                  It ends <Time value={obstacle.until} />.
                </strong>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      <AttemptList trace={trace} />
    </section>
  );
}

function AttemptList({ trace }: { trace: Trace }): React.ReactElement {
  if (trace.attempts.length === 0) return <p className="fs-muted">Nobody has tried to sign in to this account.</p>;
  return (
    <>
      <h3>Last {trace.attempts.length === 1 ? 'attempt' : `${trace.attempts.length} attempts`}</h3>
      <ol className="fs-attempts">
        {trace.attempts.map((attempt) => (
          <li key={attempt.id}>
            <p>
              <OutcomePill attempt={attempt} /> <Time value={attempt.at} />
              <span className="fs-muted">
                {' '}
                {placeText(attempt)} by {attempt.method.replaceAll('_', ' ')}
              </span>
            </p>
            <p>{attempt.headline}</p>
            {attempt.steps.length > 0 ? (
              <details>
                <summary>
                  {attempt.steps.length} {attempt.steps.length === 1 ? 'rule' : 'rules'}
                </summary>
                <ul className="fs-plain-list">
                  {attempt.steps.map((step) => (
                    <li key={step.text}>
                      {step.isPassed ? 'Passed' : 'Refused'}: {step.text}{' '}
                      {step.until ? (
                        <>
                          Until <Time value={step.until} />.
                        </>
                      ) : null}
                    </li>
                  ))}
                </ul>
              </details>
            ) : null}
          </li>
        ))}
      </ol>
    </>
  );
}

function OutcomePill({ attempt }: { attempt: Attempt }): React.ReactElement {
  const { label, tone } = outcomes[attempt.outcome];
  return <StatusPill tone={tone}>{label}</StatusPill>;
}

function placeText(attempt: Attempt): string {
  const marks = [attempt.isNewCountry ? 'new country' : null, attempt.isNewDevice ? 'new device' : null].filter((mark) => mark !== null);
  const place = attempt.place === 'unknown' ? 'from an unknown place' : `from ${attempt.place}`;
  return `${place}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`;
}
