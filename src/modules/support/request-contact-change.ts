import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand, type Refusal } from '../../foundation/command/command.ts';
import { type ApprovalSubject, type Contact, identifierFields, lockOwnAccount, readContact, requireFresh } from '../identity/index.ts';
import { askerOf } from './asker.ts';
import { contactPayload } from './contact-payload.ts';
import { checksOfCall, passedChecks } from './identity-check.ts';
import { type NewApproval, openApproval } from './open-approval.ts';
import { requireSubject } from './request-mfa-reset.ts';

/** `requestId` is the approval's; `newContact` is masked from what was typed. */
export type ContactChangeAsked = { requestId: string; status: 'requested'; newContact: string; expiresAt: Date };

const ownInput = z.object({ ...identifierFields, reason: z.string().trim().min(10).max(500) });
type OwnInput = z.infer<typeof ownInput>;

/**
 * The customer asks for another contact. Whether somebody has it already is not looked up here: the answer, its time and its rows
 * are the same (auth-api.md 2.6, P1, U17). Two members of the team are not needed: the customer is the first of the two people.
 * @throws AppError 403 `reauth_required`, `account_frozen`, 409 `contact_change_open`, 422 of auth-api.md 1.7, `too_short`, `too_long`
 */
export const requestOwnContactChange = defineCommand<OwnInput, ContactChangeAsked, Contact, Awaited<ReturnType<typeof lockOwnAccount>>>({
  name: 'request-contact-change',
  resource: 'approval_request',
  access: 'owner',
  input: ownInput,
  isIdempotent: true,
  prepare: async (deps: CommandDeps, body) => readContact(deps, body),
  load: lockOwnAccount,
  async run(scope, { reason }, account, contact) {
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    const subject = { account, facts: { userId: account.id, kind: account.kind, rank: 0 } };
    return open(scope, {
      userId: account.id,
      contact,
      requestedBy: account.id,
      reason,
      restsOn: { subject, parts: ['contact', 'status'] },
    });
  },
});

const staffInput = z.strictObject({ id: z.uuid(), ...identifierFields, checks: passedChecks.optional() });
type StaffInput = z.infer<typeof staffInput>;

/**
 * Support asks in the customer's name. Once approved, nothing changes before the holder of the new contact gives its code back.
 * @throws AppError 403 `forbidden`, `step_up_required`, 404 `not_found`, 409 `contact_change_open`,
 * 422 `caller_check_required` and those of auth-api.md 1.7
 */
export const requestContactChange = defineCommand<StaffInput, ContactChangeAsked, Contact, ApprovalSubject>({
  name: 'request-contact-change',
  resource: 'approval_request',
  access: 'user.change_contact',
  half: 'request',
  input: staffInput,
  isIdempotent: true,
  prepare: async (deps: CommandDeps, body) => readContact(deps, body),
  load: (scope, { id }) => requireSubject(scope, id),
  subject: ({ facts }) => facts,
  async preview() {
    return [
      'Asks a second person to approve the change; then a code goes to the new contact.',
      'The old contact is told and can take the change back for 72 hours.',
    ];
  },
  async run(scope, { id, checks }, subject, contact) {
    const { by, words } = askerOf(scope);
    const passed = await checksOfCall(scope, id, checks);
    if (!passed) return { refused: 'caller_check_required' };
    const restsOn = { subject, parts: ['contact', 'person', 'status'] as const };
    return open(scope, { userId: id, contact, requestedBy: by, reason: words, evidence: { passed }, restsOn });
  },
});

type Asked = { userId: string; contact: Contact } & Pick<NewApproval, 'requestedBy' | 'reason' | 'evidence' | 'restsOn'>;

async function open(scope: CommandScope, { userId, contact, ...asked }: Asked): Promise<ContactChangeAsked | Refusal> {
  const opened = await openApproval(scope, {
    kind: 'contact_change',
    subjectUserId: userId,
    ...asked,
    payload: contactPayload.seal(contact),
    summary: contact.masked,
    ticket: scope.ticketId,
  });
  if (!opened) return { refused: 'contact_change_open' };
  return { requestId: opened.id, status: 'requested', newContact: contact.destination, expiresAt: opened.expiresAt };
}
