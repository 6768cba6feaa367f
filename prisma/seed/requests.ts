import type { CommandDeps } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { staffCommands } from '../../src/modules/identity/index.ts';
import { commands, decisions, systemCommands } from '../../src/modules/support/index.ts';
import type { SeededCustomer } from './demo-files.ts';
import { backThen, type Colleagues, colleaguesOf, quietly, ticketAbout } from './request-scene.ts';

type Cast = { customers: readonly SeededCustomer[]; staff: readonly { email: string; userId?: string | undefined }[] };

const hour = 3600;
const reason = { code: 'customer_request', text: 'Called, lost the old phone and passed the checks' };
const checks = ['member_id', 'recent_device'];

/** Approval and privacy requests in every state that commands can bring about (product.md 10). */
export async function seedRequests(deps: CommandDeps, { customers, staff }: Cast): Promise<void> {
  const team = colleaguesOf(staff);
  if (!team) return;
  const withFactor = customers.filter((person) => person.totpSecret !== undefined && person.state === 'active');
  const others = customers.filter((person) => person.totpSecret === undefined && person.state === 'active').slice(8);
  await seedResets(deps, team, withFactor);
  await seedContactChanges(deps, team, others);
  await seedPrivacy(deps, team, others.slice(4));
  await seedHold(deps, team, others[11]);
  await team.admin.does(deps, commands.requestAdminGrant, {
    input: { id: team.lead.id, role: 'admin' },
    reason: { code: 'policy', text: 'Takes over the operations desk from December' },
  });
}

/** Waiting, carried out, denied, expired and failed. */
async function seedResets(deps: CommandDeps, team: Colleagues, people: readonly SeededCustomer[]): Promise<void> {
  const ask = async (index: number, secondsAgo: number): Promise<{ approvalId: string; at: CommandDeps } | null> => {
    const person = people[index];
    if (!person) return null;
    const at = backThen(deps, secondsAgo);
    const ticketId = await ticketAbout(at, team, { userId: person.userId, title: 'Lost the phone with the authenticator' });
    const { approvalId } = await team.support.does(at, commands.requestMfaReset, {
      input: { id: person.userId, checks },
      reason,
      ticketId,
    });
    return { approvalId, at };
  };
  await ask(0, 2 * hour);
  const done = await ask(1, 30 * hour);
  if (done) {
    await team.lead.does(done.at, decisions.approve, { input: { id: done.approvalId }, reason });
    await quietly(() => runCommand(done.at, systemCommands.executors.mfa_reset, { input: { approvalId: done.approvalId } }));
  }
  const denied = await ask(2, 20 * hour);
  if (denied) {
    const why = { code: 'security', text: 'The number that called belongs to another account' };
    await team.lead.does(denied.at, decisions.deny, { input: { id: denied.approvalId }, reason: why });
  }
  await ask(3, 60 * hour);
  await runCommand(deps, systemCommands.expireApprovals, { input: {} });
  const failed = await ask(4, 5 * hour);
  if (failed && people[4]) await failForChange(deps, team, { ...failed, userId: people[4].userId });
}

/** The name is corrected between the asking and the approval: what was asked for is not what is there. */
async function failForChange(
  deps: CommandDeps,
  team: Colleagues,
  { approvalId, at, userId }: { approvalId: string; at: CommandDeps; userId: string },
): Promise<void> {
  const { version } = await deps.database.prisma.user.findUniqueOrThrow({ where: { id: userId }, select: { version: true } });
  const why = { code: 'error_correction', text: 'The name was misspelt at sign-up' };
  await team.support.does(at, staffCommands.editUser, { input: { id: userId, lastName: 'Okonjo' }, reason: why, expectedVersion: version });
  await team.lead.does(at, decisions.approve, { input: { id: approvalId }, reason });
  await quietly(() => runCommand(at, systemCommands.executors.mfa_reset, { input: { approvalId } }));
}

/** Waiting, waiting for the code, and taken back. */
async function seedContactChanges(deps: CommandDeps, team: Colleagues, people: readonly SeededCustomer[]): Promise<void> {
  for (const [index, person] of people.slice(0, 3).entries()) {
    const at = backThen(deps, (3 + index) * hour);
    const ticketId = await ticketAbout(at, team, { userId: person.userId, title: 'Has no access to the old address' });
    const input = { id: person.userId, email: `demo-new${index + 1}@example.com`, checks };
    const { requestId } = await team.support.does(at, commands.requestContactChange, { input, reason, ticketId });
    if (index === 1) {
      await team.lead.does(at, decisions.approve, { input: { id: requestId }, reason });
      await quietly(() => runCommand(at, systemCommands.executors.contact_change, { input: { approvalId: requestId } }));
    }
    if (index === 2) await team.support.does(at, decisions.cancel, { input: { id: requestId } });
  }
}

const day = 86_400;

/** One of each kind: received and due soon, verified, being corrected, refused, made, and an erasure that two people approved. */
async function seedPrivacy(deps: CommandDeps, team: Colleagues, people: readonly SeededCustomer[]): Promise<void> {
  const take = async (index: number, input: object, daysAgo: number): Promise<{ id: string; at: CommandDeps; ticketId: string } | null> => {
    const person = people[index];
    if (!person) return null;
    const at = backThen(deps, daysAgo * day);
    const ticketId = await ticketAbout(at, team, { userId: person.userId, title: 'Asks about the own data', category: 'privacy' });
    const { requestId } = await team.support.does(at, commands.intakePrivacyRequest, {
      input: { id: person.userId, receivedVia: 'email', law: 'ndpa', ...input },
      ticketId,
    });
    return { id: requestId, at, ticketId };
  };
  const verified = async (index: number, input: object, daysAgo: number) => {
    const taken = await take(index, input, daysAgo);
    if (taken)
      await team.support.does(taken.at, commands.verifyPrivacyRequest, { input: { id: taken.id, checks }, ticketId: taken.ticketId });
    return taken;
  };
  await take(0, { kind: 'restrict', receivedVia: 'letter' }, 22);
  await verified(1, { kind: 'object', purposes: ['marketing_email', 'profiling'] }, 3);
  const approve = { reason: { code: 'legal', text: 'Nothing stands against it' } };
  const wrong = await verified(2, { kind: 'rectify' }, 6);
  if (wrong) {
    await team.lead.does(wrong.at, commands.approvePrivacyRequest, { input: { id: wrong.id }, ...approve });
    await runCommand(wrong.at, systemCommands.carryOutPrivacy, { input: { id: wrong.id } });
  }
  const copy = await verified(3, { kind: 'export', receivedVia: 'phone' }, 1);
  if (copy) await team.lead.does(copy.at, commands.approvePrivacyRequest, { input: { id: copy.id }, ...approve });
  const refused = await take(4, { kind: 'object', purposes: ['legitimate_interest'] }, 9);
  if (refused) {
    const text = 'You told us neither who you are nor which account is yours. Write to us from the address of the account.';
    const input = { id: refused.id, legalCode: 'identity_not_proven', text };
    await team.admin.does(refused.at, commands.refusePrivacyRequest, {
      input,
      reason: { code: 'legal', text: 'Three letters without an answer' },
    });
  }
  await seedErasure(team, await verified(5, { kind: 'erase' }, 2), people[5]);
  // Its grace is over: the worker erases the person within minutes, after the receipt left.
  await seedErasure(team, await verified(6, { kind: 'erase' }, 16), people[6]);
}

/** Somebody in a dispute before a court: not erased, and nothing about them is dropped. */
async function seedHold(deps: CommandDeps, { admin }: Colleagues, person: SeededCustomer | undefined): Promise<void> {
  if (!person) return;
  const matter = { code: 'legal', text: 'Letter of a lawyer about order 20114, file LD/882/2026' };
  await admin.does(backThen(deps, 5 * day), staffCommands.placeLegalHold, { input: { id: person.userId }, reason: matter });
}

async function seedErasure(
  team: Colleagues,
  taken: { at: CommandDeps; ticketId: string } | null,
  person: SeededCustomer | undefined,
): Promise<void> {
  if (!taken || !person) return;
  const { approvalId } = await team.support.does(taken.at, commands.askErasureApproval, {
    input: { id: person.userId },
    ...{ reason, ticketId: taken.ticketId },
  });
  await team.admin.does(taken.at, decisions.approve, { input: { id: approvalId }, reason });
}
