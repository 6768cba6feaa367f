import type { CommandDeps } from '../../../foundation/command/command.ts';
import { findAccount } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import { type Contact, readContact } from '../contact.ts';

/** A sign-up that waits for its code, as support sees it: never the code, never a name. */
export type OpenRegistration = {
  /** Of the flow whose code is awaited. */
  flowId: string;
  kind: 'client' | 'vendor';
  contactMasked: string;
  startedAt: Date;
  /** Until when the sign-up can be finished. */
  expiresAt: Date;
  sends: number;
  triesLeft: number;
  nextSendAt: Date;
};

/** `userId`: the contact has an account already, so that nothing is unfinished. */
export type FoundRegistrations = { contactMasked: string; userId: string | null; open: readonly OpenRegistration[] };

/**
 * Sign-ups of a whole email or number that nobody finished (product.md 6.1, "never verified"), newest first. The caller records the
 * read. Claims on the contact of an account are decoys and are left out.
 * @throws AppError 422 `identifier_exactly_one`, `email_invalid`, `phone_invalid`, `phone_unsupported`
 */
export async function findRegistrations(deps: CommandDeps, typed: string): Promise<FoundRegistrations> {
  const text = typed.trim();
  const contact = readContact(deps, text.includes('@') ? { email: text } : { phone: text });
  const { prisma } = deps.database;
  const account = await findAccount(prisma, { kind: contact.kind, bidx: contact.bidx });
  return {
    contactMasked: contact.masked,
    userId: account && account.kind !== 'staff' ? account.id : null,
    open: account ? [] : await openOf(deps, contact),
  };
}

async function openOf({ clock, database }: CommandDeps, { bidx }: Contact): Promise<OpenRegistration[]> {
  const now = clock.now();
  const pending = await database.prisma.pendingRegistration.findMany({
    where: { identifierBidx: bytesOf(bidx), decoy: false, expiresAt: { gt: now } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: 10,
  });
  const flows = await database.prisma.otpFlow.findMany({
    where: { id: { in: pending.map(({ flowId }) => flowId) }, consumedAt: null, supersededAt: null, flowExpiresAt: { gt: now } },
  });
  return pending.flatMap(({ flowId, kind, identifierMasked, createdAt }) => {
    const flow = flows.find(({ id }) => id === flowId);
    if (!flow) return [];
    const { sends, attemptsLeft: triesLeft, nextSendAt, flowExpiresAt: expiresAt } = flow;
    return [{ flowId, kind, contactMasked: identifierMasked, startedAt: createdAt, expiresAt, sends, triesLeft, nextSendAt }];
  });
}
