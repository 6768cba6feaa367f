import { z } from 'zod';
import { grantFor } from '../../foundation/access/evaluate.ts';
import { recordAction } from '../../foundation/command/action-row.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { openBox } from '../../foundation/crypto/sealed-box.ts';
import { type PartPlace, sealParts } from '../../foundation/crypto/sealed-parts.ts';
import { AppError, fail } from '../../foundation/errors/app-error.ts';
import { appendEvents } from '../../foundation/outbox/append.ts';
import { nudgeOutbox } from '../../foundation/outbox/nudge.ts';
import { actorTypeOf, type StaffActor } from '../../foundation/runtime/actor.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import { requireContext } from '../../foundation/runtime/request-context.ts';
import type { StaffIdentityPort } from '../sign-in/port.ts';
import { queryPlace } from './ask-list-export.ts';
import { exportLines } from './export-rows.ts';
import { beginListExport, type ListExportOrder } from './list-export.queries.ts';

type ExportParts = { deps: CommandDeps; identity: Pick<StaffIdentityPort, 'loadStaff'> };

/** Where the pieces of a file belong; they open nowhere else. */
export const partPlace = (exportId: string, dataKey: Uint8Array): PartPlace => ({
  dataKey,
  contextOf: (position) => `platform.list_export:${exportId}:${position}`,
});

/**
 * Makes the file of an export that was asked for, with the rights its requester has now. Safe to repeat: a finished one is left
 * alone, an attempt that died is begun anew. What the rights or the number of rows refuse ends it at once; anything else is tried
 * again, and ends it when `isLastAttempt`.
 */
export async function makeListExport(parts: ExportParts, exportId: string, isLastAttempt: boolean): Promise<void> {
  const order = await beginListExport(parts.deps, exportId);
  if (!order) return;
  try {
    await fill(parts, order);
  } catch (error) {
    const code = error instanceof AppError && error.status < 500 ? error.code : 'internal_error';
    if (code !== 'internal_error' || isLastAttempt) await endFailed(parts.deps, order, code);
    if (code === 'internal_error') throw error;
  }
}

async function fill(parts: ExportParts, order: ListExportOrder): Promise<void> {
  const { deps } = parts;
  if (!order.wrappedKey || !order.kekKid || !order.queryBox) return;
  const staff = await requesterOf(parts, order);
  const dataKey = deps.keyring.unwrapDataKey(order.wrappedKey, order.kekKid);
  const params = z
    .array(z.tuple([z.string(), z.string()]))
    .parse(JSON.parse(openBox(dataKey, queryPlace(order.id), order.queryBox).toString('utf8')));
  const made = { rows: 0, recordIds: [] as string[] };
  const { sha256, bytes } = await sealParts(
    exportLines(deps, { order, staff, params: new Map(params), made }),
    partPlace(order.id, dataKey),
    async (position, box) => {
      await deps.database.prisma.listExportPart.createMany({ data: { exportId: order.id, position, box } });
    },
  );
  const note = [
    `sha256 ${sha256.toString('hex')}; ${bytes} bytes; ${made.rows} rows of ${order.resource}; export ${order.actionId}`,
    order.filterNote,
  ];
  // The hash, the filter and the number are in the history before anybody can fetch the file.
  await recordAction(deps, {
    resource: 'list_export',
    action: 'make-list-export',
    outcome: 'ok',
    recordIds: [order.id, ...made.recordIds],
    recordCount: made.rows,
    note: note.filter(Boolean).join('; '),
  });
  const now = deps.clock.now();
  // Nothing where it was ended meanwhile: a person was erased, and the file may hold what is to be gone.
  const { count } = await deps.database.prisma.listExport.updateMany({
    where: { id: order.id, status: 'running' },
    data: {
      status: 'ready',
      finishedAt: now,
      expiresAt: addSeconds(now, deps.config.exportTtlSeconds),
      rowsDone: made.rows,
      rowsWanted: made.rows,
      sha256,
      bytes,
    },
  });
  if (count === 1) await tellRequester(deps, order, 'platform.list_export.finished');
}

/** For the inbox of whoever asked; they see the export in its list all the same. */
async function tellRequester(deps: CommandDeps, order: ListExportOrder, name: string): Promise<void> {
  const event = { name, aggregateId: order.id, payload: { exportId: order.id, staffUserId: order.actorId } };
  const meta = { actionId: null, actorType: actorTypeOf(requireContext().actor), at: deps.clock.now() };
  await deps.database.prisma.$transaction((tx) => appendEvents(tx, [event], meta));
  nudgeOutbox(deps.database);
}

async function requesterOf({ deps, identity }: ExportParts, { actorId }: ListExportOrder): Promise<StaffActor> {
  const profile = await identity.loadStaff(actorId);
  if (!profile || profile.isDisabled) return fail('forbidden', { extra: { rule: 'no_active_grant' } });
  const { displayName, grants, hasMfa } = profile;
  const staff: StaffActor = { kind: 'staff', id: actorId, displayName, grants, hasMfa, sessionHash: Buffer.alloc(32), factorAt: null };
  if (grantFor(staff, 'list_export.create', { now: deps.clock.now() }) === null) fail('forbidden', { extra: { rule: 'not_granted' } });
  return staff;
}

async function endFailed(deps: CommandDeps, order: ListExportOrder, errorCode: string): Promise<void> {
  const { prisma } = deps.database;
  const { count } = await prisma.listExport.updateMany({
    where: { id: order.id, status: { in: ['waiting', 'running'] } },
    data: { status: 'failed', errorCode, finishedAt: deps.clock.now(), wrappedKey: null, queryBox: null },
  });
  if (count === 0) return;
  await tellRequester(deps, order, 'platform.list_export.failed');
  await prisma.listExportPart.deleteMany({ where: { exportId: order.id } });
  const note = `export ${order.actionId}`;
  await recordAction(deps, {
    resource: 'list_export',
    action: 'make-list-export',
    outcome: 'error',
    errorCode,
    recordIds: [order.id],
    note,
  });
}
