import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendEvents } from '../../../src/foundation/outbox/append.ts';
import { hasEvent, readEvent } from '../../../src/foundation/outbox/read-event.ts';
import { type Database, openDatabase } from '../../../src/foundation/runtime/database.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { runInContext, systemContext } from '../../../src/foundation/runtime/request-context.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let test: TestDatabase;
let database: Database;
beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase({ url: test.workerUrl, applicationName: 'test-worker', maxConnections: 2 });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

it('an event can be read again while it is kept, and is nothing once it is forgotten', async () => {
  const at = new Date('2026-03-01T12:00:00.000Z');
  const { prisma } = database;
  const id = await runInContext(systemContext('test', 'cli'), () =>
    prisma.$transaction(async (tx) => {
      const event = { name: 'identity.user.closed', aggregateId: null, payload: { userId: 'u-1' } };
      await appendEvents(tx, [event], { actionId: null, actorType: 'system:test', at });
      const { id: made } = await tx.outboxEvent.findFirstOrThrow();
      // In its own transaction it is there already, for nobody else.
      expect(await hasEvent(tx, made)).toBe(true);
      expect(await hasEvent(prisma, made)).toBe(false);
      return made;
    }),
  );
  expect(await readEvent(prisma, id)).toMatchObject({
    name: 'identity.user.closed',
    occurredAt: at,
    payload: { userId: 'u-1', eventId: id },
  });
  expect(await hasEvent(prisma, id)).toBe(true);
  expect([await readEvent(prisma, newId()), await hasEvent(prisma, newId())]).toEqual([null, false]);
});
