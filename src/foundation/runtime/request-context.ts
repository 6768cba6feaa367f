import { AsyncLocalStorage } from 'node:async_hooks';
import type { Actor } from './actor.ts';
import { newId } from './new-id.ts';

export type Door = 'admin' | 'api' | 'worker' | 'cli';

/** The action row that is being prepared; the command runner fills it and the COMMIT carries it (audit.md section 4). */
export type ActionFrame = {
  id: string;
  resource: string;
  action: string;
  /** JSON of the record_action payload, ready to ride on the COMMIT; null until the command has decided. */
  commitPayload: string | null;
};

/** Everything the audit and the log want to know of one request, job or command-line run. */
export type RequestContext = {
  requestId: string;
  door: Door;
  /** Client address after the trusted-proxy rules; null outside a request. */
  ip: string | null;
  userAgent: string | null;
  /** Path template, never the raw path. */
  path: string | null;
  /** API client id (`public`, `browser`, `mobile`, or a confidential client); null elsewhere. */
  clientId: string | null;
  /** Mutable on purpose: sign-in sets it within the request. */
  actor: Actor;
  action: ActionFrame | null;
};

const storage = new AsyncLocalStorage<RequestContext>();

export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/** The context, or an error that names the programming mistake: nothing may be written outside one. */
export function requireContext(): RequestContext {
  const context = storage.getStore();
  if (!context) throw new Error('No request context: wrap the entry point in runInContext()');
  return context;
}

/** Runs `work`, and what it awaits, in this context. */
export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, () => {
    const result = work();
    begin(result);
    return result;
  });
}

/** Prisma's promises run when they are first awaited: begun here, a lone one runs in this context and not in its caller's. */
function begin(result: unknown): void {
  if (result instanceof Promise || typeof result !== 'object' || result === null) return;
  if ('then' in result && typeof result.then === 'function') result.then(ignore, ignore);
}

function ignore(): void {
  // Whoever awaits the result hears of it.
}

/** A context for work that no request caused, such as a job or a command-line tool. */
export function systemContext(name: string, door: 'worker' | 'cli', requestId: string = newId()): RequestContext {
  return {
    requestId,
    door,
    ip: null,
    userAgent: null,
    path: null,
    clientId: null,
    actor: { kind: 'system', name },
    action: null,
  };
}
