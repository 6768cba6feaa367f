import type { CommandDeps } from '../../foundation/command/command.ts';
import { type AccountRow, type ClearContact, contactInClear, findAccount, maskedForOwner } from './account.ts';
import { changerOf, targetOf } from './approved/contact-proof.ts';
import { formerContactOf, formerContactToken, type LeftBy } from './approved/former-contact.ts';
import { placeName } from './history/place.ts';
import { notMeToken } from './not-me-token.ts';
import { openPending } from './registration/pending-registration.ts';
import { inviteBox, invitedRoles, inviteToken } from './staff/invite-staff.ts';

/** Whom a message is for: a person, the holder of a code flow, someone invited to the staff, or the holder of a contact that an account lost. */
export type RecipientRef = { userId: string } | { flowId: string } | { inviteId: string } | FormerContactRef;
type FormerContactRef = { approvalId: string; leftBy: LeftBy };

export type Recipient = {
  /** Null for people who have no account yet. */
  userId: string | null;
  channel: 'email' | 'sms';
  /** The stored contact in clear. Goes to the sender and nowhere else. */
  address: string;
  language: string;
  timezone: string;
  firstName: string | null;
  kind: 'client' | 'vendor' | 'staff';
};

type QueryDeps = Pick<CommandDeps, 'database' | 'keyring' | 'clock'>;

const defaultTimezone = 'Africa/Lagos';

/** Resolved when sending, so that a message goes to the contact of now. Null for decoys, erased people and rows that are gone. */
export async function recipientOf(deps: QueryDeps, ref: RecipientRef): Promise<Recipient | null> {
  if ('userId' in ref) return personRecipient(deps, ref.userId);
  if ('inviteId' in ref) return inviteRecipient(deps, ref.inviteId);
  if ('approvalId' in ref) return formerRecipient(deps, ref);
  return flowRecipient(deps, ref.flowId);
}

async function personRecipient(deps: QueryDeps, userId: string): Promise<Recipient | null> {
  const account = await findAccount(deps.database.prisma, { userId });
  return account && recipientAt(account, contactInClear(deps.keyring, account));
}

/** The person at this contact; null without one. */
function recipientAt(account: AccountRow, contact: ClearContact | null): Recipient | null {
  if (!contact) return null;
  return {
    userId: account.id,
    channel: contact.kind === 'email' ? 'email' : 'sms',
    address: contact.value,
    language: account.language,
    timezone: account.timezone,
    firstName: account.firstName,
    kind: account.kind,
  };
}

async function flowRecipient(deps: QueryDeps, flowId: string): Promise<Recipient | null> {
  const flow = await deps.database.prisma.otpFlow.findUnique({ where: { id: flowId } });
  if (!flow || flow.decoy) return null;
  if (flow.subjectType === 'user' && flow.subjectId) return personRecipient(deps, flow.subjectId);
  const changerId = changerOf(flow);
  if (changerId) {
    const account = await findAccount(deps.database.prisma, { userId: changerId });
    return account && recipientAt(account, targetOf(deps, account, flow));
  }
  return pendingRecipient(deps, flowId);
}

/** Where the account was to be reached before a change, for 72 hours. */
async function formerRecipient(deps: QueryDeps, ref: FormerContactRef): Promise<Recipient | null> {
  const former = await formerContactOf(deps, ref);
  const account = former && (await findAccount(deps.database.prisma, { userId: former.userId }));
  return account && former && recipientAt(account, former.contact);
}

async function pendingRecipient(deps: QueryDeps, flowId: string): Promise<Recipient | null> {
  const row = await deps.database.prisma.pendingRegistration.findUnique({ where: { flowId } });
  const opened = row && openPending(deps, row);
  if (!opened) return null;
  return {
    userId: null,
    channel: opened.contact.channel,
    address: opened.contact.value,
    language: row.locale,
    timezone: defaultTimezone,
    firstName: opened.firstName,
    kind: row.kind,
  };
}

async function inviteRecipient(deps: QueryDeps, inviteId: string): Promise<Recipient | null> {
  const row = await deps.database.prisma.staffInvite.findUnique({ where: { id: inviteId } });
  if (!row || row.acceptedAt || row.cancelledAt || !row.emailEnc || !row.wrappedRowKey || !row.kekKid) return null;
  const rowKey = deps.keyring.unwrapDataKey(row.wrappedRowKey, row.kekKid);
  return {
    userId: null,
    channel: 'email',
    address: deps.keyring.decryptField(rowKey, inviteBox(row.id), row.emailEnc),
    language: 'en',
    timezone: defaultTimezone,
    firstName: null,
    kind: 'staff',
  };
}

export type SendableCode = {
  purpose: 'register' | 'login' | 'reset' | 'contact_change' | 'step_up' | 'link';
  code: string;
  /** Fragment value of the mail link; null where the flow has none. */
  linkToken: string | null;
};

/** Code and link of a flow's current sending, derived anew. Null once the flow is finished, superseded, over-age or a decoy, or a later sending replaced this one. */
export async function sendableCode(deps: QueryDeps, flowId: string, sendNo: number): Promise<SendableCode | null> {
  const flow = await deps.database.prisma.otpFlow.findUnique({ where: { id: flowId } });
  if (!flow?.codeHash || flow.decoy || flow.consumedAt || flow.supersededAt || flow.sendNo !== sendNo) return null;
  if (flow.expiresAt <= deps.clock.now()) return null;
  return {
    purpose: flow.purpose,
    code: deps.keyring.otpCode(flowId, sendNo),
    linkToken: flow.linkHash ? deps.keyring.linkToken(flowId, sendNo) : null,
  };
}

export type SessionFacts = { device: string; place: string };

/** How a session is named in a notice; null when it is gone. */
export async function sessionFacts(deps: QueryDeps, sessionId: string): Promise<SessionFacts | null> {
  const row = await deps.database.prisma.session.findUnique({
    where: { id: sessionId },
    select: { deviceName: true, countryCode: true, city: true },
  });
  if (!row) return null;
  const place = [row.city, placeName(row.countryCode)].filter(Boolean).join(', ');
  return { device: row.deviceName ?? 'Unknown device', place: place === 'unknown' ? 'unknown place' : place };
}

export async function recoveryCodesLeft(deps: QueryDeps, userId: string): Promise<number> {
  return deps.database.prisma.recoveryCode.count({ where: { userId, usedAt: null } });
}

/** What an invitation says. `token` is derived, so that a repeated mail carries the same link. */
export async function inviteFacts(deps: QueryDeps, inviteId: string): Promise<{ roles: readonly string[]; token: string } | null> {
  const row = await deps.database.prisma.staffInvite.findUnique({ where: { id: inviteId } });
  if (!row || row.acceptedAt || row.cancelledAt || row.expiresAt <= deps.clock.now()) return null;
  return { roles: invitedRoles.parse(row.roles).map(({ role }) => role), token: inviteToken(deps, inviteId, row.sendNo) };
}

/** The token of a "this was not me" link for a notice about this session or, with null, about the account. */
export function notMeTokenOf(
  deps: Pick<CommandDeps, 'keyring'>,
  subject: { userId: string; sessionId: string | null; atMs: number },
): string {
  const { userId, sessionId, atMs } = subject;
  return notMeToken(deps.keyring, { userId, sessionId, issuedAtSeconds: Math.floor(atMs / 1000) });
}

/** The token of the link by which the holder of the old contact takes a change back. */
export function undoTokenOf(deps: Pick<CommandDeps, 'keyring'>, approvalId: string): string {
  return formerContactToken(deps.keyring, approvalId, 'change');
}

/** How two contacts of a change are named to their holders: the account's own now, and the one it lost; null where unknown by now. */
export async function contactsOfChange(deps: QueryDeps, { userId, ...ref }: FormerContactRef & { userId: string }) {
  const [account, former] = await Promise.all([findAccount(deps.database.prisma, { userId }), formerContactOf(deps, ref)]);
  const own = account && contactInClear(deps.keyring, account);
  return { own: own && maskedForOwner(own), former: former && maskedForOwner(former.contact) };
}
