import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { AccessSubject } from '../access/decide.ts';
import { forgetVersions } from '../cache/versions.ts';
import { AppError, fail, validationError } from '../errors/app-error.ts';
import { zodToFieldErrors } from '../errors/field-errors.ts';
import { appendEvents, type NewEvent } from '../outbox/append.ts';
import { nudgeOutbox, nudgeSealer } from '../outbox/nudge.ts';
import { type Actor, actorTypeOf } from '../runtime/actor.ts';
import type { Database, Tx } from '../runtime/database.ts';
import { newId, uuidPattern } from '../runtime/new-id.ts';
import { type ActionFrame, type RequestContext, requireContext, runInContext } from '../runtime/request-context.ts';
import { forgetSettings, settingNouns } from '../settings/live-settings.ts';
import { type ActionFacts, actionPayload, recordAction } from './action-row.ts';
import { authorize, requireConditions } from './authorize.ts';
import {
  type AnyCommand,
  type Command,
  type CommandDeps,
  type CommandResult,
  type CommandScope,
  type Envelope,
  isRefusal,
  type Refusal,
} from './command.ts';
import { toAppError } from './database-errors.ts';
import { createDenialLog, type DenialLog, markRecorded } from './denial-log.ts';
import { claimKey, finishKey, type HeldKey, releaseKey } from './idempotency.ts';
import { readOnlyRefusal } from './read-only.ts';
import { bodyOf, replayed, scopeOf } from './repeated-call.ts';
import { type NamedTicket, namedTicket, requireTicket, subjectOnTicket } from './ticket-reference.ts';

const transactionTimeouts = { maxWait: 5_000, timeout: 15_000 };

/**
 * The only way anything is written: parse, authorize, one transaction with the audit context, authorize again on the
 * loaded record, compare versions, run, outbox, action row on the COMMIT. A refusal or failure leaves one action row too.
 * @throws AppError of the catalogue, nothing else
 */
export async function runCommand<Input, Output, Prepared, Loaded>(
  deps: CommandDeps,
  command: Command<Input, Output, Prepared, Loaded>,
  envelope: Envelope,
): Promise<CommandResult<Output>> {
  const outer = requireContext();
  const started = performance.now();
  const action = { id: newId(), resource: command.resource, action: command.name, commitPayload: null };
  const context: RunContext = { ...outer, action };
  let held: HeldKey | null = null;
  let isCommitted = false;
  try {
    return await runInContext(context, async () => {
      const input = parseInput(command, envelope);
      const now = deps.clock.now();
      // Before the other conditions: nobody is asked for a factor or a reason in vain.
      const closed = await readOnlyRefusal(deps, command, context.actor);
      if (closed) throw closed;
      requireConditions(command, context.actor, envelope, now);
      if (envelope.idempotencyKey && command.isIdempotent !== false) {
        const state = await claimKey(deps, {
          scope: scopeOf(deps, context, command.name),
          key: envelope.idempotencyKey,
          body: bodyOf(envelope),
          runningCode: context.actor.kind === 'staff' ? 'in_progress' : 'idempotency_in_progress',
        });
        if (state.kind === 'replay') return replayed<Output>(state.response);
        held = state.held;
      }
      if (envelope.refusal) throw envelope.refusal;
      const prepared = await prepare(deps, command, input, context);
      const run = { deps, command, envelope, input, prepared, context, now, started, held };
      const result = await transact(run);
      isCommitted = true;
      // Whatever it changed: what this process keeps for readers is compared with the versions of now.
      forgetVersions(deps.database);
      if (settingNouns.has(command.resource)) forgetSettings(deps);
      if (isRefusal(result)) throw new AppError(result.refused, result.details);
      return { output: result, actionId: action.id, isReplay: false };
    });
  } catch (thrown) {
    const error = toAppError(thrown);
    if (held) await releaseKey(deps, held).catch(() => undefined);
    // A refusal that committed carries its action row already.
    if (!isCommitted) await recordFailure(deps, context, command, envelope, error, performance.now() - started);
    markRecorded(error);
    throw error;
  }
}

/** Shows what a command would do, in words; the same checks, no write. */
export async function previewCommand<Input, Output, Prepared, Loaded>(
  deps: CommandDeps,
  command: Command<Input, Output, Prepared, Loaded>,
  envelope: Envelope,
): Promise<readonly string[]> {
  const context = requireContext();
  const input = parseInput(command, envelope);
  const now = deps.clock.now();
  return deps.database.prisma.$transaction(async (tx) => {
    const ticket = await namedTicket(deps.findTicket, tx, { actor: context.actor, reference: envelope.ticketId });
    const scope = newScope({ deps, envelope: onTicket(envelope, ticket), context, now }, tx, randomUUID());
    const loaded = await load(command, scope, input);
    authorizeOn(guardOn(command, loaded, input), command.subject?.(loaded, input), { actor: context.actor, ticket, now });
    return (await command.preview?.(scope, input, loaded)) ?? [];
  }, transactionTimeouts);
}

/** The runner always has an action frame. */
type RunContext = RequestContext & { action: ActionFrame };

type Run<Input, Output, Prepared, Loaded> = {
  deps: CommandDeps;
  command: Command<Input, Output, Prepared, Loaded>;
  envelope: Envelope;
  input: Input;
  prepared: Prepared;
  context: RunContext;
  now: Date;
  started: number;
  held: HeldKey | null;
};

async function transact<Input, Output, Prepared, Loaded>(run: Run<Input, Output, Prepared, Loaded>): Promise<Output | Refusal> {
  const { command, context, deps, envelope, input, now } = run;
  const frame = context.action;
  let hasEvents = false;
  const outcome = await deps.database.prisma.$transaction(async (tx) => {
    const ticket = await namedTicket(deps.findTicket, tx, { actor: context.actor, reference: envelope.ticketId });
    const scope = newScope({ ...run, envelope: onTicket(envelope, ticket) }, tx, frame.id);
    const loaded = await load(command, scope, input);
    authorizeOn(guardOn(command, loaded, input), command.subject?.(loaded, input), { actor: context.actor, ticket, now });
    requireVersion(run, loaded);
    const result = await command.run(scope, input, loaded, run.prepared);
    await appendEvents(tx, scope.events, { actionId: frame.id, actorType: actorTypeOf(context.actor), at: now });
    hasEvents = scope.events.length > 0;
    const refused = isRefusal(result) ? result.refused : null;
    if (run.held && !refused) await finishKey(tx, run.held, { output: result, actionId: frame.id });
    if (scope.isSignOfLife && !hasEvents && !refused) return result;
    frame.commitPayload = actionPayload(deps.config, context, {
      ...factsOf(frame, envelope, scope),
      ticketNumber: ticket?.found?.number ?? null,
      outcome: refused ? 'denied' : 'ok',
      errorCode: refused,
      ms: performance.now() - run.started,
    });
    return result;
  }, transactionTimeouts);
  if (hasEvents) nudgeOutbox(deps.database);
  nudgeSealer(deps.database);
  return outcome;
}

/** The scope, with what the runner reads back from it after `run`. */
type OpenScope = CommandScope & {
  events: NewEvent[];
  recordIds: Set<string>;
  notes: string[];
  reverts: string | null;
  isSignOfLife: boolean;
};

function newScope(
  run: Pick<Run<unknown, unknown, unknown, unknown>, 'deps' | 'envelope' | 'now'> & { context: RequestContext },
  tx: Tx,
  actionId: string,
): OpenScope {
  const events: NewEvent[] = [];
  const recordIds = new Set<string>();
  const notes: string[] = [];
  const scope: OpenScope = {
    tx,
    deps: run.deps,
    context: run.context,
    actor: run.context.actor,
    now: run.now,
    actionId,
    reason: run.envelope.reason ?? null,
    ticketId: run.envelope.ticketId ?? null,
    expectedVersion: run.envelope.expectedVersion ?? null,
    emit: (event) => void events.push(event),
    touched: (...ids) => {
      for (const id of ids) recordIds.add(id);
    },
    note: (text) => void notes.push(text),
    takesBack: (actionIdBefore) => {
      scope.reverts = actionIdBefore;
    },
    repeatsSignOfLife: () => {
      scope.isSignOfLife = true;
    },
    events,
    recordIds,
    notes,
    reverts: null,
    isSignOfLife: false,
  };
  return scope;
}

function factsOf(
  frame: { id: string; resource: string; action: string },
  envelope: Envelope,
  scope: OpenScope,
): Omit<ActionFacts, 'outcome'> {
  return {
    id: frame.id,
    resource: frame.resource,
    action: frame.action,
    // A refusal that is returned comes before anything was touched.
    recordIds: scope.recordIds.size > 0 ? [...scope.recordIds] : aimedAt(envelope.input),
    reason: envelope.reason ?? null,
    ticketId: scope.ticketId,
    note: scope.notes.join('; ') || null,
    reverts: scope.reverts,
  };
}

/** From here on a ticket goes by its id, however it was quoted. */
function onTicket(envelope: Envelope, ticket: NamedTicket | null): Envelope {
  return ticket?.found ? { ...envelope, ticketId: ticket.found.id } : envelope;
}

/** Who may call a command on the record that was loaded. */
function guardOn<Input, Output, Prepared, Loaded>(
  { access, half, rightOf }: Command<Input, Output, Prepared, Loaded>,
  loaded: Loaded,
  input: Input,
): Pick<AnyCommand, 'access' | 'half'> {
  return { access: rightOf?.(loaded, input) ?? access, ...(half ? { half } : {}) };
}

function authorizeOn(
  command: Pick<AnyCommand, 'access' | 'half'>,
  subject: AccessSubject | undefined,
  { actor, ticket, now }: { actor: Actor; ticket: NamedTicket | null; now: Date },
): void {
  authorize(command, actor, subjectOnTicket(command, subject, { ticket, actor }), now);
  // After the rules about who: whoever may not learns nothing about tickets.
  requireTicket(command, ticket, subject);
}

async function load<Input, Output, Prepared, Loaded>(
  command: Command<Input, Output, Prepared, Loaded>,
  scope: CommandScope,
  input: Input,
): Promise<Loaded> {
  // Without a `load` the type parameter is undefined by default, which is what `run` then receives.
  return command.load ? command.load(scope, input) : Promise.resolve(undefined as Loaded);
}

async function prepare<Input, Output, Prepared, Loaded>(
  deps: CommandDeps,
  command: Command<Input, Output, Prepared, Loaded>,
  input: Input,
  context: RequestContext,
): Promise<Prepared> {
  return command.prepare ? command.prepare(deps, input, context) : Promise.resolve(undefined as Prepared);
}

function parseInput<Input>(command: { input: z.ZodType<Input> }, envelope: Envelope): Input {
  const given = envelope.input ?? {};
  const parsed = command.input.safeParse(given);
  if (!parsed.success) throw validationError(zodToFieldErrors(parsed.error, given));
  return parsed.data;
}

function requireVersion<Input, Output, Prepared, Loaded>(
  { command, envelope, input, prepared }: Run<Input, Output, Prepared, Loaded>,
  loaded: Loaded,
): void {
  const { expectedVersion } = envelope;
  if (!command.version || expectedVersion === undefined) return;
  const currentVersion = command.version(loaded);
  if (currentVersion === expectedVersion) return;
  fail('version_conflict', { extra: { expectedVersion, currentVersion, ...command.conflict?.(loaded, input, prepared) } });
}

const denialLogs = new WeakMap<Database, DenialLog>();

/** One denial log per database of this process, shared by the runner, the route gate and the API. */
export function denialLogOf(deps: CommandDeps): DenialLog {
  const known = denialLogs.get(deps.database);
  if (known) return known;
  const made = createDenialLog(deps);
  denialLogs.set(deps.database, made);
  return made;
}

async function recordFailure(
  deps: CommandDeps,
  context: RunContext,
  command: { name: string; resource: string },
  envelope: Envelope,
  error: AppError,
  ms: number,
): Promise<void> {
  const base = {
    id: context.action.id,
    resource: command.resource,
    action: command.name,
    errorCode: error.code,
    recordIds: aimedAt(envelope.input),
  };
  await runInContext({ ...context, action: null }, () => {
    if (error.status === 403)
      return denialLogOf(deps).record({ ...base, note: error.details.extra?.rule ? `rule ${String(error.details.extra.rule)}` : '' });
    return recordAction(deps, { ...base, outcome: 'error', reason: envelope.reason ?? null, ticketId: envelope.ticketId ?? null, ms });
  });
}

/** The record a refused call was aimed at, by the `id` of its input; refused calls never come to `touched`. */
function aimedAt(input: unknown): readonly string[] {
  const id: unknown = typeof input === 'object' && input !== null && 'id' in input ? input.id : null;
  return typeof id === 'string' && uuidPattern.test(id) ? [id] : [];
}
