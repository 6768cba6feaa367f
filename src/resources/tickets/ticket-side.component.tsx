import type React from 'react';
import { useState } from 'react';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { SlaRing, span, useServerNow } from './sla-ring.component.tsx';
import { basePath, type TicketLink, type TicketPart } from './ticket-types.component.tsx';
import { useTicketCall } from './use-ticket-call.component.tsx';

/** Beside the conversation: the clock, who holds it, whom it is about, and what belongs with it. */
export function TicketSide({ part }: { part: TicketPart }): React.ReactElement {
  const { extra } = part;
  return (
    <aside className="fs-ticket-side" aria-label={t('About this ticket')}>
      <section className="fs-card">
        <h2>{t('Time')}</h2>
        <SlaRing sla={extra.sla} now={extra.now} />
        <Holder part={part} />
      </section>
      <PersonCard part={part} />
      <Escalation part={part} />
      <Checks part={part} />
      <Related part={part} />
    </aside>
  );
}

function Holder({ part }: { part: TicketPart }): React.ReactElement {
  const { assignee, claimedUntil, now } = part.extra;
  const at = useServerNow(now, claimedUntil !== null);
  const call = useTicketCall(part);
  const leftMs = claimedUntil ? new Date(claimedUntil).getTime() - at : 0;
  return (
    <dl className="fs-ticket-facts">
      <div>
        <dt>{t('Assignee')}</dt>
        <dd>
          {assignee ? (assignee.isMe ? t('You') : assignee.name) : t('Nobody yet')}
          <AssignButton part={part} />
        </dd>
      </div>
      {claimedUntil ? (
        <div>
          <dt>{t('Claim')}</dt>
          <dd>
            {leftMs > 0 ? t('{time} left', { time: span(leftMs) }) : t('About to lapse')}
            {assignee?.isMe && part.actionOf('claim') ? (
              <button type="button" className="fs-link-button" aria-disabled={call.isBusy} onClick={() => void call.run('claim', {})}>
                {t('Keep it 30 minutes')}
              </button>
            ) : null}
            {call.refusal ? (
              <span role="alert" className="fs-field-error">
                {call.refusal}
              </span>
            ) : null}
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

function AssignButton({ part }: { part: TicketPart }): React.ReactElement | null {
  const action = part.actionOf('assign');
  const [isOpen, setIsOpen] = useState(false);
  const { colleagues } = part.extra;
  if (!action || colleagues.length === 0) return null;
  const base = basePath(part);
  const options = colleagues.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      <button
        type="button"
        className="fs-link-button"
        aria-disabled={action.refusal !== null}
        title={action.refusal ?? action.effect}
        onClick={() => setIsOpen(action.refusal === null)}
      >
        {t('Assign')}
      </button>
      {isOpen ? (
        <ReasonForm
          action={{ ...action, form: action.form.map((field) => ({ ...field, options })) }}
          target={{ path: `${base}/assign`, base, record: part.record, version: part.version }}
          onClose={() => setIsOpen(false)}
          onDone={() => {
            setIsOpen(false);
            part.reload();
          }}
        />
      ) : null}
    </>
  );
}

function PersonCard({ part }: { part: TicketPart }): React.ReactElement {
  const { person, canOpenPerson, submitter } = part.extra;
  if (!person) {
    return (
      <section className="fs-card">
        <h2>{t('Customer')}</h2>
        <p className="fs-muted">{t('This ticket is about nobody in particular.')}</p>
      </section>
    );
  }
  const isLocked = person.lockedUntil !== null && new Date(person.lockedUntil) > new Date(part.extra.now);
  return (
    <section className="fs-card">
      <h2>{person.kind === 'vendor' ? t('Vendor') : person.kind === 'staff' ? t('Colleague') : t('Customer')}</h2>
      <p>{canOpenPerson ? <Link href={recordHref('User', person.id)}>{person.name}</Link> : <strong>{person.name}</strong>}</p>
      <p className="fs-small">
        <code>{person.memberId}</code>
        {person.contactMasked ? <code> {person.contactMasked}</code> : null}
      </p>
      <p className="fs-strip">
        <StatusPill tone={person.status === 'active' ? 'ok' : 'warn'}>{sentenceCase(person.status)}</StatusPill>
        {isLocked ? <StatusPill tone="danger">{t('Locked')}</StatusPill> : null}
      </p>
      {submitter ? <p className="fs-muted fs-small">{t('Opened by {name} for them.', { name: submitter })}</p> : null}
    </section>
  );
}

function Escalation({ part }: { part: TicketPart }): React.ReactElement | null {
  const { escalation } = part.extra;
  if (!escalation) return null;
  return (
    <section className="fs-card">
      <h2>{t('Escalation')}</h2>
      <p>
        <StatusPill tone={escalation.answeredAt ? 'ok' : 'warn'}>
          {escalation.answeredAt ? t('Answered') : t('Waits for a lead')}
        </StatusPill>
      </p>
      <p className="fs-small fs-muted">
        {escalation.by} <Time value={escalation.at} />
      </p>
      {escalation.reason ? <blockquote className="fs-wrap">{escalation.reason}</blockquote> : null}
      {escalation.answeredBy ? (
        <p className="fs-small fs-muted">{t('{name} answered in the conversation.', { name: escalation.answeredBy })}</p>
      ) : null}
    </section>
  );
}

function Checks({ part }: { part: TicketPart }): React.ReactElement | null {
  const { checklist } = part.extra;
  const [first] = checklist;
  if (!first) return null;
  return (
    <section className="fs-card">
      <h2>{t('Identity check')}</h2>
      <ul className="fs-strip">
        {checklist.map(({ item }) => (
          <li key={item}>
            <StatusPill tone="ok">{sentenceCase(item)}</StatusPill>
          </li>
        ))}
      </ul>
      <p className="fs-small fs-muted">
        {first.by} <Time value={first.at} />
      </p>
    </section>
  );
}

function Related({ part }: { part: TicketPart }): React.ReactElement | null {
  const { linked, linking, merged, mergedInto, others } = part.extra;
  const groups: readonly (readonly [string, readonly TicketLink[]])[] = [
    [t('Merged into'), mergedInto ? [mergedInto] : []],
    [t('Goes on from'), linked && linked.id !== mergedInto?.id ? [linked] : []],
    [t('Linked from'), linking],
    [t('Merged here'), merged],
    [t('More of this customer'), others],
  ];
  const filled = groups.filter(([, links]) => links.length > 0);
  if (filled.length === 0) return null;
  return (
    <section className="fs-card">
      <h2>{t('Belongs with it')}</h2>
      {filled.map(([title, links]) => (
        <div key={title} className="fs-ticket-links">
          <h3>{title}</h3>
          <ul>
            {links.map((link) => (
              <li key={link.id}>
                <Link href={recordHref('Ticket', link.id)}>{`${link.number} ${link.title}`}</Link>{' '}
                <span className="fs-muted fs-small">{sentenceCase(link.status)}</span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
