import type React from 'react';
import type { RecordPageProps } from '../../admin/components/admin-types.component.tsx';
import { RecordFacts } from '../../admin/components/record-screen.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';

type Step = { text: string; isPassed: boolean; until: string | null; points: number | null };
type Extra = { steps: readonly Step[]; at: string };

/** One attempt: its facts, then the rules it met in words, and the way to the action that proves it. */
export default function LoginEvent({ resource, answer }: RecordPageProps): React.ReactElement {
  // The shape is login-event.resource.ts's own `extra`.
  const extra = answer.extra as Extra;
  return (
    <>
      <RecordFacts fields={resource.fields} answer={answer} />
      <section className="fs-card">
        <h2>{t('Rules met')}</h2>
        {extra.steps.length === 0 ? <p className="fs-muted">{t('None was asked.')}</p> : null}
        <ul className="fs-plain-list">
          {extra.steps.map((step) => (
            <li key={step.text}>
              <StepMark step={step} /> {step.text}
              {step.until ? (
                <>
                  {' '}
                  {t('Until')} <Time value={step.until} />.
                </>
              ) : null}
            </li>
          ))}
        </ul>
        <p>
          <Link href={`/admin/pages/audit?about=${answer.record.id}&from=${dayBefore(extra.at)}`}>{t('Audit rows of this attempt')}</Link>
        </p>
      </section>
    </>
  );
}

function StepMark({ step }: { step: Step }): React.ReactElement {
  if (step.points !== null) return <StatusPill tone="info">{t('Risk +{points}', { points: step.points })}</StatusPill>;
  return step.isPassed ? <StatusPill tone="ok">{t('Passed')}</StatusPill> : <StatusPill tone="warn">{t('Refused')}</StatusPill>;
}

/** The explorer shows the last 30 days unless told otherwise. */
function dayBefore(at: string): string {
  return new Date(new Date(at).getTime() - 86_400_000).toISOString().slice(0, 10);
}
