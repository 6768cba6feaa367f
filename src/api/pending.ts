import type { CommandResult } from '../foundation/command/command.ts';
import { translate } from '../foundation/i18n/translate.ts';
import type { Pending } from '../modules/identity/index.ts';
import type { Call, Reply, ReplySpec } from './endpoint.ts';
import { replayHeaders } from './execute.ts';
import { pending } from './shapes.ts';

export const pendingReplies: Readonly<Record<number, ReplySpec>> = {
  202: { description: 'A code was sent, or would have been', schema: pending },
};

/** 202 Pending, the same members in the same order for every identifier (auth-api.md P1). */
export function pendingReply(call: Call, result: CommandResult<Pending>): Reply {
  const { flowId, channel, destination, expiresIn, resendIn } = result.output;
  return {
    status: 202,
    headers: replayHeaders(result),
    body: { message: translate(call.locale, 'message.code_sent'), flowId, channel, destination, expiresIn, resendIn },
  };
}
