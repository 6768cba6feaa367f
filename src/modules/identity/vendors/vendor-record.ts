import type { Vendor } from '@prisma/client';
import { z } from 'zod';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { reasonCode, reasonText } from '../customers/reason-words.ts';
import { loadVendor, vendorSubject } from '../store-profile.ts';

/** Input of a staff command about one store, further fields added by the command. */
export const oneVendor = z.strictObject({ id: z.uuid() });
export type OneVendor = z.infer<typeof oneVendor>;

export type VendorMoved = { status: Vendor['status']; version: number };

/** What the staff commands about a store share: it is loaded behind its owner's lock, and its owner is whom the matrix asks about. */
export const onVendor = {
  resource: 'vendor',
  isIdempotent: true,
  load: loadVendor,
  subject: vendorSubject,
  version: (vendor: Vendor) => vendor.version,
} as const;

/** Who decides, with which code and in which words. */
export function decidedBy(scope: Pick<CommandScope, 'actor' | 'reason'>): { by: string | null; code: string; text: string } {
  return { by: actorIdOf(scope.actor), code: reasonCode(scope.reason), text: reasonText(scope.reason) };
}

/** Terms of a store that staff set: its owner is told which. */
export function emitTerms(scope: CommandScope, { id, userId }: Pick<Vendor, 'id' | 'userId'>, fields: readonly string[]): void {
  scope.touched(id, userId);
  scope.emit({ name: 'identity.vendor.profile_changed', aggregateId: id, payload: { vendorId: id, userId, fields } });
  scope.emit({ name: 'identity.user.profile_changed', aggregateId: userId, payload: { userId, fields } });
}
