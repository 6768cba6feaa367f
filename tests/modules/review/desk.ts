import type { RoleGrant } from '../../../src/foundation/access/roles.ts';
import type { AnyCommand, Envelope } from '../../../src/foundation/command/command.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import type { CaseKind } from '../../../src/modules/review/checklists.ts';
import { caseCommands, caseSystemCommands, checklists } from '../../../src/modules/review/index.ts';
import { addStaff, system } from '../../audit/support/staff.ts';
import { staffActor, type TestApp } from '../../support/app.ts';
import { arrange, type Person, registerPerson, run } from '../identity/people.ts';

/** A colleague without rows behind them: enough for commands that only ask the matrix. */
export const colleague = (app: TestApp, role: RoleGrant['role'] = 'reviewer', isLead = false): StaffActor =>
  staffActor({ role, isLead }, app.clock.now());

/** A colleague with an account, who may be handed something or be tied to a vendor. */
export const hired = async (app: TestApp, role: RoleGrant['role'] = 'reviewer', isLead = false): Promise<StaffActor> =>
  staffActor({ role, isLead }, app.clock.now(), { id: await addStaff(app, role, isLead) });

/** The same person after another proof of a factor. */
export const fresh = (app: TestApp, actor: StaffActor): StaffActor => ({ ...actor, factorAt: app.clock.now() });

export const why = { code: 'quality', text: 'Somebody asked for it by name' };

export type Store = { person: Person; userId: string; vendorId: string };
type StoreState = { status?: string; businessType?: string; riskScore?: number; subscriptionTier?: string; isKycDone?: boolean };

let count = 0;

/** A store with everything that its review asks, in the state named. */
export async function store(app: TestApp, given: StoreState = {}): Promise<Store> {
  const { isKycDone = true, ...state } = given;
  const person = await registerPerson(app, 'vendor');
  count += 1;
  const data = {
    storeName: `Adire House ${count}`,
    storeNameFolded: `adire house ${process.pid} ${count}`,
    storeSlug: `adire-house-${process.pid}-${count}`,
    description: 'Hand-dyed cloth from Abeokuta, cut to measure.',
    businessType: 'tailor',
    collections: ['women'],
    status: 'submitted',
    ...state,
    ...(state.status === 'approved' ? { verifiedAt: app.clock.now() } : {}),
  };
  const { id } = await arrange(app, async (prisma) => {
    const [row] = await prisma.vendor.updateManyAndReturn({ where: { userId: person.actor.id }, data: data as never });
    if (!row) throw new Error('The vendor has no store');
    if (isKycDone) await prisma.vendorSetup.updateMany({ where: { vendorId: row.id }, data: { kycDoneAt: app.clock.now() } });
    return row;
  });
  return { person, userId: person.actor.id, vendorId: id };
}

/** A product of a store that waits for review; its id. */
export async function product(app: TestApp, { vendorId, userId }: Store, given: object = {}): Promise<string> {
  const id = newId();
  const data = {
    ...{ id, vendorId, ownerUserId: userId, title: 'Adire wrap dress', slug: `adire-wrap-${id}`, status: 'pending' as const },
    ...{ description: 'A wrap dress of hand-dyed cotton.', price: '15000.00', categoryCodes: ['dresses'], ...given },
  };
  await arrange(app, (prisma) => prisma.product.createMany({ data }));
  return id;
}

/** Proofs of identity of a store, handed in; their id. */
export async function proofs(app: TestApp, { vendorId, userId }: Store): Promise<string> {
  const id = newId();
  await arrange(app, (prisma) =>
    prisma.kycSubmission.createMany({ data: { id, vendorId, ownerUserId: userId, status: 'submitted', submittedAt: app.clock.now() } }),
  );
  return id;
}

/** What the worker does on the event of a submission; the id of the case, or null. */
export async function open(app: TestApp, kind: CaseKind, subjectId: string, eventId = newId()): Promise<string | null> {
  const input = { kind, subjectId, eventId, consumer: `test.${kind}` };
  return (await run(app, caseSystemCommands.openCase, input, { actor: system })).caseId;
}

export async function opened(app: TestApp, kind: CaseKind, subjectId: string): Promise<string> {
  return (await open(app, kind, subjectId)) ?? Promise.reject(new Error('No case was opened'));
}

/** A store that was handed in, with its case. */
export async function waiting(app: TestApp, given: StoreState = {}): Promise<Store & { caseId: string }> {
  const made = await store(app, given);
  return { ...made, caseId: await opened(app, 'vendor', made.vendorId) };
}

export const caseRow = (app: TestApp, id: string) => app.deps.database.prisma.reviewCase.findUniqueOrThrow({ where: { id } });
export const vendorRow = (app: TestApp, id: string) => app.deps.database.prisma.vendor.findUniqueOrThrow({ where: { id } });

export const takeNext = (app: TestApp, actor: StaffActor) => run(app, caseCommands.takeNext, {}, { actor });

/** Runs a command of the queue on the version of now, unless another one is named. */
export async function act(
  app: TestApp,
  actor: StaffActor,
  command: AnyCommand,
  input: { id: string } & Record<string, unknown>,
  envelope: Omit<Envelope, 'input'> = {},
) {
  const { version } = await caseRow(app, input.id);
  return run(app, command, input, { actor: fresh(app, actor), envelope: { expectedVersion: version, reason: why, ...envelope } });
}

export const pick = (app: TestApp, actor: StaffActor, id: string) => act(app, actor, caseCommands.pickCase, { id });

/** Every item passed. */
export const passed = (kind: CaseKind) => checklists[kind].map(({ item }) => ({ item, answer: 'pass' as const }));

export const approve = (app: TestApp, actor: StaffActor, id: string, kind: CaseKind = 'vendor') =>
  act(app, actor, caseCommands.approveCase, { id, checklist: passed(kind) });

/** Names of the events of a case, in their order. */
export async function eventsOf(app: TestApp, caseId: string): Promise<string[]> {
  const rows = await app.deps.database.prisma.outboxEvent.findMany({ where: { aggregateId: caseId }, orderBy: { id: 'asc' } });
  return rows.map((row) => row.name.replace('review.case.', ''));
}

/** Empties the queue: each test has it to itself. */
export const emptyQueue = (app: TestApp) => arrange(app, (prisma) => prisma.reviewCase.deleteMany({}));
