import type React from 'react';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { Attempt, Trace } from './customer-types.component.tsx';

const outcomes = {
  success: { label: t('Signed in'), tone: 'ok' },
  failed: { label: t('Failed'), tone: 'warn' },
  blocked: { label: t('Blocked'), tone: 'danger' },
  challenged: { label: t('Second factor'), tone: 'info' },
} as const;

type TracedAttempt = Trace['attempts'][number];
type Step = TracedAttempt['steps'][number];
export type Group = readonly [TracedAttempt, ...TracedAttempt[]];

/** Attempts in a row that ended alike are one line with a count: ten wrong passwords are one fact. */
export function alike(attempts: readonly TracedAttempt[]): readonly Group[] {
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

/** Time, place, device and what came of it; the rules it met one by one behind a click. */
export function AttemptGroup({ group }: { group: Group }): React.ReactElement {
  const [latest] = group;
  const oldest = group.at(-1) ?? latest;
  const { label, tone } = outcomes[latest.outcome];
  return (
    <li>
      <p>
        <StatusPill tone={tone}>{label}</StatusPill>{' '}
        {group.length > 1 ? <strong>{t('{count} times,', { count: group.length })} </strong> : null}
        <Time value={latest.at} />
        {group.length > 1 ? (
          <span className="fs-muted">
            {' '}
            ({t('first')} <Time value={oldest.at} />)
          </span>
        ) : null}
        <span className="fs-muted"> {whereText(latest)}</span>
      </p>
      <p>{latest.headline}</p>
      {latest.steps.length > 0 ? (
        <details>
          <summary>{group.length > 1 ? t('Rules of the latest one') : t('Rules of the attempt')}</summary>
          <ul className="fs-plain-list">
            {latest.steps.map((step) => (
              <li key={step.text}>
                {stepText(step)}{' '}
                {step.until ? (
                  <>
                    {t('Until')} <Time value={step.until} />.
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

function stepText({ points, isPassed, text }: Step): string {
  if (points !== null) return t('Risk +{points}: {text}', { points, text });
  return isPassed ? t('Passed: {text}', { text }) : t('Refused: {text}', { text });
}

function whereText(attempt: Attempt): string {
  const { place, device, riskScore } = attempt;
  const method = attempt.method.replaceAll('_', ' ');
  const where =
    place === 'unknown'
      ? t('from an unknown place by {method}, {device}', { method, device })
      : t('from {place} by {method}, {device}', { place, method, device });
  const marks = [
    attempt.isNewCountry ? t('new country') : null,
    attempt.isNewDevice ? t('new device') : null,
    riskScore > 0 ? t('risk {score}', { score: riskScore }) : null,
  ].filter((mark) => mark !== null);
  return marks.length > 0 ? `${where} (${marks.join(', ')})` : where;
}
