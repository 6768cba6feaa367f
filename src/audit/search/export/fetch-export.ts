import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';

const input = z.strictObject({ id: z.uuid() });

export type FetchedExport = { exportId: string; fileName: string; bytes: number; sha256: string };

type Stored = { action_id: string; bytes: string; sha256: Buffer; asked_at: Date };

/**
 * Opens the file of an export for whoever asked for it, once and before it expires. Recorded before a byte leaves, with the SHA-256
 * of what leaves. `audit.download_proof` of the matrix: reason and fresh factor were given when it was asked for.
 * @throws AppError 404 `not_found` for an export of somebody else; 410 `export_expired` once it was fetched, ended or failed
 */
export const fetchExport = defineCommand<{ id: string }, FetchedExport>({
  name: 'download-export',
  resource: 'audit_export',
  access: 'audit.download_proof',
  input,
  isIdempotent: false,
  async run(scope, { id }) {
    const { actor } = scope;
    if (actor.kind !== 'staff') fail('forbidden', { extra: { rule: 'not_staff' } });
    const [known] = await scope.tx.$queryRaw<Stored[]>`
      SELECT e.action_id, e.bytes::text AS bytes, e.sha256, e.asked_at FROM audit.export AS e WHERE e.id = ${id}::uuid AND e.actor_id = ${actor.id}::uuid`;
    if (!known) fail('not_found');
    const [opened] = await scope.tx.$queryRaw<{ done: boolean }[]>`
      SELECT audit.fetch_export(${id}::uuid, ${actor.id}::uuid, ${scope.now}::timestamptz) AS done`;
    if (!opened?.done) fail('export_expired');
    const sha256 = Buffer.from(known.sha256).toString('hex');
    scope.touched(id);
    scope.note(`sha256 ${sha256}; ${known.bytes} bytes; export ${known.action_id}`);
    return {
      exportId: id,
      fileName: `audit-${known.asked_at.toISOString().slice(0, 10)}-${id.slice(-8)}.zip`,
      bytes: Number(known.bytes),
      sha256,
    };
  },
});
