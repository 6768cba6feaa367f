import { z } from 'zod';

/** Whoever holds the contact that an account lost by this change. */
const formerContact = z.object({ approvalId: z.uuid(), leftBy: z.enum(['change', 'undo']) });

/**
 * What a delivery row keeps so that its words can be written when it is sent: ids, numbers, codes of lists and times,
 * never a contact, a name, a one-time code or a token.
 */
export const deliveryFacts = z.object({
  recipient: z.union([z.object({ userId: z.uuid() }), z.object({ flowId: z.uuid() }), z.object({ inviteId: z.uuid() }), formerContact]),
  /** When the thing happened that the message tells of. */
  occurredAt: z.iso.datetime(),
  flowId: z.uuid().optional(),
  sendNo: z.number().int().positive().optional(),
  sessionId: z.uuid().optional(),
  inviteId: z.uuid().optional(),
  approvalId: z.uuid().optional(),
  ticketId: z.uuid().optional(),
  privacyId: z.uuid().optional(),
  vendorId: z.uuid().optional(),
  /** The review case whose words the message carries. */
  caseId: z.uuid().optional(),
  productId: z.uuid().optional(),
  revisionId: z.uuid().optional(),
  accountId: z.uuid().optional(),
  isChange: z.boolean().optional(),
  /** What staff changed in a product. */
  productChange: z.enum(['price', 'stock', 'deleted', 'restored']).optional(),
  isArchived: z.boolean().optional(),
  isRemoved: z.boolean().optional(),
  /** Of an hourly digest: the deliveries that it stands for. */
  digestOf: z.array(z.uuid()).max(50).optional(),
  until: z.iso.datetime().optional(),
  reasonCode: z.string().max(60).optional(),
  factor: z.string().max(60).optional(),
  provider: z.string().max(60).optional(),
  role: z.string().max(60).optional(),
  isClosed: z.boolean().optional(),
  change: z.enum(['added', 'revoked', 'expired']).optional(),
  fields: z.array(z.string().max(60)).optional(),
  /** Of a notice of the staff inbox: what it says, and where below our address it leads. */
  title: z.string().max(200).optional(),
  path: z.string().max(300).startsWith('/admin/').optional(),
});
export type DeliveryFacts = z.infer<typeof deliveryFacts>;
