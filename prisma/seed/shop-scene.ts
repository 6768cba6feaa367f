import type { Command, CommandDeps, Envelope } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { AppError } from '../../src/foundation/errors/app-error.ts';
import type { Actor } from '../../src/foundation/runtime/actor.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { type RequestContext, runInContext } from '../../src/foundation/runtime/request-context.ts';
import { commands, UploadedFile } from '../../src/modules/identity/index.ts';
import { type CaseKind, caseCommands, caseSystemCommands, checklists } from '../../src/modules/review/index.ts';
import type { SeededCustomer } from './demo-files.ts';
import { browsers, places } from './people.ts';
import type { Random } from './random.ts';
import { backThen, type Colleague, colleague } from './request-scene.ts';

type Member = { email: string; userId?: string | undefined };

/** Who reviews, sells and helps in the demo, and when. */
export type Scene = {
  deps: CommandDeps;
  random: Random;
  reviewers: readonly [Colleague, Colleague];
  lead: Colleague;
  admin: Colleague;
  moderator: Colleague;
  enhancer: Colleague;
  /** The same product so many hours ago. */
  ago(hours: number): CommandDeps;
};

/** Null where the demo has lost one of them. */
export function openScene(deps: CommandDeps, staff: readonly Member[], random: Random): Scene | null {
  const plain = (role: 'reviewer' | 'admin' | 'moderator' | 'enhancer', number: number) =>
    colleague(staff, `${role}${number}@example.com`, [{ role, isLead: false }]);
  const [one, two, admin] = [plain('reviewer', 1), plain('reviewer', 2), plain('admin', 1)];
  const lead = colleague(staff, 'reviewer-lead1@example.com', [{ role: 'reviewer', isLead: true }]);
  const [moderator, enhancer] = [plain('moderator', 1), plain('enhancer', 1)];
  if (!one || !two || !lead || !admin || !moderator || !enhancer) return null;
  return {
    deps,
    random,
    reviewers: [one, two],
    lead,
    admin,
    moderator,
    enhancer,
    ago: (hours) => backThen(deps, Math.round(hours * 3600)),
  };
}

/** A command of the owner of a store, just signed in, on the version of now: nobody else writes while the demo is made. */
export async function asOwner<Input, Output, Prepared, Loaded>(
  deps: CommandDeps,
  owner: Pick<SeededCustomer, 'userId'>,
  command: Command<Input, Output, Prepared, Loaded>,
  envelope: Envelope,
): Promise<Output> {
  const actor: Actor = { kind: 'vendor', id: owner.userId, sessionId: newId(), acr: 'aal2', authTime: deps.clock.now() };
  const context: RequestContext = {
    ...{ requestId: newId(), door: 'api', ip: places[0].ip, userAgent: browsers[2], path: null, clientId: 'public', actor, action: null },
  };
  return (await runInContext(context, () => runCommand(deps, command, envelope))).output;
}

/** A file that the owner handed in. */
export async function upload(deps: CommandDeps, owner: Pick<SeededCustomer, 'userId'>, bytes: Buffer): Promise<string> {
  return (await asOwner(deps, owner, commands.uploadFile, { input: { file: new UploadedFile(bytes) } })).fileId;
}

/**
 * The open case of what was just handed in. The worker of a running application would open it too, with the time of now; whichever comes
 * first, the other finds it.
 */
async function openCase(deps: CommandDeps, kind: CaseKind, subjectId: string): Promise<{ id: string; version: number } | null> {
  const input = { kind, subjectId, eventId: newId(), consumer: 'seed' };
  await runCommand(deps, caseSystemCommands.openCase, { input });
  return deps.database.prisma.reviewCase.findFirst({
    where: { kind, subjectId, status: { in: ['queued', 'claimed', 'pending_second'] }, sampleOfId: null },
    select: { id: true, version: true },
  });
}

/** What a reviewer found wanting: a note for colleagues on each item of the checklist that fails. */
type Fails = Readonly<Record<string, string>>;

export type Verdict =
  | { decision: 'wait' }
  /** Held by a reviewer at the moment, so that the claim lasts. */
  | { decision: 'hold'; by: Colleague }
  | { decision: 'approve'; by: Colleague; text?: string; acceptedFields?: string[] }
  | { decision: 'reject'; by: Colleague; code: string; text: string; fails: Fails }
  | { decision: 'request_changes'; by: Colleague; text: string; notes: { field: string; note: string }[]; fails: Fails };

/**
 * The worker of a running application may have been faster: it ends claims whose half hour was over long ago. A fault of the seed itself
 * (422, 500) is one.
 */
export async function calmly(work: () => Promise<unknown>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!(error instanceof AppError) || ![403, 404, 409, 412].includes(error.status)) throw error;
  });
}

type Playing = { kind: CaseKind; subjectId: string; opened: CommandDeps; decided: CommandDeps };

/** Opens the case of a subject and leads it to its verdict, by the commands that reviewers use; a second person where two are needed. */
export async function review(scene: Scene, { kind, subjectId, opened, decided }: Playing, verdict: Verdict): Promise<void> {
  const found = await openCase(opened, kind, subjectId);
  if (!found || verdict.decision === 'wait') return;
  const { by } = verdict;
  const at = verdict.decision === 'hold' ? scene.deps : decided;
  const version = async () => (await at.database.prisma.reviewCase.findUniqueOrThrow({ where: { id: found.id } })).version;
  const reason = { code: 'policy', text: 'Shared out by hand while the demo is made' };
  // A case that the worker takes back because its half hour was over long ago stays in the queue.
  await calmly(async () => {
    await scene.lead.does(at, caseCommands.reassignCase, {
      input: { id: found.id, staffId: by.id },
      reason,
      expectedVersion: await version(),
    });
    if (verdict.decision === 'hold') return;
    const envelope = { input: { id: found.id, ...answerOf(kind, verdict) }, expectedVersion: await version() };
    switch (verdict.decision) {
      case 'approve':
        await by.does(at, caseCommands.approveCase, envelope);
        return secondAnswer(scene, at, found.id);
      case 'reject':
        return void (await by.does(at, caseCommands.rejectCase, envelope));
      case 'request_changes':
        return void (await by.does(at, caseCommands.requestChanges, envelope));
      default:
        return verdict satisfies never;
    }
  });
}

async function secondAnswer(scene: Scene, at: CommandDeps, id: string): Promise<void> {
  const row = await at.database.prisma.reviewCase.findUniqueOrThrow({ where: { id } });
  if (row.status !== 'pending_second') return;
  const second = row.decidedBy === scene.lead.id ? scene.admin : scene.lead;
  await second.does(at, caseCommands.secondApprove, { input: { id }, expectedVersion: row.version });
}

function answerOf(kind: CaseKind, verdict: Exclude<Verdict, { decision: 'wait' | 'hold' }>) {
  switch (verdict.decision) {
    case 'approve':
      return {
        checklist: checklistOf(kind),
        ...(verdict.text ? { text: verdict.text } : {}),
        ...(verdict.acceptedFields ? { acceptedFields: verdict.acceptedFields } : {}),
      };
    case 'reject':
      return { code: verdict.code, text: verdict.text, checklist: checklistOf(kind, verdict.fails) };
    case 'request_changes':
      return { text: verdict.text, fieldNotes: verdict.notes, checklist: checklistOf(kind, verdict.fails) };
    default:
      return verdict satisfies never;
  }
}

/** Every item answered. A selfie is always handed in; the other items that may be left out concern none of these shops. */
function checklistOf(kind: CaseKind, fails: Fails = {}): { item: string; answer: 'pass' | 'fail' | 'na'; note?: string }[] {
  return checklists[kind].map(({ item, mayBeNa }) => {
    const note = fails[item];
    if (note !== undefined) return { item, answer: 'fail', note };
    return { item, answer: mayBeNa && item !== 'selfie' ? 'na' : 'pass' };
  });
}
