import type React from 'react';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';

type Grant = {
  id: string;
  role: string;
  reason: string;
  grantedBy: string;
  since: string;
  expiresAt: string | null;
  confirmedAt: string | null;
  lastUsedAt: string | null;
  isBreakGlass: boolean;
};
type Session = { id: string; device: string; createdAt: string; lastUsedAt: string };
type Factor = { kind: 'totp' | 'passkey' | 'recovery'; label: string; createdAt: string | null; lastUsedAt: string | null };
type Invite = { id: string; emailMasked: string; invitedBy: string; createdAt: string; acceptedAt: string | null; isOwn: boolean };
export type StaffExtra = {
  grants: readonly Grant[];
  factors: readonly Factor[];
  invites: readonly Invite[];
  lead: string | null;
  managers: readonly { value: string; label: string }[];
  sessions: readonly Session[] | null;
  hasHistory: boolean;
  hasGrants: boolean;
  mayRevoke: boolean;
};

/** Roles in force: since when, by whom and why, when last used, until when. */
export function Grants({ extra, staffId }: { extra: StaffExtra; staffId: string }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>{t('Roles')}</h2>
      {extra.grants.length === 0 ? <p className="fs-muted">{t('No role in force: this person cannot see anything.')}</p> : null}
      <ul className="fs-plain-list">
        {extra.grants.map((grant) => (
          <li key={grant.id}>
            <GrantLine grant={grant} hasLink={extra.hasGrants} mayRevoke={extra.mayRevoke} />
          </li>
        ))}
      </ul>
      {extra.hasGrants ? (
        <Link href={`/admin/resources/StaffGrant?filters.userId=${staffId}`}>{t('All grants, ended ones too')}</Link>
      ) : null}
    </section>
  );
}

function GrantLine({ grant, hasLink, mayRevoke }: { grant: Grant; hasLink: boolean; mayRevoke: boolean }): React.ReactElement {
  return (
    <>
      <strong>{grant.role}</strong> {grant.isBreakGlass ? <StatusPill tone="danger">{t('Emergency')}</StatusPill> : null}{' '}
      {hasLink ? (
        <Link href={recordHref('StaffGrant', grant.id)} aria-label={`${mayRevoke ? t('Open or revoke') : t('Open')} ${grant.role}`}>
          {mayRevoke ? t('Open or revoke') : t('Open')}
        </Link>
      ) : null}
      <p className="fs-muted fs-small fs-wrap">
        {t('Given')} <Time value={grant.since} /> {t('by {name}: {reason}', { name: grant.grantedBy, reason: grant.reason })}
      </p>
      <p className="fs-muted fs-small">
        {grant.lastUsedAt ? (
          <>
            {t('Last used')} <Time value={grant.lastUsedAt} />
          </>
        ) : (
          t('Never used')
        )}
        {grant.confirmedAt ? (
          <>
            , {t('confirmed')} <Time value={grant.confirmedAt} />
          </>
        ) : null}
        {grant.expiresAt ? (
          <>
            , {t('ends')} <Time value={grant.expiresAt} />
          </>
        ) : null}
      </p>
    </>
  );
}

const factorNames: Readonly<Record<Factor['kind'], string>> = {
  totp: t('Authenticator'),
  passkey: t('Passkey'),
  recovery: t('Recovery codes'),
};

/** What proves them besides the password; never a secret. */
export function Factors({ factors }: { factors: readonly Factor[] }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>{t('Second factors')}</h2>
      {factors.length === 0 ? <p className="fs-muted">{t('None: they are asked to set one up when they sign in.')}</p> : null}
      <ul className="fs-plain-list">
        {factors.map((factor) => (
          <li key={`${factor.kind} ${factor.label} ${factor.createdAt}`}>
            {factorNames[factor.kind]} <span className="fs-muted">{factor.kind === 'totp' ? null : factor.label}</span>{' '}
            {factor.createdAt ? (
              <span className="fs-muted fs-small">
                {t('added')} <Time value={factor.createdAt} />
              </span>
            ) : null}{' '}
            {factor.lastUsedAt ? (
              <span className="fs-muted fs-small">
                {t('last used')} <Time value={factor.lastUsedAt} />
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where they are signed in now. */
export function Sessions({ sessions }: { sessions: readonly Session[] }): React.ReactElement {
  if (sessions.length === 0) {
    return (
      <EmptyState icon="user" title={t('Not signed in')}>
        {t('They have no open session in the back office.')}
      </EmptyState>
    );
  }
  return (
    <section className="fs-card">
      <h2>{t('Open sessions')}</h2>
      <ul className="fs-plain-list">
        {sessions.map((session) => (
          <li key={session.id}>
            {session.device}{' '}
            <span className="fs-muted">
              {t('since')} <Time value={session.createdAt} />, {t('last used')} <Time value={session.lastUsedAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How they came to the staff, and whom they invited. */
export function Invites({ invites }: { invites: readonly Invite[] }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>{t('Invitations')}</h2>
      <ul className="fs-plain-list">
        {invites.map((invite) => (
          <li key={invite.id}>
            <Link href={recordHref('StaffInvite', invite.id)}>
              {invite.isOwn
                ? t('Joined by an invitation of {name}', { name: invite.invitedBy })
                : t('Invited {address}', { address: invite.emailMasked })}
            </Link>{' '}
            <span className="fs-muted">
              <Time value={invite.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
