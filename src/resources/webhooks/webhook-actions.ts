import { commandAction } from '../../admin/index.ts';
import { webhookCommands, webhookEvents } from '../../modules/notifications/index.ts';

const reasonCodes = ['policy', 'security', 'error_correction', 'other'];
const shared = { placement: ['resource'], reasonCodes } as const;

/** Commands on webhooks, as buttons of their page. Secrets leave with the answer and are kept nowhere. */
export const webhookActions = {
  create: commandAction(webhookCommands.createWebhook, {
    ...shared,
    label: 'Add endpoint',
    effect: 'Sends the chosen events to an address, signed, ids only',
    group: 'careful',
    message: () => 'Added. Copy the signing secret now: it is not shown again.',
    shown: secretOf,
  }),
  change: commandAction(webhookCommands.changeWebhook, {
    ...shared,
    label: 'Change',
    effect: 'Its name, and which events it gets',
    group: 'careful',
    message: () => 'Changed. It holds for the next event.',
  }),
  pause: commandAction(webhookCommands.pauseWebhook, {
    ...shared,
    label: 'Pause',
    effect: 'Stops calling it; events of the meantime are not kept for it',
    group: 'everyday',
    message: () => 'Paused. Nothing more is sent to it.',
  }),
  resume: commandAction(webhookCommands.resumeWebhook, {
    ...shared,
    label: 'Resume',
    effect: 'Calls it again; what waited goes out at once',
    group: 'everyday',
    message: () => 'Resumed. It gets events again.',
  }),
  rotate: commandAction(webhookCommands.rotateWebhookSecret, {
    ...shared,
    label: 'Replace secret',
    effect: 'A new signing secret, shown once; the present one holds for 24 hours',
    group: 'careful',
    message: () => 'Replaced. Copy the new secret now: it is not shown again.',
    shown: secretOf,
  }),
  test: commandAction(webhookCommands.testWebhook, {
    ...shared,
    label: 'Send a test',
    effect: 'One call of the type webhook.test',
    group: 'everyday',
    message: () => 'Sent. How it ended shows in the list of calls in a moment.',
  }),
  sendAgain: commandAction(webhookCommands.sendWebhookAgain, {
    ...shared,
    label: 'Send again',
    effect: 'One more call for this event, with the same message id',
    group: 'everyday',
    message: () => 'Sent. How it ended shows in the list of calls in a moment.',
  }),
  remove: commandAction(webhookCommands.removeWebhook, {
    ...shared,
    label: 'Remove endpoint',
    effect: 'Deletes it with its secret and its list of calls',
    group: 'careful',
    message: () => 'Removed. Nothing more is sent to it.',
  }),
} as const;

/** What may be subscribed to, by owner, for the check list. */
export const eventGroups = Object.entries(Object.groupBy(webhookEvents, (name) => name.split('.')[1] ?? name)).map(([group, names]) => ({
  group,
  names: names ?? [],
}));

function secretOf(output: unknown): Readonly<Record<string, unknown>> {
  if (typeof output !== 'object' || output === null || !('secret' in output)) return {};
  return { secret: output.secret, ...('previousUntil' in output ? { previousUntil: output.previousUntil } : {}) };
}
