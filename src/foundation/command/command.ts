import type { Logger } from 'pino';
import type { z } from 'zod';
import type { AccessSubject } from '../access/decide.ts';
import type { PermissionKey } from '../access/matrix.ts';
import type { Config } from '../config/config.ts';
import type { AccessTokens } from '../crypto/access-token.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { PasswordHasher } from '../crypto/password-hasher.ts';
import type { AppError, AppErrorDetails } from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { NewEvent } from '../outbox/append.ts';
import type { Actor } from '../runtime/actor.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Database, Tx } from '../runtime/database.ts';
import type { RequestContext } from '../runtime/request-context.ts';
import type { FindTicket } from './ticket-reference.ts';

/** What every command and query may use; built once in app.ts, replaced piece by piece in tests. */
export type CommandDeps = {
  config: Config;
  clock: Clock;
  log: Logger;
  database: Database;
  keyring: Keyring;
  hasher: PasswordHasher;
  accessTokens: AccessTokens;
  /** Tickets live in a module; the runner has to know that the one named exists and whom it is about. */
  findTicket: FindTicket;
};

/** Who may call a command. A permission key asks the matrix; the other three are for callers that the matrix does not know. */
export type CommandAccess =
  | PermissionKey
  /** Anyone, signed in or not: registration, sign-in, reset. */
  | 'public'
  /** A signed-in customer, on own rows only. */
  | 'owner'
  /** Jobs and command-line tools. */
  | 'system';

/** Handed to `run`: everything inside the one transaction. */
export type CommandScope = {
  tx: Tx;
  deps: CommandDeps;
  context: RequestContext;
  actor: Actor;
  /** Read once per command, so that all rows of one click carry one time. */
  now: Date;
  /** Id of the action row this command will leave; also the receipt. */
  actionId: string;
  reason: Reason | null;
  ticketId: string | null;
  expectedVersion: number | null;
  /** Queues an event for the outbox; written in this transaction. */
  emit(event: NewEvent): void;
  /** Adds record ids to the action row (first 100 are kept). */
  touched(...recordIds: string[]): void;
  /** Adds short, non-personal facts to the action's value row (`note`). */
  note(text: string): void;
  /** Names the action whose effect this command takes back. */
  takesBack(actionId: string): void;
  /**
   * Leaves no action row where the call commits and emits nothing: for signs of life that a screen repeats while somebody works, whose
   * only column the history ignores, and of which the first is on record. A refusal has its row all the same.
   */
  repeatsSignOfLife(): void;
};

/** A reason of product.md section 7: a code of the list and, where asked, at least 10 characters of text. */
export type Reason = { code: string; text?: string | undefined };

/**
 * A refusal that must keep what was written (a counted failure, a login event): returned, not thrown. The runner commits,
 * records the action with outcome `denied`, then throws the AppError.
 */
export type Refusal = { refused: ErrorCode; details?: AppErrorDetails };

export type Command<Input, Output, Prepared = undefined, Loaded = undefined> = {
  /** verb-noun, the `action` of the audit row. */
  name: string;
  /** Noun of the audit row and of the back-office resource, for example `user`. */
  resource: string;
  access: CommandAccess;
  /**
   * Which part of a two-person action the command is (product.md 4.7); without it such an action is refused with `four_eyes`.
   * `withdraw` is for whoever may request: no reason, ticket or fresh factor is asked. `second` is the later answer of a record that two
   * people decide on one after the other: the subject names the first one.
   */
  half?: 'request' | 'approve' | 'withdraw' | 'second';
  input: z.ZodType<Input>;
  /** Work that must not hold a transaction open: hashing, rate decisions, network-free checks. May throw AppError. */
  prepare?(deps: CommandDeps, input: Input, context: RequestContext): Promise<Prepared>;
  /** Loads the record the decision is about, locking it; 404 when it does not exist or is out of reach. */
  load?(scope: CommandScope, input: Input): Promise<Loaded>;
  /** The right that this very record asks, where one command serves several kinds; the matrix is asked for it instead of `access`. */
  rightOf?(loaded: Loaded, input: Input): PermissionKey;
  /** Facts of the loaded record that the access decision needs. */
  subject?(loaded: Loaded, input: Input): AccessSubject;
  /** Version of the loaded record, compared with expectedVersion when one was sent. */
  version?(loaded: Loaded): number;
  /** What a version conflict tells besides the versions, such as the values of now and those that were to be written. */
  conflict?(loaded: Loaded, input: Input, prepared: Prepared): Readonly<Record<string, unknown>>;
  /** Plain-language effects for the confirmation form; must not write. */
  preview?(scope: CommandScope, input: Input, loaded: Loaded): Promise<readonly string[]>;
  run(scope: CommandScope, input: Input, loaded: Loaded, prepared: Prepared): Promise<Output | Refusal>;
  /** True where the answer may be replayed for an Idempotency-Key; the output must be JSON. */
  isIdempotent?: boolean;
};

export type Envelope = {
  input: unknown;
  reason?: Reason | undefined;
  ticketId?: string | undefined;
  expectedVersion?: number | undefined;
  idempotencyKey?: string | undefined;
  /** What the caller asked for, where the input holds more, such as device and language: it decides whether a repeated call is the same. */
  asked?: unknown;
  /** Why the door does not offer the command any more. A repeated call still gets its first answer; any other is refused with it. */
  refusal?: AppError | undefined;
};

export type CommandResult<Output> = { output: Output; actionId: string; isReplay: boolean };

// biome-ignore lint/suspicious/noExplicitAny: a list of commands holds every input and output type at once.
export type AnyCommand = Command<any, any, any, any>;

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}

/** Keeps the type parameters of a command literal. */
export function defineCommand<Input, Output, Prepared = undefined, Loaded = undefined>(
  command: Command<Input, Output, Prepared, Loaded>,
): Command<Input, Output, Prepared, Loaded> {
  return command;
}
