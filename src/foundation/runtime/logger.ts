import pino, { type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { actorIdOf } from './actor.ts';
import { redact, redactText } from './redact.ts';
import { currentContext } from './request-context.ts';

/**
 * The process's logger: one JSON line per event, the event's name in `event`, times in UTC.
 * Adds `requestId`, `door` and the actor's id from the request context. Values whose key may name a secret or a contact are
 * replaced at any depth, in errors too; tests/foundation/logger.test.ts proves it.
 * `destination` is for tests; by default lines go to standard output.
 */
export function createLogger(config: Pick<Config, 'logLevel' | 'mode'>, destination?: DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    level: config.logLevel,
    messageKey: 'message',
    errorKey: 'error',
    base: { mode: config.mode, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: contextFields,
    hooks: { logMethod: logRedacted },
    // Errors are already plain objects here; pino's own serializer would read them a second time.
    serializers: { error: (entry: unknown) => entry, err: (entry: unknown) => entry },
    formatters: { level: (label) => ({ level: label }), log: (entry) => redactEntry(entry) },
  };
  const log = destination ? pino(options, destination) : pino(options);
  const child = log.child;
  // pino drops the bindings formatter for children; they inherit this property instead.
  Object.defineProperty(log, 'child', {
    value: function childRedacted(this: Logger, bindings: pino.Bindings, childOptions?: pino.ChildLoggerOptions): Logger {
      return Reflect.apply(child, this, [redactEntry(bindings), childOptions]);
    },
  });
  return log;
}

/** Messages and their placeholders' values go through the same sieve as the fields; a bare error gets its message that way too. */
function logRedacted(this: Logger, args: Parameters<pino.LogFn>, method: pino.LogFn): void {
  const [first, ...rest]: unknown[] = args;
  const clean = rest.map((value) => redact('', value));
  if (first instanceof Error) {
    const message = clean.length > 0 ? clean : [redactText(first.message)];
    Reflect.apply(method, this, [{ error: first }, ...message]);
    return;
  }
  const message = clean.length === 0 ? messageOf(first) : clean;
  Reflect.apply(method, this, [typeof first === 'string' ? redactText(first) : first, ...message]);
}

/** Without a message of its own, pino would take the clear one of an `error` field. */
function messageOf(first: unknown): string[] {
  const error: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'error') : null;
  return error instanceof Error ? [redactText(error.message)] : [];
}

function redactEntry(entry: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, redact(key, value)]));
}

function contextFields(): Record<string, unknown> {
  const context = currentContext();
  if (!context) return {};
  const userId = actorIdOf(context.actor);
  return { requestId: context.requestId, door: context.door, actor: context.actor.kind, ...(userId ? { userId } : {}) };
}
