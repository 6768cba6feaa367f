import type { AnyJobDefinition, EventSubscription } from '../../../foundation/jobs/job.ts';
import { changeWebhook } from './change-webhook.ts';
import { createWebhook } from './create-webhook.ts';
import { fanOutWebhooksJob, fanOutWebhooksSubscription } from './fan-out.job.ts';
import { pauseWebhook } from './pause-webhook.ts';
import { removeWebhook } from './remove-webhook.ts';
import { resumeWebhook } from './resume-webhook.ts';
import { retryWebhooksJob } from './retry-webhooks.job.ts';
import { rotateWebhookSecret } from './rotate-webhook-secret.ts';
import { sendWebhookJob, sendWebhookSubscription } from './send-webhook.job.ts';
import { sendWebhookAgain, testWebhook } from './send-webhook-again.ts';
import { tidyWebhooksJob } from './tidy-webhooks.job.ts';

/** Commands of staff on webhooks; all of them ask `webhook.manage`. */
export const webhookCommands = {
  createWebhook,
  changeWebhook,
  pauseWebhook,
  resumeWebhook,
  rotateWebhookSecret,
  removeWebhook,
  sendWebhookAgain,
  testWebhook,
};

export const webhookJobs: readonly AnyJobDefinition[] = [fanOutWebhooksJob, sendWebhookJob, retryWebhooksJob, tidyWebhooksJob];
export const webhookSubscriptions: readonly EventSubscription[] = [fanOutWebhooksSubscription, sendWebhookSubscription];
