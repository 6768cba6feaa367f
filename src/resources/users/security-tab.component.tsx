import type React from 'react';
import { useState } from 'react';
import type { Action, RecordJson } from '../../admin/components/admin-types.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { CustomerExtra, Session } from './customer-types.component.tsx';
import { targetOf } from './overview-tab.component.tsx';
import { SignInTrace } from './sign-in-trace.component.tsx';
import { isLater } from './status-strip.component.tsx';

type Props = { extra: CustomerExtra; record: RecordJson; version: number | null; end: Action | null; reload: () => void };

export function SecurityTab(props: Props): React.ReactElement {
  const { extra } = props;
  return (
    <>
      {extra.sessions ? <Sessions {...props} sessions={extra.sessions} /> : null}
      <Factors extra={extra} />
      {extra.trace ? <SignInTrace trace={extra.trace} firstName={extra.profile.firstName} now={extra.now} most={10} /> : null}
      {extra.logins ? (
        <p>
          <Link href={`/admin/resources/LoginEvent?filters.userId=${extra.profile.id}`}>All sign-in attempts</Link>
        </p>
      ) : null}
    </>
  );
}

function Factors({ extra }: { extra: CustomerExtra }): React.ReactElement {
  const { security } = extra.profile;
  const factors = security.factors.filter((factor) => factor !== 'recovery_code').map(factorName);
  return (
    <section className="fs-card">
      <h2>Sign-in</h2>
      <dl className="fs-facts">
        <div>
          <dt>Password</dt>
          <dd>{security.hasPassword ? (security.isPasswordDisabled ? 'Switched off until reset' : 'Set') : 'None'}</dd>
        </div>
        <div>
          <dt>Second factor</dt>
          <dd>{factors.length > 0 ? factors.join(', ') : 'None'}</dd>
        </div>
        <div>
          <dt>Passkeys</dt>
          <dd className="fs-tabular">{security.passkeys}</dd>
        </div>
        <div>
          <dt>Recovery codes left</dt>
          <dd className="fs-tabular">{security.recoveryCodesLeft}</dd>
        </div>
        <div>
          <dt>Wrong tries in a row</dt>
          <dd className="fs-tabular">{security.failedConsecutive}</dd>
        </div>
        {isLater(security.lockedUntil, extra.now) && security.lockedUntil ? (
          <div>
            <dt>Locked until</dt>
            <dd>
              <Time value={security.lockedUntil} /> (wait number {Math.max(1, security.lockLevel)})
            </dd>
          </div>
        ) : null}
      </dl>
    </section>
  );
}

function factorName(factor: string): string {
  return factor === 'totp' ? 'Authenticator app' : sentenceCase(factor);
}

function Sessions(props: Props & { sessions: readonly Session[] }): React.ReactElement {
  const { sessions, end, record, version, reload } = props;
  const [ending, setEnding] = useState<Session | null>(null);
  return (
    <section className="fs-card">
      <h2>Sessions</h2>
      {sessions.length === 0 ? <p className="fs-muted">Not signed in anywhere.</p> : null}
      {sessions.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard.
        <section className="fs-scroll" tabIndex={0} aria-label="Sessions">
          <table className="fs-table-plain">
            <thead>
              <tr>
                <th scope="col">Device</th>
                <th scope="col">Place</th>
                <th scope="col">Last used</th>
                <th scope="col">Signed in</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {sessions.map((session) => (
                <tr key={session.id}>
                  <th scope="row">
                    {session.device}
                    {session.acr === 'aal2' ? <span className="fs-muted fs-small"> two factors</span> : null}
                  </th>
                  <td>
                    {session.place === 'unknown' ? 'Unknown' : session.place}{' '}
                    {session.network ? <span className="fs-muted fs-small">{session.network}</span> : null}
                  </td>
                  <td>
                    <Time value={session.lastUsedAt} />
                  </td>
                  <td>
                    <Time value={session.createdAt} />
                  </td>
                  <td>
                    {session.isLive ? (
                      <LiveCell end={end} session={session} onEnd={() => setEnding(session)} />
                    ) : (
                      <EndedCell session={session} />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      {ending && end ? (
        <ReasonForm
          action={withSession(end)}
          target={{ ...targetOf(record, version, end), fixedInput: { sessionId: ending.id } }}
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

/** Which session is known from the row it is ended in; the form does not ask for it. */
function withSession(action: Action): Action {
  return { ...action, form: [] };
}

function LiveCell({ end, session, onEnd }: { end: Action | null; session: Session; onEnd: () => void }): React.ReactElement {
  if (!end) return <StatusPill tone="ok">Live</StatusPill>;
  return (
    <>
      <StatusPill tone="ok">Live</StatusPill>{' '}
      <button
        type="button"
        className="fs-button fs-button-small"
        aria-disabled={end.refusal !== null}
        aria-label={`End session on ${session.device}`}
        {...(end.refusal ? { title: end.refusal } : {})}
        onClick={() => (end.refusal === null ? onEnd() : undefined)}
      >
        End
      </button>
    </>
  );
}

function EndedCell({ session }: { session: Session }): React.ReactElement {
  return (
    <span className="fs-muted">
      {session.revokedAt ? (
        <>
          Ended <Time value={session.revokedAt} />
          {session.revokedReason ? `, ${session.revokedReason.replaceAll('_', ' ')}` : ''}
        </>
      ) : (
        'Run out'
      )}
    </span>
  );
}
