import type { AccessSubject } from '../../../foundation/access/decide.ts';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { lockAnyProduct, lockProduct, type ProductRecord } from './product-record.ts';

/** The calling member of staff. @throws AppError 403 `forbidden` */
export function staffIn({ actor }: Pick<CommandScope, 'actor'>): StaffActor {
  return actor.kind === 'staff' ? actor : fail('forbidden');
}

/** @throws AppError 404 `not_found`, also for a deleted product */
export async function loadProduct(scope: CommandScope, { id }: { id: string }): Promise<ProductRecord> {
  return (await lockProduct(scope, id)) ?? fail('not_found');
}

/** The same with deleted products. */
export async function loadAnyProduct(scope: CommandScope, { id }: { id: string }): Promise<ProductRecord> {
  return (await lockAnyProduct(scope, id)) ?? fail('not_found');
}

/** Whose product it is, for the matrix. */
export function productSubject({ ownerUserId }: Pick<ProductRecord, 'ownerUserId'>): AccessSubject {
  return { userId: ownerUserId, kind: 'vendor', rank: 0 };
}

/** What every command of staff on a product shares. */
export const onProduct = { subject: productSubject, version: ({ version }: ProductRecord) => version } as const;
