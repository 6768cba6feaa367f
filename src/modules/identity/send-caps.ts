import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { scaledLimit, takeToken } from '../../foundation/runtime/rate-bucket.ts';
import type { Contact } from './contact.ts';
import { type FlowPurpose, findFlow } from './otp-flow.ts';

/**
 * Whether one more message may go to this target: 5 an hour and 10 a day per target and purpose. Asked for unknown
 * targets as well, so that the caps fall at the same count. A target is a mailbox: its spellings (`+tag`, dots) share the caps, or
 * anybody could be sent any number of messages (auth-api.md section 2). What the hour holds back is not counted for the day.
 */
export async function takeSend(deps: CommandDeps, purpose: FlowPurpose, { limitKey }: Pick<Contact, 'limitKey'>): Promise<boolean> {
  const key = `${purpose}|${limitKey}`;
  const { otpTargetHour, otpTargetDay, rateLimitScale } = deps.config;
  const now = deps.clock.now();
  const { pool } = deps.database;
  const hour = await takeToken(
    pool,
    { name: 'otp-target-hour', key, limit: scaledLimit(otpTargetHour, rateLimitScale), windowSeconds: 3600 },
    now,
  );
  if (!hour.isAllowed) return false;
  const day = await takeToken(
    pool,
    { name: 'otp-target-day', key, limit: scaledLimit(otpTargetDay, rateLimitScale), windowSeconds: 86_400 },
    now,
  );
  return day.isAllowed;
}

/** Whom the caps count, as createFlow() notes it; a flow of an earlier version, which lacks it, stands for itself. */
const flowTarget = z.object({ limitKey: z.string().optional() });

/** The cap is asked only for what would go out: a call that is too soon must not use it up. */
export async function takeResend(deps: CommandDeps, flowId: string): Promise<boolean> {
  const flow = await findFlow(deps.database.prisma, flowId);
  const isDue = flow !== null && flow.consumedAt === null && flow.supersededAt === null && flow.nextSendAt <= deps.clock.now();
  return isDue && (await takeSend(deps, flow.purpose, { limitKey: flowTarget.parse(flow.data).limitKey ?? flow.id }));
}
