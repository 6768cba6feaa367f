import type { RoleGrant } from '../../../src/foundation/access/roles.ts';
import type { Envelope } from '../../../src/foundation/command/command.ts';
import { AppError } from '../../../src/foundation/errors/app-error.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { customerCommands, decisions, queries, systemCommands } from '../../../src/modules/support/index.ts';
import { addStaff, system } from '../../audit/support/staff.ts';
import { staffActor, type TestApp } from '../../support/app.ts';
import { freshEmail, type Person, run } from '../identity/people.ts';

/** A member of staff with rows behind them, who proved a factor a moment ago. */
export async function staffOf(app: TestApp, role: RoleGrant['role'], isLead = false): Promise<StaffActor> {
  return staffActor({ role, isLead }, app.clock.now(), { id: await addStaff(app, role, isLead) });
}

/** The same person after another proof of a factor. */
export const fresh = (app: TestApp, actor: StaffActor): StaffActor => ({ ...actor, factorAt: app.clock.now() });

export const why = { code: 'customer_request', text: 'Asked on the phone, checked twice' };

/** The reason, and a new ticket about the person. */
export async function askedAbout(app: TestApp, userId: string): Promise<Omit<Envelope, 'input'>> {
  const id = newId();
  const ticket = { id, category: 'account_access', priority: 'medium', title: 'Lost a phone', subjectUserId: userId };
  await run(app, systemCommands.openTicketCommand, ticket, { actor: system });
  return { reason: why, ticketId: id };
}

export const decided: Omit<Envelope, 'input'> = { reason: why };

type Verb = 'approve' | 'deny' | 'cancel';

export function decide(app: TestApp, given: { id: string; verb: Verb; actor: StaffActor; version?: number }) {
  const { id, verb, actor, version } = given;
  const envelope = { ...decided, ...(version === undefined ? {} : { expectedVersion: version }) };
  return run(app, decisions[verb], { id }, { actor: fresh(app, actor), envelope });
}

/** What the worker does on the event; the code of the refusal, or null. */
export async function execute(app: TestApp, approvalId: string): Promise<string | null> {
  const { kind } = await approvalRow(app, approvalId);
  if (kind === 'erasure') throw new Error('Nothing carries out an erasure at once');
  const work = run(app, systemCommands.executors[kind], { approvalId }, { actor: system });
  return work.then(
    () => null,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );
}

export const expire = (app: TestApp) => run(app, systemCommands.expireApprovals, {}, { actor: system });

export const approvalRow = (app: TestApp, id: string) => app.deps.database.prisma.approvalRequest.findUniqueOrThrow({ where: { id } });

export const userRow = (app: TestApp, id: string) => app.deps.database.prisma.user.findUniqueOrThrow({ where: { id } });

/** A fresh proof of the person themselves. */
export const proved = (app: TestApp, person: Person) => ({ ...person.actor, authTime: app.clock.now() });

export function askForContact(app: TestApp, person: Person, contact: { email?: string; phone?: string } = { email: freshEmail() }) {
  const input = { ...contact, reason: 'I lost my old address' };
  return run(app, customerCommands.requestOwnContactChange, input, { actor: proved(app, person) });
}

/** Asked by the person, approved by a lead and taken up by the worker: waits for the code. */
export async function untilProof(app: TestApp, given: { person: Person; lead: StaffActor; contact?: { email?: string; phone?: string } }) {
  const { person, lead, contact } = given;
  const { requestId } = await askForContact(app, person, contact);
  await decide(app, { id: requestId, verb: 'approve', actor: lead });
  await execute(app, requestId);
  const view = await queries.readContactChange(app.deps, person.actor.id);
  if (!view?.flowId) throw new Error('No flow waits for a code');
  return { requestId, flowId: view.flowId, code: app.deps.keyring.otpCode(view.flowId, 1) };
}

export function verifyContact(app: TestApp, person: Person, given: { flowId: string; code: string }) {
  return run(app, customerCommands.verifyContactChange, { flowId: given.flowId, code: given.code }, { actor: proved(app, person) });
}
