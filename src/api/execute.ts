import type { Command, CommandResult } from '../foundation/command/command.ts';
import { runCommand } from '../foundation/command/run-command.ts';
import { fail } from '../foundation/errors/app-error.ts';
import type { Call, LiveSession, Reply } from './endpoint.ts';

/** Runs a command for this call: its deps, its Idempotency-Key, and If-Match where one was read. */
export function execute<Input, Output, Prepared, Loaded>(
  call: Call,
  command: Command<Input, Output, Prepared, Loaded>,
  given: { input: unknown; expectedVersion?: number },
): Promise<CommandResult<Output>> {
  const { input, expectedVersion } = given;
  const { idempotencyKey, checkedBody } = call;
  const asked = call.upload === null && checkedBody !== undefined ? { asked: [call.path, checkedBody] } : {};
  return runCommand(call.deps, command, { input, expectedVersion, idempotencyKey, ...asked });
}

/** Who calls and from which device, as every command that may end in a session wants it. */
export function callerOf(call: Call) {
  return { client: { clientId: call.client.id, mode: call.client.mode }, device: { token: call.deviceToken } };
}

/** Marks an answer that was kept from the first call with the same Idempotency-Key. */
export function replayHeaders(result: { isReplay: boolean }): NonNullable<Reply['headers']> {
  return result.isReplay ? { 'Idempotency-Replayed': 'true' } : {};
}

/** The live session of a route whose auth is `session`. */
export function sessionOf(call: Call): LiveSession {
  return call.session ?? fail('token_missing');
}

export function userIdOf(call: Call): string {
  return sessionOf(call).userId;
}
