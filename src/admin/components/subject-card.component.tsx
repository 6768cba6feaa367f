import type React from 'react';
import { Link, recordHref } from './router.component.tsx';
import { StatusPill, sentenceCase } from './status-pill.component.tsx';
import { t } from './text.component.tsx';
import { Time } from './time.component.tsx';

type Login = { id: string; at: string; method: string; outcome: string; place: string; device: string; isNewDevice: boolean };

/** Shape of what subjectCard() of the identity module sends. */
export type SubjectJson = {
  id: string;
  resource: 'User' | 'Staff';
  isOpen: boolean;
  name: string;
  memberId: string;
  kind: string;
  status: string;
  contactMasked: string | null;
  liveSessions: number;
  roles: readonly string[];
  isOnLegalHold: boolean;
  isProcessingRestricted: boolean;
  objectedPurposes: readonly string[];
  logins: readonly Login[] | null;
};

/** Whom a request is about: masked, with what a second person looks at before they agree. */
export function SubjectCard({ subject }: { subject: SubjectJson }): React.ReactElement {
  const { name, isOpen, resource, id, status } = subject;
  return (
    <section className="fs-card fs-stack">
      <h2>{isOpen ? <Link href={recordHref(resource, id)}>{name}</Link> : name}</h2>
      <ul className="fs-strip" aria-label={t('Status')}>
        <li>
          <StatusPill tone={status === 'active' ? 'ok' : 'warn'}>{sentenceCase(status)}</StatusPill>
        </li>
        {subject.isOnLegalHold ? (
          <li>
            <StatusPill tone="warn">{t('Legal hold')}</StatusPill>
          </li>
        ) : null}
        {subject.isProcessingRestricted ? (
          <li>
            <StatusPill tone="warn">{t('Processing restricted')}</StatusPill>
          </li>
        ) : null}
        <li className="fs-muted">{subject.roles.length > 0 ? subject.roles.join(', ') : sentenceCase(subject.kind)}</li>
        <li>
          <code>{subject.memberId}</code>
        </li>
        {subject.contactMasked ? (
          <li>
            <code>{subject.contactMasked}</code>
          </li>
        ) : null}
      </ul>
      <p className="fs-muted">{t('Signed in on {count} devices now', { count: subject.liveSessions })}</p>
      {subject.logins ? <Logins logins={subject.logins} /> : null}
    </section>
  );
}

const outcomeTones = { success: 'ok', failed: 'warn', blocked: 'danger', challenged: 'info' } as const;

function Logins({ logins }: { logins: readonly Login[] }): React.ReactElement {
  if (logins.length === 0) return <p className="fs-muted">{t('Never signed in.')}</p>;
  return (
    <>
      <h3>{t('Last sign-ins')}</h3>
      <ul className="fs-plain-list">
        {logins.map((login) => (
          <li key={login.id}>
            <StatusPill tone={toneOf(login.outcome)}>{sentenceCase(login.outcome)}</StatusPill> <Time value={login.at} /> {login.place},{' '}
            {login.device} {login.isNewDevice ? <StatusPill tone="warn">{t('New device')}</StatusPill> : null}
          </li>
        ))}
      </ul>
    </>
  );
}

function toneOf(outcome: string): 'ok' | 'warn' | 'danger' | 'info' | 'neutral' {
  return Object.hasOwn(outcomeTones, outcome) ? outcomeTones[outcome as keyof typeof outcomeTones] : 'neutral';
}
