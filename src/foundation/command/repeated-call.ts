import { fail } from '../errors/app-error.ts';
import { actorIdOf } from '../runtime/actor.ts';
import type { RequestContext } from '../runtime/request-context.ts';
import type { CommandDeps, CommandResult, Envelope } from './command.ts';

const replayShape = (value: unknown): value is { output: unknown; actionId: string } =>
  typeof value === 'object' && value !== null && 'output' in value && 'actionId' in value;

/** The first answer, as it was kept. @throws AppError 500 `internal_error` where that is none */
export function replayed<Output>(response: unknown): CommandResult<Output> {
  if (!replayShape(response)) return fail('internal_error');
  return { output: response.output as Output, actionId: response.actionId, isReplay: true };
}

/** Whose key it is. Of somebody not signed in that is the address, which is kept as a keyed hash only. */
export function scopeOf(deps: CommandDeps, context: RequestContext, commandName: string): string {
  const whose = actorIdOf(context.actor) ?? deps.keyring.keyedHash('idempotency-scope', context.ip ?? '-').toString('base64url');
  return `${context.door}:${context.clientId ?? '-'}:${whose}:${commandName}`;
}

/** What must be the same for a call to be the same call. */
export function bodyOf(envelope: Envelope): string {
  return JSON.stringify([
    envelope.asked ?? envelope.input ?? {},
    envelope.reason ?? null,
    envelope.ticketId ?? null,
    envelope.expectedVersion ?? null,
  ]);
}
