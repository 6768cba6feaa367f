import { createHash } from 'node:crypto';
import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import { personalDataOf, personBox } from '../../identity/index.ts';
import { kycDataOf } from '../../review/index.ts';

/** Where the file belongs; it opens nowhere else, and with no other person's key. */
const placeOf = (requestId: string) => `privacy_export.box:${requestId}`;

/** Version of the layout, for programs that read the file. */
const format = 'fashionistar-personal-data/v1';

/** The file as JSON text: what the modules hold about a person. */
export async function writeExportFile(deps: CommandDeps, userId: string): Promise<string> {
  const data = await personalDataOf(deps, userId);
  const tickets = await ticketsOf(deps, userId);
  const kyc = await kycDataOf(deps, userId);
  return `${JSON.stringify({ format, madeAt: deps.clock.now(), ...data, tickets, kyc }, null, 2)}\n`;
}

/** Tickets that the person opened, or that are about them, without who works on them. */
async function ticketsOf({ database }: CommandDeps, userId: string) {
  const rows = await database.prisma.ticket.findMany({
    where: { OR: [{ submitterUserId: userId }, { subjectUserId: userId }] },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  return rows.map(({ id, number, category, priority, status, title, createdAt, resolvedAt, closedAt, resolution }) => {
    return { id, number, category, priority, status, title, createdAt, resolvedAt, closedAt, resolution };
  });
}

export type SealedFile = { box: Uint8Array<ArrayBuffer>; sha256: Uint8Array<ArrayBuffer>; bytes: number };

/** Under the data key of the person, so that erasing them shreds it. Null once the key is destroyed. */
export async function sealExportFile(
  scope: CommandScope,
  { requestId, userId, text }: { requestId: string; userId: string; text: string },
): Promise<SealedFile | null> {
  const box = await personBox(scope.deps, scope.tx, userId);
  if (!box) return null;
  return {
    box: new Uint8Array(box.seal(placeOf(requestId), text)),
    sha256: new Uint8Array(createHash('sha256').update(text).digest()),
    bytes: Buffer.byteLength(text),
  };
}

/** Null once the key is destroyed. */
export async function openExportFile(
  scope: CommandScope,
  { requestId, userId, box }: { requestId: string; userId: string; box: Uint8Array },
): Promise<string | null> {
  const opened = await personBox(scope.deps, scope.tx, userId);
  return opened ? opened.open(placeOf(requestId), box) : null;
}
