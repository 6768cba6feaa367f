import { fail } from '../../../foundation/errors/app-error.ts';
import { findAccount } from '../account.ts';
import type { QueryDeps } from '../query-deps.ts';
import { type ClientView, clientView } from './client-view.ts';
import { ownVendor, type VendorView, vendorView } from './vendor-view.ts';

/** The own shopper profile. @throws AppError 403 `role_required` for a vendor, 401 `session_revoked` when the account is gone */
export async function readClientProfile(deps: QueryDeps, userId: string): Promise<ClientView> {
  const { prisma } = deps.database;
  const account = (await findAccount(prisma, { userId })) ?? fail('session_revoked');
  if (account.kind !== 'client') fail('role_required');
  return clientView(deps.keyring, account, await prisma.client.findUniqueOrThrow({ where: { userId } }));
}

/** The own store. @throws AppError 403 `role_required` for a client */
export async function readVendorProfile(deps: QueryDeps, userId: string): Promise<VendorView> {
  const { prisma } = deps.database;
  const vendor = (await prisma.vendor.findUnique({ where: { userId } })) ?? fail('role_required');
  return vendorView(await ownVendor(prisma, vendor));
}

/** For messages: the number a person is known by; null when nobody has that id. */
export async function memberIdOf({ database }: Pick<QueryDeps, 'database'>, userId: string): Promise<string | null> {
  return (await database.prisma.user.findUnique({ where: { id: userId }, select: { memberId: true } }))?.memberId ?? null;
}

/** For messages: how a person's store is called; null without a store or a name. */
export async function storeNameOf({ database }: Pick<QueryDeps, 'database'>, userId: string): Promise<string | null> {
  return (await database.prisma.vendor.findUnique({ where: { userId }, select: { storeName: true } }))?.storeName ?? null;
}
