import type React from 'react';
import { CommandButton } from '../../admin/components/command-button.component.tsx';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { exactTime, Time } from '../../admin/components/time.component.tsx';
import {
  type Actions,
  type Call,
  type CallStatus,
  type Endpoint,
  errorWords,
  formFor,
  type OpenForm,
  stateWords,
  type WebhooksView,
  webhookHref,
} from './webhook-types.component.tsx';

type Props = {
  open: NonNullable<WebhooksView['open']>;
  actions: Actions;
  onOpen: (form: OpenForm) => void;
  onChange: (endpoint: Endpoint) => void;
};

/** One endpoint: how it stands, what may be done, and the calls that were made. */
export function EndpointDetail({ open, actions, onOpen, onChange }: Props): React.ReactElement {
  const { endpoint, status, items, next } = open;
  const form = (name: keyof Actions) => () => onOpen(formFor(actions[name], { id: endpoint.id }, endpoint));
  const isCalled = endpoint.state === 'active' || endpoint.state === 'failing';
  return (
    <>
      <p>
        <Link href="/admin/pages/webhooks">{t('All endpoints')}</Link>
      </p>
      <Facts endpoint={endpoint} />
      <div className="fs-ops-buttons fs-ops-rail">
        {isCalled ? (
          <CommandButton action={actions.pause} onPress={form('pause')} />
        ) : (
          <CommandButton isPrimary action={actions.resume} onPress={form('resume')} />
        )}
        <CommandButton action={actions.test} onPress={form('test')} />
        <CommandButton action={actions.change} onPress={() => onChange(endpoint)} />
        <CommandButton action={actions.rotate} onPress={form('rotate')} />
        <CommandButton action={actions.remove} onPress={form('remove')} />
        <Link className="fs-button" href={`/admin/pages/history?record=notifications.webhook_endpoint:${endpoint.id}`}>
          {t('History')}
        </Link>
      </div>
      <h2 className="fs-ops-head">{t('Calls')}</h2>
      <nav aria-label={t('Which calls')} className="fs-ops-states">
        {statuses().map(([value, label]) => (
          <Link
            key={label}
            className="fs-button"
            href={webhookHref(endpoint.id, value === null ? {} : { status: value })}
            {...(value === status ? { 'aria-current': 'page' } : {})}
          >
            {label}
          </Link>
        ))}
      </nav>
      {items.length === 0 ? (
        <EmptyState icon="webhook" title={status === null ? t('No calls yet') : t('None in this state')}>
          {status === null
            ? t('The first event after it was added makes the first call. Send a test to see whether it answers.')
            : t('Choose another state to see the others.')}
        </EmptyState>
      ) : (
        <ul className="fs-ops-jobs">
          {items.map((call) => (
            <CallLine key={call.id} call={call} actions={actions} onOpen={onOpen} />
          ))}
        </ul>
      )}
      {next ? (
        <Link className="fs-button" href={webhookHref(endpoint.id, { before: next, ...(status === null ? {} : { status }) })}>
          {t('Older')}
        </Link>
      ) : null}
    </>
  );
}

const statuses = (): readonly (readonly [CallStatus | null, string])[] => [
  [null, t('All')],
  ['queued', t('Waiting')],
  ['sent', t('Sent')],
  ['failed', t('Failed')],
];

function Facts({ endpoint }: { endpoint: Endpoint }): React.ReactElement {
  const { label, tone } = stateWords(endpoint.state);
  return (
    <dl className="fs-ops-figures">
      <div>
        <dt>{t('State')}</dt>
        <dd>
          <StatusPill tone={tone}>{label}</StatusPill>
          {endpoint.failingSince ? (
            <span className="fs-muted fs-small">
              {' '}
              {t('failing since')} <Time value={endpoint.failingSince} />
            </span>
          ) : null}
        </dd>
      </div>
      <div>
        <dt>{t('Address')}</dt>
        <dd className="fs-wrap">{endpoint.url}</dd>
      </div>
      <div>
        <dt>{t('Secret')}</dt>
        <dd>
          {endpoint.previousUntil && new Date(endpoint.previousUntil) > new Date()
            ? t('Two hold until {time}', { time: exactTime(new Date(endpoint.previousUntil)) })
            : t('One, shown when it was made')}
        </dd>
      </div>
      <div>
        <dt>{t('Events')}</dt>
        <dd>
          <ul className="fs-plain-list fs-ops-names">
            {endpoint.events.map((name) => (
              <li key={name}>
                <code>{name}</code>
              </li>
            ))}
          </ul>
        </dd>
      </div>
    </dl>
  );
}

function CallLine({ call, actions, onOpen }: { call: Call; actions: Actions; onOpen: (form: OpenForm) => void }): React.ReactElement {
  return (
    <li className="fs-card">
      <div className="fs-ops-line">
        <CallPill call={call} />
        <code>{call.eventName}</code>
        <span className="fs-muted fs-small">
          <Time value={call.lastAt ?? call.createdAt} />
        </span>
        {call.status === 'queued' && call.nextAt ? (
          <span className="fs-muted fs-small">
            {t('next call')} <Time value={call.nextAt} />
          </span>
        ) : null}
        <span className="fs-ops-buttons">
          <CommandButton
            isQuiet
            action={actions.sendAgain}
            about={call.eventName}
            onPress={() => onOpen(formFor(actions.sendAgain, { id: call.id }))}
          />
        </span>
      </div>
      {call.errorCode ? (
        <p>
          {call.httpStatus
            ? t('{words} ({status})', { words: errorWords(call.errorCode), status: call.httpStatus })
            : errorWords(call.errorCode)}
        </p>
      ) : null}
      <details>
        <summary>{call.tries.length === 1 ? t('1 call') : t('{count} calls', { count: call.tries.length })}</summary>
        <p className="fs-muted fs-small">
          {t('Message id')} <code>{call.eventId}</code>
        </p>
        <ol className="fs-plain-list">
          {call.tries.map((one) => (
            <li key={one.at}>
              <Time value={one.at} /> · {one.httpStatus ?? errorWords(one.errorCode ?? '')} · {t('{ms} ms', { ms: one.ms })}
            </li>
          ))}
        </ol>
      </details>
    </li>
  );
}

function CallPill({ call }: { call: Call }): React.ReactElement {
  if (call.status === 'sent') return <StatusPill tone="ok">{t('Sent {status}', { status: call.httpStatus ?? '' })}</StatusPill>;
  if (call.status === 'failed') return <StatusPill tone="danger">{t('Failed')}</StatusPill>;
  return call.tries.length > 0 ? (
    <StatusPill tone="warn">{t('Trying again')}</StatusPill>
  ) : (
    <StatusPill tone="neutral">{t('Waiting')}</StatusPill>
  );
}
