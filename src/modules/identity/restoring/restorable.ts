import type { AnyCommand } from '../../../foundation/command/command.ts';
import type { QueryDeps } from '../query-deps.ts';
import { clientColumns, restoreClient } from './restore-client.ts';
import { clientAddressColumns, restoreClientAddress } from './restore-client-address.ts';
import { restoreUser, userColumns } from './restore-user.ts';
import { restoreVendor, vendorColumns } from './restore-vendor.ts';
import { restoreVendorSettings, vendorSettingsColumns } from './restore-vendor-settings.ts';

/** What can be restored of one table, and by which command. */
export type RestorableTable = {
  table: string;
  /** Columns by their names in the history. */
  fields: readonly string[];
  command: AnyCommand;
  /** Whether a deleted row can be brought back. */
  canRecover: boolean;
  /** Version of the live row, which the command wants to be told; 0 when the row is deleted. */
  currentVersion(deps: QueryDeps, id: string): Promise<number>;
};

type Versioned = { version: number } | null;
const select = { version: true } as const;

/** By table; what is not here is never restored. */
export const restorableTables: readonly RestorableTable[] = [
  table('identity.user', userColumns, restoreUser, ({ database }, id) => database.prisma.user.findUnique({ where: { id }, select })),
  table('identity.client', clientColumns, restoreClient, ({ database }, id) =>
    database.prisma.client.findUnique({ where: { id }, select }),
  ),
  table('identity.vendor', vendorColumns, restoreVendor, ({ database }, id) =>
    database.prisma.vendor.findUnique({ where: { id }, select }),
  ),
  table('identity.vendor_settings', vendorSettingsColumns, restoreVendorSettings, ({ database }, id) =>
    database.prisma.vendorSettings.findUnique({ where: { id }, select }),
  ),
  {
    ...table('identity.client_address', clientAddressColumns, restoreClientAddress, ({ database }, id) =>
      database.prisma.clientAddress.findUnique({ where: { id }, select }),
    ),
    canRecover: true,
  },
];

function table(
  name: string,
  columns: Readonly<Record<string, string>>,
  command: AnyCommand,
  find: (deps: QueryDeps, id: string) => Promise<Versioned>,
): RestorableTable {
  return {
    table: name,
    fields: Object.keys(columns),
    command,
    canRecover: false,
    currentVersion: async (deps, id) => (await find(deps, id))?.version ?? 0,
  };
}
