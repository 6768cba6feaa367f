import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { fileMimes } from './file-kind.ts';
import { keepPrivateFile, type NewFile, type StoredFile, type WrittenFile, writePrivateFile } from './private-file.ts';
import { UploadedFile } from './uploaded-file.ts';

const input = z.strictObject({
  ownerUserId: z.uuid(),
  file: z.instanceof(UploadedFile),
  purpose: z.enum(['avatar', 'logo', 'cover', 'kyc', 'export', 'ticket', 'upload', 'product']),
  allow: z.array(z.enum(fileMimes)),
});
type Input = z.infer<typeof input>;

/** Stores a file for somebody; the writing comes before the transaction. @throws AppError of writePrivateFile() */
const storeFile = defineCommand<Input, StoredFile, WrittenFile>({
  name: 'store-file',
  resource: 'private_file',
  access: 'system',
  input,
  isIdempotent: false,
  prepare: (deps, { file, ...rest }) => writePrivateFile(deps, { ...rest, bytes: file.bytes }),
  run: (scope, _input, _loaded, written) => keepPrivateFile(scope, written),
});

/**
 * Both halves at once, for jobs and demo data (`system` actors). A command of somebody else calls writePrivateFile() in its `prepare`
 * and keepPrivateFile() in its `run`.
 * @throws AppError of writePrivateFile()
 */
export async function storePrivateFile(deps: CommandDeps, { bytes, allow, ...rest }: NewFile): Promise<StoredFile> {
  return (await runCommand(deps, storeFile, { input: { ...rest, allow: [...allow], file: new UploadedFile(bytes) } })).output;
}
