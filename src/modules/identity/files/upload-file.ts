import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { lockOwnAccount } from '../freshness.ts';
import { fileMimes } from './file-kind.ts';
import { keepPrivateFile, type StoredFile, type WrittenFile, writePrivateFile } from './private-file.ts';
import { UploadedFile } from './uploaded-file.ts';

const input = z.strictObject({ file: z.instanceof(UploadedFile) });

/**
 * A file that a vendor hands in. It is for nothing yet: whatever names it first makes it its own (claimFile), and what nobody names
 * within a week is deleted.
 * @throws AppError 403 `role_required` for a shopper; 415, 422 and 503 of writePrivateFile()
 */
export const uploadFile = defineCommand<z.infer<typeof input>, StoredFile, WrittenFile>({
  name: 'upload-file',
  resource: 'private_file',
  access: 'owner',
  input,
  isIdempotent: false,
  prepare(deps, { file }, { actor }) {
    if (actor.kind !== 'vendor') return fail('role_required');
    return writePrivateFile(deps, { ownerUserId: actor.id, bytes: file.bytes, purpose: 'upload', allow: fileMimes });
  },
  async run(scope, _input, _loaded, written) {
    await lockOwnAccount(scope);
    return keepPrivateFile(scope, written);
  },
});
