import { join } from 'node:path';
import { z } from 'zod';
import { describeAction } from '../../admin/action-states.ts';
import { type CommandAction, definePage, type PageRequest } from '../../admin/index.ts';
import { decide } from '../../foundation/access/evaluate.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { translate } from '../../foundation/i18n/translate.ts';
import {
  countBrokenWebhooks,
  listWebhookAttempts,
  listWebhooks,
  readWebhook,
  type WebhookItem,
} from '../../modules/notifications/index.ts';
import { eventGroups, webhookActions } from './webhook-actions.ts';

/** Who outside is told of events: endpoints, what was sent to each, and how it ended. */
export const webhooksPage = definePage({
  id: 'webhooks',
  noun: 'webhook_endpoint',
  title: 'Webhooks',
  icon: 'webhook',
  navigationGroup: 'System',
  permission: 'webhook.list',
  component: join(import.meta.dirname, 'webhooks.component.tsx'),
  handler: (request) => answer(request),
  recordsRead: null,
  waiting: ({ deps }) => countBrokenWebhooks(deps),
  actions: Object.values(webhookActions),
});

const query = z.strictObject({
  id: z.uuid().optional(),
  status: z.enum(['queued', 'sent', 'failed']).optional(),
  before: z.uuid().optional(),
});

async function answer(request: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const asked = query.safeParse(request.query);
  if (!asked.success) throw new AppError('invalid_filter');
  const { id, status, before } = asked.data;
  const shared = { eventGroups, actions: actionsFor(request) };
  if (id === undefined) return { ...shared, endpoints: await listWebhooks(request.deps), open: null };
  const endpoint = await readWebhook(request.deps, id);
  if (!endpoint) throw new AppError('not_found');
  const calls = await listWebhookAttempts(request.deps, id, { before, status });
  return { ...shared, actions: actionsFor(request, endpoint), endpoints: [], open: { endpoint, status: status ?? null, ...calls } };
}

type Name = keyof typeof webhookActions;

/** The buttons, each with the sentence why it does nothing at present. */
function actionsFor({ staff, now }: PageRequest, endpoint: WebhookItem | null = null): Readonly<Record<string, unknown>> {
  const describe = (name: Name, action: CommandAction) => {
    const decision = decide({ actor: staff, permission: action.permission, now });
    return describeAction(action, decision.isAllowed ? stateRefusal(name, endpoint) : translate('en', decision.sentence));
  };
  return Object.fromEntries((Object.keys(webhookActions) as Name[]).map((name) => [name, describe(name, webhookActions[name])]));
}

function stateRefusal(name: Name, endpoint: WebhookItem | null): string | null {
  if (!endpoint) return null;
  const isCalled = endpoint.state === 'active' || endpoint.state === 'failing';
  if (name === 'pause') return isCalled ? null : 'Active endpoints only: this one is paused.';
  if (name === 'resume') return isCalled ? 'Paused endpoints only: this one is called.' : null;
  if (name === 'test' || name === 'sendAgain') return isCalled ? null : 'Active endpoints only: resume it first.';
  return null;
}
