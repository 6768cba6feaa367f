import type React from 'react';
import { DiffView } from '../../admin/components/diff-view.component.tsx';
import { StatePill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { CaseJson, Round } from './review-types.ts';

/** First of all what is new since somebody looked last, then what was asked for in the earlier rounds. */
export function SinceLastRound({ shown }: { shown: CaseJson }): React.ReactElement | null {
  const { changes, rounds } = shown;
  const [last] = rounds;
  if (changes === null && !last) return null;
  return (
    <section className="fs-review-section" aria-labelledby="fs-review-since">
      <h3 id="fs-review-since">{t('What changed since the last round')}</h3>
      {changes === null ? (
        <p className="fs-muted">{t('What was seen in the last round was not kept: everything below may be new.')}</p>
      ) : changes.length === 0 ? (
        <p className="fs-muted">{t('Nothing. It was sent in again as it was.')}</p>
      ) : (
        <div className="fs-review-changes">
          <DiffView entries={changes} />
        </div>
      )}
      {last ? <AskedFor round={last} /> : null}
      {rounds.length > 1 ? (
        <details>
          <summary>
            {rounds.length === 2 ? t('One round before that') : t('{count} rounds before that', { count: rounds.length - 1 })}
          </summary>
          {rounds.slice(1).map((round) => (
            <AskedFor key={round.id} round={round} />
          ))}
        </details>
      ) : null}
    </section>
  );
}

function AskedFor({ round }: { round: Round }): React.ReactElement {
  return (
    <div className="fs-review-round">
      <p className="fs-small">
        {t('Round {number}', { number: round.round })} <StatePill value={round.decision} states={null} />{' '}
        <span className="fs-muted">{round.at ? <Time value={round.at} /> : null}</span>
      </p>
      {round.text ? <blockquote className="fs-quote fs-wrap">{round.text}</blockquote> : null}
      {round.notes.length > 0 ? (
        <dl className="fs-review-notes">
          {round.notes.map(({ label, note }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="fs-wrap">{note}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </div>
  );
}
