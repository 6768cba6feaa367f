import type React from 'react';
import type { RecordPageProps } from '../../admin/components/admin-types.component.tsx';
import { RecordHistory } from '../../admin/components/record-history.component.tsx';
import { RecordFacts } from '../../admin/components/record-screen.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { type Tab, Tabs } from '../../admin/components/tabs.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';

type Grant = { id: string; role: string; expiresAt: string | null; isExpired: boolean };
type Session = { id: string; device: string; place: string; isLive: boolean; lastUsedAt: string };
type StaffExtra = {
  grants: readonly Grant[];
  sessions: readonly Session[] | null;
  hasHistory: boolean;
  hasGrants: boolean;
  mayRevoke: boolean;
};

/** A colleague: roles in force first, since they are what this page is opened for. */
export default function StaffPage({ resource, answer }: RecordPageProps): React.ReactElement {
  const extra = answer.extra as StaffExtra;
  const { id } = answer.record;
  const tabs: (Tab | null)[] = [
    {
      id: 'overview',
      label: 'Overview',
      content: () => (
        <>
          <Grants extra={extra} staffId={id} />
          <RecordFacts fields={resource.fields} answer={answer} />
        </>
      ),
    },
    extra.sessions ? { id: 'sessions', label: 'Sessions', content: () => <Sessions sessions={extra.sessions ?? []} /> } : null,
    extra.hasHistory ? { id: 'history', label: 'History', content: () => <RecordHistory of={`subject=${id}`} /> } : null,
  ];
  return <Tabs label="About this staff member" tabs={tabs.filter((tab) => tab !== null)} />;
}

function Grants({ extra, staffId }: { extra: StaffExtra; staffId: string }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>Roles</h2>
      {extra.grants.length === 0 ? <p className="fs-muted">No role in force: this person cannot see anything.</p> : null}
      <ul className="fs-plain-list">
        {extra.grants.map((grant) => (
          <li key={grant.id}>
            <strong>{grant.role}</strong> {grant.isExpired ? <StatusPill tone="neutral">Ended</StatusPill> : null}
            {grant.expiresAt && !grant.isExpired ? (
              <span className="fs-muted">
                ends <Time value={grant.expiresAt} />
              </span>
            ) : null}{' '}
            {extra.hasGrants ? (
              <Link href={recordHref('StaffGrant', grant.id)} aria-label={`${extra.mayRevoke ? 'Open or revoke' : 'Open'} ${grant.role}`}>
                {extra.mayRevoke ? 'Open or revoke' : 'Open'}
              </Link>
            ) : null}
          </li>
        ))}
      </ul>
      {extra.hasGrants ? <Link href={`/admin/resources/StaffGrant?filters.userId=${staffId}`}>All grants, ended ones too</Link> : null}
    </section>
  );
}

function Sessions({ sessions }: { sessions: readonly Session[] }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>Sessions</h2>
      {sessions.length === 0 ? <p className="fs-muted">Not signed in anywhere.</p> : null}
      <ul className="fs-plain-list">
        {sessions.map((session) => (
          <li key={session.id}>
            {session.device}, {session.place}, last used <Time value={session.lastUsedAt} />{' '}
            <StatusPill tone={session.isLive ? 'ok' : 'neutral'}>{session.isLive ? 'Live' : 'Ended'}</StatusPill>
          </li>
        ))}
      </ul>
    </section>
  );
}
