import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { sealNewSecret } from './endpoint-secret.ts';
import { receiverUrl } from './receiver-address.ts';
import { newWebhookSecret } from './signature.ts';
import { endpointFields } from './webhook-input.ts';

const input = z.strictObject({ ...endpointFields, url: z.string().trim().max(500) });
type Input = z.infer<typeof input>;

/** `secret` is shown this once and kept nowhere in clear: not in the audit, not for replays. */
export type WebhookCreated = { id: string; secret: string };

/**
 * Adds a receiver of events. One endpoint for each address, so a form that is sent twice makes one.
 * @throws AppError 403 `forbidden`, 409 `already_exists`, 422 `url_invalid`, `invalid_value`
 */
export const createWebhook = defineCommand<Input, WebhookCreated, string>({
  name: 'create-webhook',
  resource: 'webhook_endpoint',
  access: 'webhook.manage',
  input,
  isIdempotent: false,
  prepare: async (deps, { url }) => requireUrl(deps, url),
  async preview({ deps }, { url, events }) {
    const where = new URL(requireUrl(deps, url)).host;
    return [
      `Sends ${events.length} ${events.length === 1 ? 'kind' : 'kinds'} of event to ${where}, ids only, from now on.`,
      'Shows the signing secret once.',
    ];
  },
  async run(scope, { name, events }, _loaded, url) {
    const id = newId();
    const secret = newWebhookSecret();
    // The unique index decides between two forms of one address.
    const { count } = await scope.tx.webhookEndpoint.createMany({
      data: { id, createdAt: scope.now, name, url, events, ...sealNewSecret(scope.deps, id, secret) },
      skipDuplicates: true,
    });
    if (count === 0) return { refused: 'already_exists' };
    scope.touched(id);
    return { id, secret };
  },
});

function requireUrl({ config }: Pick<CommandDeps, 'config'>, text: string): string {
  const url = receiverUrl(text, config);
  if (!url) throw validationError([{ path: 'url', code: 'url_invalid' }]);
  return url;
}
