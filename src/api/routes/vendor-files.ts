import { z } from 'zod';
import { commands, fileMimes, UploadedFile } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { storedFile } from '../shapes.ts';

/** 5 MB (auth-api.md 2.7). */
export const maxFileBytes = 5 * 1024 * 1024;

/** POST /account/vendor/files: one file, for a proof of identity or a picture of a product; what is never used goes after a week. */
export const uploadVendorFile = defineEndpoint({
  summary: 'Hand in a file',
  query: noQuery,
  body: z.strictObject({
    file: z.instanceof(UploadedFile).meta({
      type: 'string',
      format: 'binary',
      description: `One part, of any name. Told by its content: ${fileMimes.join(', ')}. Pictures are made anew without their metadata.`,
    }),
  }),
  replies: { 201: { description: 'The file as it is kept', schema: storedFile } },
  errors: ['role_required', 'body_too_large', 'file_type_not_allowed', 'file_unsafe', 'bad_request', 'overloaded'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.uploadFile, { input: body });
    return { status: 201, body: storedFile.parse(output) };
  },
});
