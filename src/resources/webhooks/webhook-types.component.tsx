import type { Action, Tone } from '../../admin/components/admin-types.component.tsx';
import type { ActionTarget } from '../../admin/components/reason-form.component.tsx';
import { t } from '../../admin/components/text.component.tsx';

export type EndpointState = 'active' | 'failing' | 'paused' | 'given_up' | 'gone';

export type Endpoint = {
  id: string;
  name: string;
  url: string;
  events: readonly string[];
  state: EndpointState;
  failingSince: string | null;
  pausedAt: string | null;
  previousUntil: string | null;
  createdAt: string;
  version: number;
};

export type CallStatus = 'queued' | 'sent' | 'failed';

export type Call = {
  id: string;
  eventId: string;
  eventName: string;
  status: CallStatus;
  httpStatus: number | null;
  errorCode: string | null;
  createdAt: string;
  lastAt: string | null;
  nextAt: string | null;
  tries: readonly { at: string; httpStatus: number | null; errorCode: string | null; ms: number }[];
};

export type Actions = Readonly<Record<'create' | 'change' | 'pause' | 'resume' | 'rotate' | 'test' | 'sendAgain' | 'remove', Action>>;

export type EventGroup = { group: string; names: readonly string[] };

export type WebhooksView = {
  eventGroups: readonly EventGroup[];
  actions: Actions;
  endpoints: readonly (Endpoint & { waiting: number; failed: number })[];
  open: { endpoint: Endpoint; status: CallStatus | null; items: readonly Call[]; next: string | null } | null;
};

export type OpenForm = { action: Action; target: ActionTarget };

export const webhooksPath = '/pages/webhooks';

export function webhookHref(id: string, more: Readonly<Record<string, string>> = {}): string {
  return `/admin/pages/webhooks?${new URLSearchParams({ id, ...more }).toString()}`;
}

/** A form of the page. With an endpoint the version that is shown goes along, so that two people do not undo each other. */
export function formFor(action: Action, fixedInput: Readonly<Record<string, unknown>>, endpoint: Endpoint | null = null): OpenForm {
  const record = endpoint
    ? {
        id: endpoint.id,
        title: endpoint.name,
        params: { name: endpoint.name, url: endpoint.url, events: [...endpoint.events].sort().join(', ') },
        populated: {},
      }
    : null;
  const version = endpoint?.version ?? null;
  return { action, target: { path: webhooksPath, base: webhooksPath, pageAction: action.name, record, version, fixedInput } };
}

/** What a call of ours that got no answer means. */
export function errorWords(code: string): string {
  switch (code) {
    case 'timeout':
      return t('No answer within 10 seconds');
    case 'name_not_found':
      return t('The name leads nowhere');
    case 'address_refused':
      return t('The name leads to an address that is not public');
    case 'connection_refused':
      return t('Nobody listens there');
    case 'tls_failed':
      return t('The certificate is not trusted');
    case 'redirect':
      return t('The receiver sent us elsewhere; redirects are not followed');
    case 'event_gone':
      return t('The event is no longer kept');
    case 'secret_unreadable':
      return t('The signing secret cannot be read: replace it');
    case 'refused':
      return t('The receiver refused it');
    default:
      return t('The connection failed');
  }
}

export function stateWords(state: EndpointState): { label: string; tone: Tone } {
  switch (state) {
    case 'active':
      return { label: t('Active'), tone: 'ok' };
    case 'failing':
      return { label: t('Failing'), tone: 'warn' };
    case 'paused':
      return { label: t('Paused'), tone: 'neutral' };
    case 'given_up':
      return { label: t('Paused: failed for a day'), tone: 'danger' };
    case 'gone':
      return { label: t('Paused: receiver says it is gone'), tone: 'danger' };
    default:
      return state satisfies never;
  }
}
