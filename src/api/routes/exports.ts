import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { customerCommands, queries } from '../../modules/support/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute, replayHeaders, userIdOf } from '../execute.ts';
import { pathId } from '../path-id.ts';
import { exportStatus } from '../shapes.ts';

/** POST /account/export: asks for everything that is held about the caller. */
export const requestExport = defineEndpoint({
  summary: 'Ask for a copy of the own data',
  query: noQuery,
  body: noBody,
  replies: {
    202: {
      description: 'It is being made',
      schema: z.strictObject({ message: z.string(), exportId: z.uuid(), status: z.literal('pending') }),
    },
  },
  errors: ['reauth_required', 'export_in_progress'],
  async handle(call) {
    const result = await execute(call, customerCommands.requestExport, { input: {} });
    const { exportId } = result.output;
    const body = { message: translate(call.locale, 'message.export_requested'), exportId, status: 'pending' };
    return { status: 202, headers: replayHeaders(result), body };
  },
});

/** GET /account/exports/{id}: how far an own export is. */
export const readExport = defineEndpoint({
  summary: 'Read the state of an own export',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'Its state', schema: exportStatus } },
  errors: ['not_found'],
  handle: async (call) => ({ status: 200, body: await queries.readExport(call.deps, userIdOf(call), pathId(call)) }),
});

/** POST /account/exports/{id}/download: the file, once and within a day. */
export const downloadExport = defineEndpoint({
  summary: 'Download an own export, once',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The file', schema: z.looseObject({ format: z.string() }), headers: ['Content-Disposition'] } },
  errors: ['reauth_required', 'not_found', 'export_in_progress', 'export_expired'],
  async handle(call) {
    const { output } = await execute(call, customerCommands.downloadOwnExport, { input: { id: pathId(call) } });
    const headers = {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': `attachment; filename="${output.fileName}"`,
    };
    return { status: 200, headers, body: output.text };
  },
});
