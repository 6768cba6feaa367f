import type React from 'react';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { Trace, Tries } from './customer-types.component.tsx';
import { AttemptGroup, alike } from './sign-in-attempts.component.tsx';

type Obstacle = Trace['obstacles'][number];

/** "Why can't I sign in?" answered for whoever has the caller on the phone: what is in the way, then the last attempts rule by rule. */
export function SignInTrace(props: { trace: Trace; firstName: string | null; now: string; most: number }): React.ReactElement {
  const { trace, firstName, now, most } = props;
  const groups = alike(trace.attempts);
  return (
    <section className="fs-card">
      <h2>{firstName ? t("Why can't {name} sign in?", { name: firstName }) : t("Why can't this person sign in?")}</h2>
      <InTheWay obstacles={obstaclesOf(trace, now)} />
      {trace.tries && trace.tries.failed > 0 ? <RecentTries tries={trace.tries} /> : null}
      {trace.pattern ? <p className={`fs-advice fs-advice-${trace.pattern.kind}`}>{trace.pattern.advice}</p> : null}
      {trace.hints.length > 0 ? (
        <ul className="fs-plain-list">
          {trace.hints.map((hint) => (
            <li key={hint}>{hint}</li>
          ))}
        </ul>
      ) : null}
      {groups.length === 0 ? (
        <p className="fs-muted">{t('Nobody has tried to sign in to this account.')}</p>
      ) : (
        <>
          <h3>{t('Latest attempts')}</h3>
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

function InTheWay({ obstacles }: { obstacles: readonly Obstacle[] }): React.ReactElement {
  if (obstacles.length === 0) return <p>{t('Nothing stands in the way now: with the right password or code they get in.')}</p>;
  return (
    <ul className="fs-plain-list">
      {obstacles.map((obstacle) => (
        <li key={obstacle.text}>
          {obstacle.text}{' '}
          {obstacle.until ? (
            <strong>
              {t('It ends')} <Time value={obstacle.until} />
            </strong>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

const counted = 1_000;

/** "5 wrong tries from 2 networks within a day, the first 13:58, the last 14:05." */
function RecentTries({ tries }: { tries: Tries }): React.ReactElement {
  const failed = tries.failed >= counted ? t('1,000 or more wrong tries') : t('{count} wrong tries', { count: tries.failed });
  const networks = tries.networks === 1 ? t('from 1 network') : t('from {count} networks', { count: tries.networks });
  return (
    <p>
      <strong>
        {tries.failed === 1 ? t('1 wrong try') : failed} {networks}
      </strong>{' '}
      {t('within a day')}
      {tries.firstAt && tries.lastAt ? (
        <>
          , {t('the first')} <Time value={tries.firstAt} />, {t('the last')} <Time value={tries.lastAt} />
        </>
      ) : null}
      .
    </p>
  );
}

/** What the account says, and waits of the latest attempt that are not over. */
function obstaclesOf(trace: Trace, now: string): readonly Obstacle[] {
  const waits = (trace.attempts[0]?.steps ?? []).filter((step) => !step.isPassed && step.until !== null && step.until > now);
  const known = new Set(trace.obstacles.map((obstacle) => obstacle.until));
  return [...trace.obstacles, ...waits.filter((wait) => !known.has(wait.until)).map(({ text, until }) => ({ text, until }))];
}
