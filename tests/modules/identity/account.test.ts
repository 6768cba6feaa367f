import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import { commands, queries } from '../../../src/modules/identity/index.ts';
import { refreshCountries } from '../../../src/modules/reference/index.ts';
import { startTestApp } from '../../support/app.ts';
import { refusal, refusalCode, registerPerson, run } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
  await app.as({ kind: 'system', name: 'test' }, () => runCommand(app.deps, refreshCountries, { input: {} }));
});
afterAll(() => app.stop());

describe('the own account', () => {
  it('shows the own contact in clear and exactly one of email and phone', async () => {
    const { email, actor } = await registerPerson(app);
    const account = await queries.readAccount(app.deps, actor.id);
    expect(account).toMatchObject({
      email,
      phone: null,
      emailVerified: true,
      phoneVerified: false,
      hasPassword: true,
      status: 'active',
      version: 1,
      language: 'en',
    });
    expect(account.mfa).toEqual({ totp: false, passkeys: 0, recoveryCodesLeft: 0 });
    expect(await refusalCode(queries.readAccount(app.deps, '01a200ac-623e-7708-95a3-0712e68ea52e'))).toBe('session_revoked');
  });

  it('changes what was sent and nothing else, on the version that was read', async () => {
    const { actor } = await registerPerson(app);
    const update = (input: object, expectedVersion?: number) =>
      run(app, commands.updateAccount, input, { actor, envelope: expectedVersion === undefined ? {} : { expectedVersion } });
    const changes = {
      firstName: ' Adaóbí ',
      bio: 'Tailor',
      countryCode: 'ng',
      city: 'Ibadan',
      address: '12 Ring Road',
      timezone: 'Africa/Accra',
      language: 'yo',
    };
    expect(await update(changes, 1)).toEqual({ version: 2 });
    const account = await queries.readAccount(app.deps, actor.id);
    expect(account).toMatchObject({ ...changes, firstName: 'Adaóbí', countryCode: 'NG', lastName: 'Bello', version: 2 });
    expect(await refusalCode(update({ bio: 'x' }, 1))).toBe('version_conflict');
    expect(await update({ bio: 'Tailor' }, 2)).toEqual({ version: 2 });
    expect(await update({ bio: null, address: null }, 2)).toEqual({ version: 3 });
    expect(await queries.readAccount(app.deps, actor.id)).toMatchObject({ bio: null, address: null });
    const user = await app.deps.database.prisma.user.findUniqueOrThrow({ where: { id: actor.id } });
    expect(user.displayName).toBe('Adaóbí Bello');
    const events = await app.deps.database.prisma.outboxEvent.findMany({
      where: { aggregateId: actor.id, name: 'identity.user.profile_changed' },
    });
    expect(events).toHaveLength(2);
  });

  it('says what is wrong with each field', async () => {
    const { actor } = await registerPerson(app);
    const error = await refusal(
      run(
        app,
        commands.updateAccount,
        { lastName: '123', bio: 'b'.repeat(501), countryCode: 'XX', language: 'fr', timezone: 'Mars/Base' },
        { actor },
      ),
    );
    expect(Object.fromEntries(error.details.errors?.map(({ path, code }) => [path, code]) ?? [])).toEqual({
      lastName: 'name_invalid',
      bio: 'too_long',
      countryCode: 'country_unknown',
      language: 'invalid_value',
      timezone: 'invalid_value',
    });
  });

  it('keeps each change of mind about marketing as a row of its own', async () => {
    const { actor } = await registerPerson(app);
    for (const marketingConsent of [true, true, false]) await run(app, commands.updateAccount, { marketingConsent }, { actor });
    const rows = await app.deps.database.prisma.consent.findMany({
      where: { userId: actor.id, purpose: 'marketing_email' },
      orderBy: { id: 'asc' },
    });
    expect(rows.map((row) => row.granted)).toEqual([true, false]);
    expect((await queries.readAccount(app.deps, actor.id)).marketingConsent).toBe(false);
  });

  it('is nobody else’s: an anonymous or staff caller gets no further', async () => {
    expect(await refusalCode(run(app, commands.updateAccount, { bio: 'x' }))).toBe('token_missing');
  });
});
