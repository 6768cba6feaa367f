import { randomBytes } from 'node:crypto';
import type { Command, Envelope } from '../../../src/foundation/command/command.ts';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import { AppError } from '../../../src/foundation/errors/app-error.ts';
import type { Actor, CustomerActor } from '../../../src/foundation/runtime/actor.ts';
import type { RequestContext } from '../../../src/foundation/runtime/request-context.ts';
import { commands, type IssuedTokens, type SignInOutcome } from '../../../src/modules/identity/index.ts';
import { anonymous, type TestApp } from '../../support/app.ts';

/** The public client without a device. */
export const caller = { client: { clientId: 'public', mode: 'body' as const }, device: { token: null as string | null } };

export const password = 'blue okra sings late';

let count = 0;

/** An address that no test used before. */
export function freshEmail(): string {
  count += 1;
  return `person-${process.pid}-${count}@example.com`;
}

export function freshPhone(): string {
  count += 1;
  return `+234700000${String(count % 10_000).padStart(4, '0')}`;
}

type Anyone = { actor?: Actor; request?: Partial<RequestContext>; envelope?: Omit<Envelope, 'input'> };

/** Runs a command as somebody; the output, or the AppError. */
export async function run<Input, Output, Prepared, Loaded>(
  app: TestApp,
  command: Command<Input, Output, Prepared, Loaded>,
  input: object,
  who: Anyone = {},
): Promise<Output> {
  const { output } = await app.as(who.actor ?? anonymous, () => runCommand(app.deps, command, { input, ...who.envelope }), who.request);
  return output;
}

/** The code of the refusal; fails when there is none. */
export async function refusal(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

export async function refusalCode(work: Promise<unknown>): Promise<string> {
  return (await refusal(work)).code;
}

export function tokensOf(outcome: SignInOutcome): IssuedTokens {
  if (outcome.kind !== 'tokens') throw new Error('A second factor was asked for');
  return outcome.tokens;
}

export type Person = { email: string; tokens: IssuedTokens; actor: CustomerActor; deviceToken: string };

/** A verified client (or vendor), signed in on a device of their own. */
export async function registerPerson(app: TestApp, role: 'client' | 'vendor' = 'client', email = freshEmail()): Promise<Person> {
  const { flowId } = await run(app, commands.startRegistration, {
    email,
    password,
    role,
    firstName: 'Ngozi',
    lastName: 'Bello',
    ...caller,
  });
  const outcome = await run(app, commands.verifyRegistration, { flowId, code: app.deps.keyring.otpCode(flowId, 1), ...caller });
  const tokens = tokensOf(outcome);
  return { email, tokens, actor: actorOf(tokens), deviceToken: tokens.deviceToken ?? '' };
}

export function actorOf(tokens: IssuedTokens): CustomerActor {
  const { session, user } = tokens;
  return { kind: user.role, id: user.id, sessionId: session.id, acr: session.acr, authTime: session.authTime };
}

export function wrongCode(right: string): string {
  return String((Number(right) + 1) % 1_000_000).padStart(6, '0');
}

/** Puts rows into a state that no command reaches in a test's time, as the operator, with an audit context. */
export function arrange<T>(app: TestApp, work: (prisma: TestApp['deps']['database']['prisma']) => Promise<T>): Promise<T> {
  return app.as({ kind: 'system', name: 'test' }, () => work(app.deps.database.prisma));
}

/** A passkey of somebody, as a row: enrolling one needs a browser. */
export function addPasskey(app: TestApp, userId: string, name = 'Laptop') {
  const bytes = (length: number) => new Uint8Array(randomBytes(length));
  return arrange(app, (prisma) => prisma.passkey.createMany({ data: { userId, name, credentialId: bytes(32), publicKey: bytes(64) } }));
}
