import type React from 'react';
import type { Column, RecordPageProps, States } from '../../admin/components/admin-types.component.tsx';
import { DueClock } from '../../admin/components/due-clock.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { Presence } from '../../admin/components/presence.component.tsx';
import { RecordHistory } from '../../admin/components/record-history.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { SubjectCard } from '../../admin/components/subject-card.component.tsx';
import { type Tab, Tabs } from '../../admin/components/tabs.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { FormerRequests } from './approval-people.component.tsx';
import type { ApprovalExtra } from './approval-types.component.tsx';

/** One request: what it would do, what it rests on, who asked, whom it is about, and what both did before. */
export default function ApprovalPage({ resource, answer, reload }: RecordPageProps): React.ReactElement {
  const extra = answer.extra as ApprovalExtra;
  const { id, params } = answer.record;
  const statesOf = (name: string): States | null => resource.fields.find((field: Column) => field.name === name)?.states ?? null;
  const words = { kinds: statesOf('kind'), statuses: statesOf('status') };
  const tabs: (Tab | null)[] = [
    {
      id: 'request',
      label: t('Request'),
      content: () => (
        <>
          {extra.isChanged ? (
            <p className="fs-banner fs-banner-warn" role="status">
              {extra.effects[0]}
            </p>
          ) : null}
          <Asked extra={extra} params={params} />
          <Evidence extra={extra} />
          <Outcome extra={extra} params={params} />
        </>
      ),
    },
    {
      id: 'people',
      label: t('Both people'),
      content: () => (
        <>
          {extra.subject ? <SubjectCard subject={extra.subject} /> : null}
          <FormerRequests title={t('Earlier requests about this person')} lines={extra.ofSubject} words={words} />
          {extra.requester.isSubject ? null : (
            <FormerRequests
              title={t('What {name} asked for before', { name: extra.requester.name ?? '' })}
              lines={extra.ofRequester}
              words={words}
            />
          )}
        </>
      ),
    },
    extra.hasHistory
      ? { id: 'history', label: t('History'), content: () => <RecordHistory of={`record=support.approval_request:${id}`} /> }
      : null,
  ];
  return (
    <>
      <Presence resource="ApprovalRequest" recordId={id} version={answer.version} onReload={reload} />
      <Tabs label={t('About this request')} tabs={tabs.filter((tab) => tab !== null)} />
    </>
  );
}

type Params = Readonly<Record<string, unknown>>;
const textIn = (params: Params, name: string): string | null => {
  const value = params[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

function Asked({ extra, params }: { extra: ApprovalExtra; params: Params }): React.ReactElement {
  const { requester, subject } = extra;
  const [createdAt, expiresAt, reason] = ['createdAt', 'expiresAt', 'reason'].map((name) => textIn(params, name));
  const isWaiting = params.status === 'requested';
  const effects = extra.isChanged ? extra.effects.slice(1) : extra.effects;
  return (
    <section className="fs-card fs-stack">
      <h2>{t('What is asked')}</h2>
      <p>
        {subject ? (
          <>
            {t('About')}{' '}
            <strong>{subject.isOpen ? <Link href={recordHref(subject.resource, subject.id)}>{subject.name}</Link> : subject.name}</strong>
            {subject.contactMasked ? <code className="fs-request-contact">{subject.contactMasked}</code> : null}
          </>
        ) : (
          t('The person is gone.')
        )}
      </p>
      {effects.length > 0 ? (
        <div className="fs-effects">
          {effects.map((effect) => (
            <p key={effect}>{effect}</p>
          ))}
        </div>
      ) : null}
      <p>
        {askedBy(requester)} {createdAt ? <Time value={createdAt} /> : null}
      </p>
      {reason ? <blockquote className="fs-quote">{reason}</blockquote> : null}
      {isWaiting && createdAt && expiresAt ? (
        <DueClock from={createdAt} until={expiresAt} now={extra.now} label={t('Decide within 48 hours')} />
      ) : null}
    </section>
  );
}

function askedBy({ name, isSubject, isYou }: ApprovalExtra['requester']): string {
  if (isYou) return t('You asked');
  return isSubject ? t('The person asked, after signing in anew') : t('{name} asked', { name: name ?? t('Somebody') });
}

const checkLabels: Readonly<Record<string, string>> = {
  member_id: t('Member id'),
  name: t('Name'),
  last_order_month: t('Month of the last order'),
  country: t('Country'),
  recent_device: t('Recent device'),
};

function Evidence({ extra }: { extra: ApprovalExtra }): React.ReactElement {
  const { passed, ticket, privacy, requester } = extra;
  return (
    <section className="fs-card fs-stack">
      <h2>{t('Evidence')}</h2>
      {passed.length > 0 ? (
        <ul className="fs-checks">
          {passed.map((item) => (
            <li key={item}>
              <Icon name="ok" /> {t('{item}: passed', { item: checkLabels[item] ?? item })}
            </li>
          ))}
        </ul>
      ) : (
        <p className="fs-muted">
          {requester.isSubject
            ? t('The person proved who they are by signing in.')
            : t('No identity check belongs to this kind of request.')}
        </p>
      )}
      {ticket ? (
        <p>
          {t('Ticket')} {ticket.isOpen ? <Link href={recordHref('Ticket', ticket.id)}>{ticket.number}</Link> : ticket.number}{' '}
          <span className="fs-muted">{ticket.title}</span>
        </p>
      ) : null}
      {privacy ? (
        <p>
          {privacy.isOpen ? (
            <Link href={recordHref('PrivacyRequest', privacy.id)}>{t('The privacy request it belongs to')}</Link>
          ) : (
            t('Belongs to a privacy request')
          )}
        </p>
      ) : null}
    </section>
  );
}

function Outcome({ extra, params }: { extra: ApprovalExtra; params: Params }): React.ReactElement | null {
  const [decidedAt, why, executedAt, undoUntil] = ['decidedAt', 'decisionReason', 'executedAt', 'undoUntil'].map((name) =>
    textIn(params, name),
  );
  const cancelUntil = extra.privacy?.cancelUntil ?? null;
  const isCooling = params.status === 'approved' && cancelUntil !== null && cancelUntil > extra.now;
  const isUndoable = params.status === 'executed' && undoUntil && undoUntil > extra.now;
  if (!decidedAt && !extra.failure) return null;
  return (
    <section className="fs-card fs-stack">
      <h2>{t('Decision')}</h2>
      {decidedAt ? (
        <p>
          {params.status === 'denied'
            ? t('Denied by {name}', { name: extra.decider ?? '' })
            : t('Approved by {name}', { name: extra.decider ?? '' })}{' '}
          <Time value={decidedAt} />
        </p>
      ) : null}
      {why ? <blockquote className="fs-quote">{why}</blockquote> : null}
      {executedAt ? (
        <p>
          {t('Carried out')} <Time value={executedAt} />
        </p>
      ) : null}
      {extra.failure ? <p className="fs-banner fs-banner-warn">{extra.failure}</p> : null}
      {isCooling && decidedAt ? (
        <DueClock from={decidedAt} until={cancelUntil} now={extra.now} label={t('The person can call it off')} />
      ) : null}
      {isUndoable && executedAt ? (
        <DueClock from={executedAt} until={undoUntil} now={extra.now} label={t('The old contact can take it back')} />
      ) : null}
    </section>
  );
}
