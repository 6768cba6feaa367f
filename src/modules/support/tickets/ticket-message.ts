import type { Ticket, TicketMessage } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { type PersonBox, personBox } from '../../identity/index.ts';
import { personOf } from './ticket-record.ts';

/** Code points of a message at most. */
export const longestMessage = 5000;

/** Where the box of a message belongs, under the data key of the person the ticket is about. */
export const messageBox = (messageId: string) => `ticket_message.body_enc:${messageId}`;

/** Everything below a space but the line feed and the tabulator, and what deletes. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** Trimmed NFC, lines ended one way. @throws AppError 422 `required`, `too_long`, `invalid_value` at the path */
export function readBody(body: string, path = 'body'): string {
  const text = body.normalize('NFC').replaceAll(/\r\n?/g, '\n').trim();
  if (controls.test(text) || !text.isWellFormed()) throw validationError([{ path, code: 'invalid_value' }]);
  if (text === '') throw validationError([{ path, code: 'required' }]);
  if ([...text].length > longestMessage) throw validationError([{ path, code: 'too_long' }]);
  return text;
}

/** The person a conversation is with, and the means to write to it. @throws AppError 404 `not_found`, also after erasure */
async function boxOf(scope: CommandScope, ticket: Ticket): Promise<{ userId: string; box: PersonBox }> {
  const userId = personOf(ticket);
  const box = userId ? await personBox(scope.deps, scope.tx, userId) : null;
  return userId && box ? { userId, box } : fail('not_found');
}

type NewMessage = { body: string; authorId: string } & Pick<TicketMessage, 'visibility' | 'state'>;

/** Adds a message to a conversation. The audit keeps its id and length, never its text. @returns its id */
export async function writeMessage(
  scope: CommandScope,
  ticket: Ticket,
  { body, authorId, visibility, state }: NewMessage,
): Promise<string> {
  const { userId, box } = await boxOf(scope, ticket);
  const id = newId();
  await scope.tx.ticketMessage.createMany({
    data: {
      id,
      createdAt: scope.now,
      ticketId: ticket.id,
      subjectUserId: userId,
      authorId,
      visibility,
      state,
      bodyEnc: new Uint8Array(box.seal(messageBox(id), body)),
      sentAt: state === 'sent' ? scope.now : null,
    },
  });
  scope.touched(id);
  scope.note(`${visibility} message of ${[...body].length} characters`);
  return id;
}

/** A draft of this ticket that can still be sent; null otherwise. */
export async function openDraft(scope: CommandScope, ticket: Ticket, draftId: string): Promise<TicketMessage | null> {
  return scope.tx.ticketMessage.findFirst({ where: { id: draftId, ticketId: ticket.id, state: 'draft' } });
}

/** Other words in a draft, which stays one. @returns false where it was sent or discarded meanwhile */
export async function rewriteDraft(scope: CommandScope, ticket: Ticket, draft: TicketMessage, body: string): Promise<boolean> {
  const { box } = await boxOf(scope, ticket);
  return changeDraft(scope, draft, { bodyEnc: new Uint8Array(box.seal(messageBox(draft.id), body)) });
}

/** Sends a draft in the words given; who wrote it stays beside who sent it. @returns false where it was sent or discarded meanwhile */
export async function sendDraft(
  scope: CommandScope,
  ticket: Ticket,
  { draft, body, senderId }: { draft: TicketMessage; body: string; senderId: string },
): Promise<boolean> {
  const { box } = await boxOf(scope, ticket);
  scope.note(`public message of ${[...body].length} characters, from a draft`);
  return changeDraft(scope, draft, {
    state: 'sent',
    sentAt: scope.now,
    authorId: senderId,
    draftedBy: draft.authorId === senderId ? null : draft.authorId,
    bodyEnc: new Uint8Array(box.seal(messageBox(draft.id), body)),
  });
}

export async function dropDraft(scope: CommandScope, draft: TicketMessage): Promise<boolean> {
  return changeDraft(scope, draft, { state: 'discarded' });
}

type DraftChange = {
  state?: TicketMessage['state'];
  sentAt?: Date;
  authorId?: string;
  draftedBy?: string | null;
  bodyEnc?: Uint8Array<ArrayBuffer>;
};

/** Compare-and-set: a draft is sent or discarded once, however many try. */
async function changeDraft(scope: CommandScope, { id, version }: TicketMessage, data: DraftChange): Promise<boolean> {
  const where = { id, version, state: 'draft' as const };
  const { count } = await scope.tx.ticketMessage.updateMany({ where, data: { ...data, version: { increment: 1 } } });
  if (count === 1) scope.touched(id);
  return count === 1;
}
