import type React from 'react';
import { useState } from 'react';
import type { Action } from '../../admin/components/admin-types.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { actionOf, type Session, type TabProps, targetOf } from './customer-types.component.tsx';

/** Where the person is signed in; each can be ended by itself. */
export function Sessions({ answer, reload, sessions }: TabProps & { sessions: readonly Session[] }): React.ReactElement {
  const end = actionOf(answer, 'revokeSession');
  const [ending, setEnding] = useState<Session | null>(null);
  return (
    <section className="fs-card">
      <h2>{t('Sessions')}</h2>
      {sessions.length === 0 ? (
        <p className="fs-muted">{t('Not signed in anywhere.')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard.
        <section className="fs-scroll" tabIndex={0} aria-label={t('Sessions')}>
          <table className="fs-table-plain">
            <thead>
              <tr>
                <th scope="col">{t('Device')}</th>
                <th scope="col">{t('Place')}</th>
                <th scope="col">{t('Last used')}</th>
                <th scope="col">{t('Signed in')}</th>
                <th scope="col">{t('State')}</th>
              </tr>
            </thead>
            <tbody>
              {sessions.map((session) => (
                <SessionRow key={session.id} session={session} end={end} onEnd={() => setEnding(session)} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {ending && end ? (
        <ReasonForm
          action={{ ...end, form: [] }}
          target={targetOf(answer, end, { fixedInput: { sessionId: ending.id } })}
          onClose={() => setEnding(null)}
          onDone={() => {
            setEnding(null);
            reload();
          }}
        />
      ) : null}
    </section>
  );
}

function SessionRow({ session, end, onEnd }: { session: Session; end: Action | null; onEnd: () => void }): React.ReactElement {
  return (
    <tr>
      <th scope="row">
        {session.device} {session.acr === 'aal2' ? <span className="fs-muted fs-small">{t('two factors')}</span> : null}
      </th>
      <td>
        {session.place === 'unknown' ? t('Unknown') : session.place}{' '}
        {session.network ? <span className="fs-muted fs-small">{session.network}</span> : null}
      </td>
      <td>
        <Time value={session.lastUsedAt} />
      </td>
      <td>
        <Time value={session.createdAt} />
      </td>
      <td>{session.isLive ? <LiveCell end={end} session={session} onEnd={onEnd} /> : <EndedCell session={session} />}</td>
    </tr>
  );
}

function LiveCell({ end, session, onEnd }: { end: Action | null; session: Session; onEnd: () => void }): React.ReactElement {
  if (!end) return <StatusPill tone="ok">{t('Live')}</StatusPill>;
  return (
    <>
      <StatusPill tone="ok">{t('Live')}</StatusPill>{' '}
      <button
        type="button"
        className="fs-button fs-button-small"
        aria-disabled={end.refusal !== null}
        aria-label={t('End session on {device}', { device: session.device })}
        {...(end.refusal ? { title: end.refusal } : {})}
        onClick={() => (end.refusal === null ? onEnd() : undefined)}
      >
        {t('End')}
      </button>
    </>
  );
}

function EndedCell({ session }: { session: Session }): React.ReactElement {
  if (!session.revokedAt) return <span className="fs-muted">{t('Run out')}</span>;
  return (
    <span className="fs-muted">
      {t('Ended')} <Time value={session.revokedAt} />
      {session.revokedReason ? `, ${session.revokedReason.replaceAll('_', ' ')}` : ''}
    </span>
  );
}
