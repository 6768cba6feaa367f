import type { FindTicket } from '../../foundation/command/ticket-reference.ts';

const number = /^T-\d{1,12}$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The ticket behind an id or a number such as T-100042, for the command runner. Null for anything else. */
export const findTicket: FindTicket = async (tx, reference) => {
  const where = number.test(reference) ? { number: reference } : uuid.test(reference) ? { id: reference } : null;
  if (!where) return null;
  const select = { id: true, number: true, subjectUserId: true, submitterUserId: true, assignedTo: true, status: true } as const;
  const row = await tx.ticket.findUnique({ where, select });
  if (!row) return null;
  const { status, ...facts } = row;
  return { ...facts, isClosed: status === 'closed' };
};
