import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../src/foundation/command/command.ts';
import { previewCommand, runCommand } from '../../../src/foundation/command/run-command.ts';
import { AppError, fail } from '../../../src/foundation/errors/app-error.ts';
import type { Actor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { anonymous, staffActor, startTestApp, type TestApp } from '../../support/app.ts';

/** A command on a real audited table: small enough to see every step of the runner, guarded by a real matrix row. */
const renameCountry = defineCommand({
  name: 'rename-country',
  resource: 'country',
  access: 'country.edit',
  input: z.strictObject({
    iso2: z.string().length(2),
    capital: z.string().min(1),
    ending: z.enum(['throw', 'refuse', 'clash']).optional(),
  }),
  load: async ({ tx }: CommandScope, input) => (await tx.country.findUnique({ where: { iso2: input.iso2 } })) ?? fail('not_found'),
  subject: () => ({}),
  version: (country) => country.version,
  preview: async (_scope, input) => [`Renames the capital to ${input.capital}.`],
  async run(scope, input, country) {
    await scope.tx.country.update({ where: { id: country.id }, data: { capital: input.capital, version: { increment: 1 } } });
    scope.touched(country.id);
    scope.emit({ name: 'reference.country.renamed', aggregateId: country.id, payload: { countryId: country.id } });
    if (input.ending === 'throw') throw new Error('planted failure');
    if (input.ending === 'clash') await scope.tx.country.create({ data: { iso2: input.iso2, iso3: 'ZZZ', name: 'Clash' } });
    if (input.ending === 'refuse') return { refused: 'rate_limited' as const };
    return { capital: input.capital };
  },
});

let app: TestApp;
let admin: Actor;
const reason = { code: 'error_correction', text: 'The capital has moved' };

beforeAll(async () => {
  app = await startTestApp();
  admin = staffActor({ role: 'admin', isLead: false }, app.clock.now());
  await app.as({ kind: 'system', name: 'test' }, () =>
    app.deps.database.prisma.country.createMany({
      data: [
        { iso2: 'QA', iso3: 'QAA', name: 'Qa' },
        { iso2: 'QB', iso3: 'QBB', name: 'Qb' },
      ],
    }),
  );
});
afterAll(() => app.stop());

function rename(actor: Actor, input: Record<string, unknown>, envelope: Record<string, unknown> = {}) {
  return app.as(actor, () => runCommand(app.deps, renameCountry, { input, reason, ...envelope }));
}

async function actionsOf(actor: Actor, outcome: string) {
  const id = 'id' in actor ? actor.id : null;
  const { rows } = await app.deps.database.pool.query(
    'SELECT * FROM audit.action WHERE actor_id = $1 AND outcome = $2 ORDER BY occurred_at DESC',
    [id, outcome],
  );
  return rows;
}

async function capitalOf(iso2: string) {
  return (await app.deps.database.prisma.country.findUniqueOrThrow({ where: { iso2 } })).capital;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error instanceof AppError ? error.code : `not an AppError: ${String(error)}`),
  );
}

describe('a command that works', () => {
  test('leaves the change, one action row, its event row and its outbox event together', async () => {
    const { output, actionId, isReplay } = await rename(admin, { iso2: 'QA', capital: 'Doha' });
    expect({ output, isReplay }).toEqual({ output: { capital: 'Doha' }, isReplay: false });
    const { rows } = await app.deps.database.pool.query(
      `SELECT a.outcome, a.actor_type, a.actor_roles, a.resource, a.action, a.record_ids, a.mfa, e.tbl, e.changed, o.name
         FROM audit.action a JOIN audit.event e ON e.action_id = a.id JOIN platform.outbox_event o ON o.action_id = a.id WHERE a.id = $1`,
      [actionId],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      outcome: 'ok',
      actor_type: 'staff',
      actor_roles: ['admin'],
      resource: 'country',
      action: 'rename-country',
      mfa: true,
      tbl: 'reference.country',
      changed: ['capital'],
      name: 'reference.country.renamed',
    });
  });

  test('is not done twice under one idempotency key, and answers the same', async () => {
    const key = newId();
    const first = await rename(admin, { iso2: 'QA', capital: 'Once' }, { idempotencyKey: key });
    await rename(admin, { iso2: 'QA', capital: 'Between' });
    const again = await rename(admin, { iso2: 'QA', capital: 'Once' }, { idempotencyKey: key });
    expect(again).toEqual({ ...first, isReplay: true });
    expect(await capitalOf('QA')).toBe('Between');
  });

  test('shows its effects without writing', async () => {
    const before = await capitalOf('QA');
    const effects = await app.as(admin, () =>
      previewCommand(app.deps, renameCountry, { input: { iso2: 'QA', capital: 'Preview' }, reason }),
    );
    expect(effects).toEqual(['Renames the capital to Preview.']);
    expect(await capitalOf('QA')).toBe(before);
  });
});

describe('a command that is refused', () => {
  test('leaves one denied row and no change when the role may not', async () => {
    const assistant = staffActor({ role: 'assistant', isLead: false }, app.clock.now());
    expect(await codeOf(rename(assistant, { iso2: 'QB', capital: 'No' }))).toBe('forbidden');
    expect(await capitalOf('QB')).toBeNull();
    expect(await actionsOf(assistant, 'denied')).toHaveLength(1);
  });

  test.each([
    ['no reason', { reason: undefined }, 'required'],
    ['a reason code outside the list', { reason: { code: 'whim', text: 'long enough text' } }, 'invalid_value'],
    ['a reason too short', { reason: { code: 'other', text: 'short' } }, 'reason_too_short'],
    ['a reason of one character repeated', { reason: { code: 'other', text: 'aaaaaaaaaaaa' } }, 'reason_too_short'],
    ['a reason too long', { reason: { code: 'other', text: 'ab'.repeat(300) } }, 'too_long'],
  ])('with %s', async (_name, envelope, code) => {
    expect(await codeOf(rename(admin, { iso2: 'QB', capital: 'No' }, envelope))).toBe(code);
    expect(await capitalOf('QB')).toBeNull();
  });

  test('by a stale version, and tells both versions', async () => {
    const thrown = await rename(admin, { iso2: 'QA', capital: 'Stale' }, { expectedVersion: 1 }).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'version_conflict', details: { extra: { expectedVersion: 1 } } });
    expect(await capitalOf('QA')).not.toBe('Stale');
  });

  test('by its own rule keeps what it wrote, and is recorded as denied', async () => {
    const person = staffActor({ role: 'super_admin', isLead: false }, app.clock.now());
    expect(await codeOf(rename(person, { iso2: 'QB', capital: 'Kept', ending: 'refuse' }))).toBe('rate_limited');
    expect(await capitalOf('QB')).toBe('Kept');
    const [row, ...others] = await actionsOf(person, 'denied');
    expect(others).toHaveLength(0);
    expect(row).toMatchObject({ error_code: 'rate_limited', record_ids: [expect.any(String)] });
  });

  test('with an unknown input field', async () => {
    expect(await codeOf(rename(admin, { iso2: 'QA', capital: 'x', version: 9 }))).toBe('unknown_field');
  });

  test('for callers that are not staff', async () => {
    expect(await codeOf(rename(anonymous, { iso2: 'QA', capital: 'x' }))).toBe('forbidden');
  });
});

describe('a command that fails', () => {
  test('rolls back, leaves one error row, and shows no internal message', async () => {
    const person = staffActor({ role: 'admin', isLead: false }, app.clock.now());
    const before = await capitalOf('QA');
    const thrown = await rename(person, { iso2: 'QA', capital: 'Lost', ending: 'throw' }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(AppError);
    expect(thrown).toMatchObject({ code: 'internal_error' });
    expect(String(thrown)).not.toContain('planted');
    expect(await capitalOf('QA')).toBe(before);
    expect(await actionsOf(person, 'error')).toHaveLength(1);
    expect(await actionsOf(person, 'ok')).toHaveLength(0);
  });

  test('names a unique clash', async () => {
    expect(await codeOf(rename(admin, { iso2: 'QA', capital: 'Clash', ending: 'clash' }))).toBe('already_exists');
  });

  test('answers not_found for a record that does not exist', async () => {
    expect(await codeOf(rename(admin, { iso2: 'ZZ', capital: 'x' }))).toBe('not_found');
  });

  test('gives its idempotency key back, so that the corrected call may use it', async () => {
    const key = newId();
    expect(await codeOf(rename(admin, { iso2: 'QA', capital: 'x', ending: 'throw' }, { idempotencyKey: key }))).toBe('internal_error');
    expect((await rename(admin, { iso2: 'QA', capital: 'Corrected' }, { idempotencyKey: key })).isReplay).toBe(false);
  });

  test('is refused where the door offers it no more, unless the call is a repetition', async () => {
    const [key, refusal] = [newId(), new AppError('forbidden', { extra: { rule: 'not_offered' } })];
    const first = await rename(admin, { iso2: 'QA', capital: 'Offered' }, { idempotencyKey: key });
    const again = await rename(admin, { iso2: 'QA', capital: 'Offered' }, { idempotencyKey: key, refusal });
    expect(again).toEqual({ ...first, isReplay: true });
    expect(await codeOf(rename(admin, { iso2: 'QA', capital: 'Late' }, { idempotencyKey: newId(), refusal }))).toBe('forbidden');
    expect(await codeOf(rename(admin, { iso2: 'QA', capital: 'Late' }, { refusal }))).toBe('forbidden');
    expect(await capitalOf('QA')).toBe('Offered');
  });

  test('refuses another body under a used key', async () => {
    const key = newId();
    await rename(admin, { iso2: 'QA', capital: 'One' }, { idempotencyKey: key });
    expect(await codeOf(rename(admin, { iso2: 'QA', capital: 'Two' }, { idempotencyKey: key }))).toBe('idempotency_key_reused');
  });
});

describe('races', () => {
  test('twenty calls with one key change once', async () => {
    const key = newId();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => rename(admin, { iso2: 'QB', capital: 'Raced' }, { idempotencyKey: key })),
    );
    const fresh = results.filter((result) => result.status === 'fulfilled' && !result.value.isReplay);
    expect(fresh).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'in_progress' });
    }
  });
});

describe('a flood of refusals by one person', () => {
  test('is sixty rows and one that counts the rest', async () => {
    const assistant = staffActor({ role: 'assistant', isLead: false }, app.clock.now());
    for (let n = 0; n < 75; n += 1) await codeOf(rename(assistant, { iso2: 'QB', capital: 'No' }));
    expect(await actionsOf(assistant, 'denied')).toHaveLength(60);
    app.clock.advance(61);
    await codeOf(rename(assistant, { iso2: 'QB', capital: 'No' }));
    const rows = await actionsOf(assistant, 'denied');
    expect(rows).toHaveLength(62);
    expect(rows.some((row) => row.record_count === 15)).toBe(true);
  });
});
