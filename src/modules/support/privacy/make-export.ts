import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { sealExportFile, writeExportFile } from './export-file.ts';
import { movePrivacy } from './privacy-request.ts';

const input = z.strictObject({ id: z.uuid() });

/** approved -> processing; one that is being made already is made anew. Null where there is nothing to make. */
const beginExport = defineCommand<z.infer<typeof input>, { userId: string | null }>({
  name: 'begin-export',
  resource: 'privacy_request',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { id }) {
    const request = await scope.tx.privacyRequest.findUnique({ where: { id } });
    if (request?.kind !== 'export') return { userId: null };
    const isBegun = request.status === 'processing' || (await movePrivacy(scope, request, 'process')) !== null;
    return { userId: isBegun ? request.subjectUserId : null };
  },
});

const finished = z.strictObject({ id: z.uuid(), text: z.string() });

/** processing -> completed: from here on the file can be fetched, once, for a day. */
const finishExport = defineCommand<z.infer<typeof finished>, { isReady: boolean }>({
  name: 'finish-export',
  resource: 'privacy_request',
  access: 'system',
  input: finished,
  isIdempotent: false,
  async run(scope, { id, text }) {
    const { tx, now, deps } = scope;
    const request = await tx.privacyRequest.findUniqueOrThrow({ where: { id } });
    const file = await sealExportFile(scope, { requestId: id, userId: request.subjectUserId, text });
    if (!file || !(await movePrivacy(scope, request, 'complete', { completedAt: now }))) return { isReady: false };
    const life = { readyAt: now, expiresAt: addSeconds(now, deps.config.exportTtlSeconds) };
    await tx.privacyExport.createMany({ data: { requestId: id, ...file, ...life } });
    scope.note(`${file.bytes} bytes`);
    return { isReady: true };
  },
});

const failed = z.strictObject({ id: z.uuid(), errorCode: z.string().max(60) });

/** Ends an export that could not be made: the person may ask again at once. */
export const failExport = defineCommand<z.infer<typeof failed>, { isEnded: boolean }>({
  name: 'fail-export',
  resource: 'privacy_request',
  access: 'system',
  input: failed,
  isIdempotent: false,
  async run(scope, { id, errorCode }) {
    const request = await scope.tx.privacyRequest.findUnique({ where: { id } });
    if (request?.kind !== 'export') return { isEnded: false };
    return { isEnded: (await movePrivacy(scope, request, 'fail', { refusalCode: 'export_failed', errorCode })) !== null };
  },
});

/**
 * Makes the file of an export that was asked for. Safe to repeat: a finished one is left alone, and an attempt that died is begun
 * anew. When the last attempt fails, the request ends and the person may ask again.
 */
export async function makeExport(deps: CommandDeps, id: string, isLastAttempt: boolean): Promise<void> {
  const { output } = await runCommand(deps, beginExport, { input: { id } });
  if (output.userId === null) return;
  try {
    const text = await writeExportFile(deps, output.userId);
    await runCommand(deps, finishExport, { input: { id, text } });
  } catch (error) {
    if (isLastAttempt) await runCommand(deps, failExport, { input: { id, errorCode: 'internal_error' } });
    throw error;
  }
}
