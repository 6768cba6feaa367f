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

type TracedAttempt = Trace['attempts'][number];
type Obstacle = Trace['obstacles'][number];

/** "Why can't I sign in?" answered for whoever has the caller on the phone: what is in the way, then the last attempts rule by rule. */
export function SignInTrace(props: { trace: Trace; firstName: string | null; now: string; most: number }): React.ReactElement {
  const { trace, firstName, now, most } = props;
  const obstacles = obstaclesOf(trace, now);
  const groups = alike(trace.attempts);
  return (
    <section className="fs-card">
      <h2>Why can't {firstName ?? 'this person'} sign in?</h2>
      {obstacles.length === 0 ? (
        <p>Nothing stands in the way now: with the right password or code they get in.</p>
      ) : (
        <ul className="fs-plain-list">
          {obstacles.map((obstacle) => (
            <li key={obstacle.text}>
              {obstacle.text}{' '}
              {obstacle.until ? (
                <strong>
                  It ends <Time value={obstacle.until} />
                </strong>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {groups.length === 0 ? (
        <p className="fs-muted">Nobody has tried to sign in to this account.</p>
      ) : (
        <>
          <h3>Latest attempts</h3>
          <ol className="fs-attempts">
            {groups.slice(0, most).map((group) => (
              <AttemptGroup key={group[0].id} group={group} />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

/** What the account says, and waits of the latest attempt that are not over. */
function obstaclesOf(trace: Trace, now: string): readonly Obstacle[] {
  const waits = (trace.attempts[0]?.steps ?? []).filter((step) => !step.isPassed && step.until !== null && step.until > now);
  const known = new Set(trace.obstacles.map((obstacle) => obstacle.until));
  return [...trace.obstacles, ...waits.filter((wait) => !known.has(wait.until)).map(({ text, until }) => ({ text, until }))];
}

type Group = readonly [TracedAttempt, ...TracedAttempt[]];

/** Attempts in a row that ended alike are one line with a count: ten wrong passwords are one fact. */
function alike(attempts: readonly TracedAttempt[]): readonly Group[] {
  const groups: [TracedAttempt, ...TracedAttempt[]][] = [];
  for (const attempt of attempts) {
    const last = groups.at(-1);
    if (last && sameness(last[0]) === sameness(attempt)) last.push(attempt);
    else groups.push([attempt]);
  }
  return groups;
}

function sameness(attempt: TracedAttempt): string {
  return [attempt.outcome, attempt.headline, attempt.place, attempt.device, attempt.method].join(' ');
}

function AttemptGroup({ group }: { group: Group }): React.ReactElement {
  const [latest] = group;
  const oldest = group.at(-1) ?? latest;
  const { label, tone } = outcomes[latest.outcome];
  return (
    <li>
      <p>
        <StatusPill tone={tone}>{label}</StatusPill> {group.length > 1 ? <strong>{group.length} times, </strong> : null}
        <Time value={latest.at} />
        {group.length > 1 ? (
          <span className="fs-muted">
            {' '}
            (first <Time value={oldest.at} />)
          </span>
        ) : null}
        <span className="fs-muted">
          {' '}
          {placeText(latest)} by {latest.method.replaceAll('_', ' ')}, {latest.device}
          {latest.riskScore > 0 ? `, risk ${latest.riskScore}` : ''}
        </span>
      </p>
      <p>{latest.headline}</p>
      {latest.steps.length > 0 ? (
        <details>
          <summary>Rules of the {group.length > 1 ? 'latest one' : 'attempt'}</summary>
          <ul className="fs-plain-list">
            {latest.steps.map((step) => (
              <li key={step.text}>
                {step.points !== null ? `Risk +${step.points}` : step.isPassed ? 'Passed' : 'Refused'}: {step.text}{' '}
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
  );
}

function placeText(attempt: Attempt): string {
  const marks = [attempt.isNewCountry ? 'new country' : null, attempt.isNewDevice ? 'new device' : null].filter((mark) => mark !== null);
  const place = attempt.place === 'unknown' ? 'from an unknown place' : `from ${attempt.place}`;
  return `${place}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`;
}
