import type React from 'react';
import { useState } from 'react';
import { CommandButton } from '../../admin/components/command-button.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { type Answer, ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { Link, navigate, useAddress } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';
import { EndpointDetail } from './endpoint-detail.component.tsx';
import { type Draft, EndpointDialog } from './endpoint-dialog.component.tsx';
import { SecretDialog, type ShownSecret } from './secret-dialog.component.tsx';
import {
  type Endpoint,
  formFor,
  type OpenForm,
  stateWords,
  type WebhooksView,
  webhookHref,
  webhooksPath,
} from './webhook-types.component.tsx';

const emptyDraft: Draft = { id: null, name: '', url: '', events: [] };

/** Endpoints outside that are told of events; one of them with its calls. */
export default function Webhooks(): React.ReactElement {
  const { search } = useAddress();
  const remote = useRemote<WebhooksView>(`${webhooksPath}${search}`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  const [form, setForm] = useState<OpenForm | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [secret, setSecret] = useState<ShownSecret | null>(null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  const { endpoints, open, actions, eventGroups } = remote.data;
  const isEndpointOpen = open !== null;
  const done = (answer: Answer) => {
    const wasRemoved = form?.action.name === actions.remove.name;
    setForm(null);
    setDraft(null);
    if (typeof answer.shown?.secret === 'string')
      setSecret({
        secret: answer.shown.secret,
        previousUntil: typeof answer.shown.previousUntil === 'string' ? answer.shown.previousUntil : null,
      });
    if (wasRemoved && answer.message) navigate('/admin/pages/webhooks');
    remote.reload();
    // The worker calls a moment later.
    setTimeout(remote.reload, 2_500);
  };
  return (
    <>
      <header className="fs-screen-head">
        <h1>{open ? open.endpoint.name : t('Webhooks')}</h1>
        {isEndpointOpen ? null : (
          <div className="fs-screen-actions">
            <CommandButton isPrimary action={actions.create} onPress={() => setDraft(emptyDraft)} />
          </div>
        )}
      </header>
      {open ? (
        <EndpointDetail open={open} actions={actions} onOpen={setForm} onChange={(endpoint) => setDraft(draftOf(endpoint))} />
      ) : (
        <EndpointTable endpoints={endpoints} />
      )}
      {draft && !form ? (
        <EndpointDialog
          title={draft.id ? t('Change endpoint') : t('Add endpoint')}
          draft={draft}
          groups={eventGroups}
          onClose={() => setDraft(null)}
          onContinue={(next) => {
            setDraft(next);
            setForm(formOf(next, remote.data?.open?.endpoint ?? null, actions));
          }}
        />
      ) : null}
      {form ? <ReasonForm action={form.action} target={form.target} onClose={() => setForm(null)} onDone={done} /> : null}
      {secret ? <SecretDialog shown={secret} onClose={() => setSecret(null)} /> : null}
    </>
  );
}

function draftOf({ id, name, url, events }: Endpoint): Draft {
  return { id, name, url, events };
}

function formOf({ id, name, url, events }: Draft, endpoint: Endpoint | null, actions: WebhooksView['actions']): OpenForm {
  return id === null ? formFor(actions.create, { name, url, events }) : formFor(actions.change, { id, name, events }, endpoint);
}

function EndpointTable({ endpoints }: { endpoints: WebhooksView['endpoints'] }): React.ReactElement {
  if (endpoints.length === 0)
    return (
      <EmptyState icon="webhook" title={t('No endpoints yet')}>
        {t('An endpoint is an address outside that is told of events: signed, with ids only. Admins add one here.')}
      </EmptyState>
    );
  return (
    <table className="fs-ops-table">
      <thead>
        <tr>
          <th scope="col">{t('Endpoint')}</th>
          <th scope="col">{t('State')}</th>
          <th scope="col">{t('Events')}</th>
          <th scope="col">{t('Waiting calls')}</th>
          <th scope="col">{t('Failed, 30 days')}</th>
          <th scope="col">{t('Since')}</th>
        </tr>
      </thead>
      <tbody>
        {endpoints.map((endpoint) => {
          const { label, tone } = stateWords(endpoint.state);
          return (
            <tr key={endpoint.id}>
              <th scope="row">
                <Link href={webhookHref(endpoint.id)}>{endpoint.name}</Link>
                <span className="fs-muted fs-small fs-wrap fs-ops-url">{endpoint.url}</span>
              </th>
              <td data-label={t('State')}>
                <StatusPill tone={tone}>{label}</StatusPill>
              </td>
              <td data-label={t('Events')} className="fs-tabular">
                {endpoint.events.length}
              </td>
              <td data-label={t('Waiting calls')} className="fs-tabular">
                {endpoint.waiting}
              </td>
              <td data-label={t('Failed, 30 days')} className="fs-tabular">
                {endpoint.failed}
              </td>
              <td data-label={t('Since')}>
                <Time value={endpoint.failingSince ?? endpoint.pausedAt ?? endpoint.createdAt} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
