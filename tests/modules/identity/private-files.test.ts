import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../src/foundation/command/command.ts';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import { AppError } from '../../../src/foundation/errors/app-error.ts';
import { newStorageKey } from '../../../src/modules/identity/files/file-storage.ts';
import { storageOf } from '../../../src/modules/identity/files/storage-of.ts';
import {
  claimFile,
  commands,
  deletePrivateFile,
  privateFileFacts,
  readPrivateFile,
  storePrivateFile,
  sweepFiles,
  systemCommands,
  UploadedFile,
} from '../../../src/modules/identity/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { refusalCode, registerPerson } from './people.ts';

let app: TestApp & { stop(): Promise<void> };
let ownerUserId = '';
beforeAll(async () => {
  app = await startTestApp();
  ownerUserId = (await registerPerson(app, 'vendor')).actor.id;
});
afterAll(() => app.stop());

const asSystem = <T>(work: () => Promise<T>) => app.as({ kind: 'system', name: 'test' }, work);
const picture = () =>
  sharp({ create: { width: 30, height: 20, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
const store = async (purpose: 'upload' | 'kyc' = 'upload', owner = ownerUserId) => {
  const bytes = await picture();
  return asSystem(() => storePrivateFile(app.deps, { ownerUserId: owner, bytes, purpose, allow: ['image/png'] }));
};
const folder = () => join(app.deps.config.dataDir, 'files');
const onDisk = () => {
  try {
    return readdirSync(folder(), { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
    );
  } catch {
    return [];
  }
};
const rowOf = (id: string) => app.deps.database.prisma.privateFile.findUniqueOrThrow({ where: { id } });

/** Runs something inside the transaction of a command. */
const inCommand = <T>(work: (scope: CommandScope) => Promise<T>) => {
  const command = defineCommand<object, { value: T }>({
    name: 'test-files',
    resource: 'private_file',
    access: 'system',
    input: z.object({}),
    isIdempotent: false,
    run: async (scope) => ({ value: await work(scope) }),
  });
  return asSystem(async () => (await runCommand(app.deps, command, { input: {} })).output.value);
};

describe('a private file', () => {
  it('opens under its owner’s key only, in its own place only', async () => {
    const { fileId } = await store();
    const { storageKey } = await rowOf(fileId);
    const sealed = (await storageOf(app.deps.config).read(storageKey)) ?? Buffer.alloc(0);
    expect(sealed.includes(Buffer.from('PNG'))).toBe(false);
    const another = await store();
    const place = onDisk().find((path) => path.endsWith(storageKey));
    const swapped = onDisk().find((path) => !path.endsWith(storageKey) && path.length > 0);
    expect([place !== undefined, swapped !== undefined]).toEqual([true, true]);
    writeFileSync(place ?? '', readFileSync(onDisk().find((path) => path !== place) ?? ''));
    await expect(readPrivateFile(app.deps, fileId)).rejects.toThrow('does not open');
    expect((await readPrivateFile(app.deps, another.fileId)).mime).toBe('image/png');
  });

  it('is nobody’s bytes once it is deleted: unreadable at once, gone from the disk when the worker came by', async () => {
    const { fileId } = await store();
    const before = onDisk().length;
    expect(await inCommand((scope) => deletePrivateFile(scope, fileId))).toBe(true);
    expect(await inCommand((scope) => deletePrivateFile(scope, fileId))).toBe(false);
    expect(await refusalCode(readPrivateFile(app.deps, fileId))).toBe('not_found');
    expect((await privateFileFacts(app.deps.database.prisma, [fileId])).get(fileId)?.isDeleted).toBe(true);
    await asSystem(() => sweepFiles(app.deps));
    expect(onDisk().length).toBe(before - 1);
  });

  it('serves one purpose: of twenty that want it for two, all get the first or none', async () => {
    const { fileId } = await store();
    const wanted = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? ('kyc' as const) : ('product' as const)));
    const outcomes = await Promise.all(
      wanted.map((purpose) => inCommand((scope) => claimFile(scope, { fileId, ownerUserId, purpose, allow: ['image/png'] }))),
    );
    const { purpose } = await rowOf(fileId);
    expect(outcomes).toEqual(wanted.map((one) => (one === purpose ? 'claimed' : 'taken')));
    const claim = (given: object) =>
      inCommand((scope) => claimFile(scope, { fileId, ownerUserId, purpose: 'kyc', allow: ['image/png'], ...given }));
    expect(await claim({ ownerUserId: '019ab0aa-0000-7000-8000-00000000dead' })).toBe('unknown');
    expect(await claim({ allow: ['application/pdf'] })).toBe('type');
  });
});

describe('the sweep', () => {
  it('removes what was written and never kept, after an hour and not before', async () => {
    const storageKey = newStorageKey();
    await storageOf(app.deps.config).write(storageKey, Buffer.from('nobody’s'));
    await asSystem(() =>
      app.deps.database.prisma.fileRemoval.createMany({ data: { storageKey, dueAt: new Date(app.clock.now().getTime() + 3_600_000) } }),
    );
    await asSystem(() => sweepFiles(app.deps));
    expect(onDisk().some((path) => path.endsWith(storageKey))).toBe(true);
    app.clock.advance(3601);
    await asSystem(() => sweepFiles(app.deps));
    expect(onDisk().some((path) => path.endsWith(storageKey))).toBe(false);
    expect(await app.deps.database.prisma.fileRemoval.count()).toBe(0);
  });

  it('takes back a file whose command failed after it was written', async () => {
    const person = await registerPerson(app, 'vendor');
    await asSystem(() => app.deps.database.prisma.user.update({ where: { id: person.actor.id }, data: { status: 'suspended' } }));
    const before = onDisk().length;
    const file = new UploadedFile(await picture());
    expect(await refusalCode(app.as(person.actor, () => runCommand(app.deps, commands.uploadFile, { input: { file } })))).toBe(
      'session_revoked',
    );
    expect([onDisk().length, await app.deps.database.prisma.privateFile.count({ where: { ownerUserId: person.actor.id } })]).toEqual([
      before + 1,
      0,
    ]);
    app.clock.advance(3601);
    await asSystem(() => sweepFiles(app.deps));
    expect(onDisk().length).toBe(before);
  });

  it('deletes what was handed in and not used for a week, and nothing that is used', async () => {
    const [unused, used] = [await store(), await store('kyc')];
    app.clock.advance(7 * 24 * 3600 + 1);
    await asSystem(() => sweepFiles(app.deps));
    const keys = [await rowOf(unused.fileId), await rowOf(used.fileId)].map(({ deletedAt, storageKey }) => [
      deletedAt !== null,
      onDisk().some((path) => path.endsWith(storageKey)),
    ]);
    expect(keys).toEqual([
      [true, false],
      [false, true],
    ]);
    app.clock.advance(31 * 24 * 3600);
    await asSystem(() => sweepFiles(app.deps));
    expect(await app.deps.database.prisma.privateFile.count({ where: { id: unused.fileId } })).toBe(0);
  });

  it('keeps the note of what it could not remove, and comes back', async () => {
    const { fileId } = await store();
    await inCommand((scope) => deletePrivateFile(scope, fileId));
    const storage = storageOf(app.deps.config);
    const remove = storage.remove;
    storage.remove = () => Promise.reject(new AppError('unavailable'));
    await expect(asSystem(() => sweepFiles(app.deps))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await app.deps.database.prisma.fileRemoval.count()).toBe(1);
    storage.remove = remove;
    await asSystem(() => sweepFiles(app.deps));
    expect(await app.deps.database.prisma.fileRemoval.count()).toBe(0);
  });

  it('never takes a file that is kept, whatever a note says', async () => {
    const { fileId } = await store();
    const { storageKey } = await rowOf(fileId);
    await asSystem(() => app.deps.database.prisma.fileRemoval.createMany({ data: { storageKey, dueAt: app.clock.now() } }));
    await asSystem(() => sweepFiles(app.deps));
    expect((await readPrivateFile(app.deps, fileId)).fileId).toBe(fileId);
  });
});

it('erasing a person removes the rows at once, the key with them, and the bytes at the next turn of the worker', async () => {
  const { actor } = await registerPerson(app, 'vendor');
  const { fileId } = await store('kyc', actor.id);
  const { storageKey } = await rowOf(fileId);
  const staff = await asSystem(async () => {
    const make = (email: string) =>
      runCommand(app.deps, systemCommands.createStaffAccount, {
        input: {
          email,
          password: 'correct horse battery staple 9',
          firstName: 'Ada',
          lastName: 'Obi',
          grants: [{ role: 'admin', isLead: false }],
        },
      });
    return [(await make('one@staff.example.com')).output.userId, (await make('two@staff.example.com')).output.userId] as const;
  });
  await asSystem(() =>
    runCommand(app.deps, systemCommands.executeErasure, { input: { id: actor.id, requestedBy: staff[0], approvedBy: staff[1] } }),
  );
  expect(await app.deps.database.prisma.privateFile.count({ where: { ownerUserId: actor.id } })).toBe(0);
  expect(await refusalCode(readPrivateFile(app.deps, fileId))).toBe('not_found');
  await asSystem(() => sweepFiles(app.deps));
  expect(onDisk().some((path) => path.endsWith(storageKey))).toBe(false);
  expect(await refusalCode(store('kyc', actor.id))).toBe('not_found');
});
