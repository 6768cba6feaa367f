import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { activateKey, addKey, dropKey, type KeyListName, kidsOf } from '../../scripts/keys/key-list.ts';
import { type KeyStore, openKeyStore } from '../../scripts/keys/key-store.ts';
import { kekUsage, pepperUsage } from '../../scripts/keys/key-usage.ts';
import { activate, add, drop, rewrap, status } from '../../scripts/keys/rotation.ts';
import { runNode } from '../../scripts/run-program.ts';
import { createApp } from '../../src/app.ts';
import { registerSigningKeys } from '../../src/foundation/command/note-signing-keys.ts';
import { loadConfig } from '../../src/foundation/config/config.ts';
import { commands, queries, systemCommands } from '../../src/modules/identity/index.ts';
import { caller, freshEmail, password, registerPerson, run } from '../modules/identity/people.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

const secret = (kid: string, byte: number) =>
  `${kid}:${Buffer.from(Array.from({ length: 32 }, (_, at) => (byte + at) % 256)).toString('base64')}`;

let app: Awaited<ReturnType<typeof startTestApp>>;
let values: Record<KeyListName, string>;
const others: { stop(): Promise<void> }[] = [];
const store: KeyStore = {
  read: (name) => values[name],
  write: (name, value) => {
    values[name] = value;
    return 'kept';
  },
};
beforeAll(async () => {
  values = { signing: addKey('signing', '[]').value, pepper: secret('k1', 1), kek: secret('k1', 9) };
  app = await startTestApp(environmentOf());
});
afterEach(async () => {
  for (const other of others.splice(0)) await other.stop();
});
afterAll(() => app.stop());

const environmentOf = () => ({ JWT_SIGNING_KEYS: values.signing, PASSWORD_PEPPERS: values.pepper, PII_KEKS: values.kek });
const rotation = (name: KeyListName, deps = app.deps) => ({ deps, store, name });

/** A process started with the keys as they are listed now, on the same database. */
async function restarted(): Promise<TestApp> {
  const { config } = app.deps;
  const settings = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    BCRYPT_COST: '4',
    DATA_DIR: config.dataDir,
    PORT: '0',
    DATABASE_POOL: '3',
    HASH_WAIT_MS: '30000',
  };
  const next = await createApp({
    config: loadConfig({ ...settings, ...environmentOf(), DATABASE_URL: app.database.adminUrl }),
    clock: app.clock,
  });
  others.push(next);
  return { ...next, clock: app.clock, database: app.database, as: app.as };
}

const claims = { sub: 'u', sid: 's', auth_time: 0, acr: 'aal1' as const, amr: [], roles: [] };
const kidOfToken = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')).kid;

describe('rotating the signing keys', () => {
  it('publishes a day ahead, keeps the retired key until its last token is over, and no verifier ever misses a key', async () => {
    const [first = ''] = kidsOf('signing', values.signing);
    await registerSigningKeys(app.deps);
    await add(rotation('signing'));
    const [, second = ''] = kidsOf('signing', values.signing);
    await expect(activate(rotation('signing'), second)).rejects.toThrow('No process has published');

    const publishing = await restarted();
    await registerSigningKeys(publishing.deps);
    expect(publishing.deps.accessTokens.jwks().keys.map((key) => key.kid)).toEqual([first, second]);
    const early = publishing.deps.accessTokens.sign(claims);
    expect(kidOfToken(early)).toBe(first);
    app.clock.advance(86_399);
    await expect(activate(rotation('signing'), second)).rejects.toThrow('it may sign from');
    app.clock.advance(1);
    await activate(rotation('signing'), second);

    const last = publishing.deps.accessTokens.sign(claims);
    const signing = await restarted();
    await expect(drop(rotation('signing', signing.deps), first)).rejects.toThrow('still signs in a running process');
    await registerSigningKeys(signing.deps);
    const fresh = signing.deps.accessTokens.sign(claims);
    expect(kidOfToken(fresh)).toBe(second);
    expect(publishing.deps.accessTokens.verify(fresh).sub).toBe('u');
    expect(signing.deps.accessTokens.verify(last).sub).toBe('u');
    expect(await status(rotation('signing', signing.deps))).toMatch(
      new RegExp(`${second} \\(current\\): published .*signs since .*\\n {2}${first}: published .*retired`),
    );

    app.clock.advance(629);
    await expect(drop(rotation('signing', signing.deps), first)).rejects.toThrow('live until');
    app.clock.advance(1);
    expect(() => signing.deps.accessTokens.verify(last)).toThrow(expect.objectContaining({ code: 'token_expired' }));
    await drop(rotation('signing', signing.deps), first);
    const after = await restarted();
    expect(after.deps.accessTokens.jwks().keys.map((key) => key.kid)).toEqual([second]);
  });

  it('lets a key that never signed go at once, and keeps the current one', async () => {
    await add(rotation('signing'));
    const [current = '', unused = ''] = kidsOf('signing', values.signing);
    await drop(rotation('signing'), unused);
    await expect(drop(rotation('signing'), current)).rejects.toThrow('is the current key');
    await expect(drop(rotation('signing'), 'nobody')).rejects.toThrow('holds no key nobody');
  });

  it('writes nothing at a start with the list as it was', async () => {
    const actions = () =>
      app.deps.database.pool.query<{ count: string }>(`SELECT count(*) FROM audit.action WHERE action = 'note-signing-keys'`);
    const same = await restarted();
    await registerSigningKeys(same.deps);
    const before = (await actions()).rows[0]?.count;
    await registerSigningKeys(same.deps);
    expect((await actions()).rows[0]?.count).toBe(before);
  });
});

describe('rotating the key-encryption keys', () => {
  it('rewraps in batches, may be cut short, and reads everybody before, meanwhile and after', async () => {
    const people = [
      await registerPerson(app),
      await registerPerson(app),
      await registerPerson(app),
      await registerPerson(app),
      await registerPerson(app),
    ];
    const everybody = async (reader: TestApp) =>
      Promise.all(
        people.map(async ({ email, tokens }) => expect((await queries.readAccount(reader.deps, tokens.user.id)).email).toBe(email)),
      );
    await add(rotation('kek'));
    expect(kidsOf('kek', values.kek)).toEqual(['k1', 'k2']);
    const knowing = await restarted();
    await activate(rotation('kek'), 'k2');
    const wrapping = await restarted();
    people.push(await registerPerson(wrapping));
    await everybody(knowing);
    await everybody(wrapping);
    await expect(drop(rotation('kek', wrapping.deps), 'k1')).rejects.toThrow('still under k1');

    const input = { limit: 2 };
    expect(
      await wrapping.as({ kind: 'system', name: 'operator' }, () =>
        run(wrapping, systemCommands.rewrapDataKeys, input, { actor: { kind: 'system', name: 'operator' } }),
      ),
    ).toEqual({ rewrapped: 2 });
    await everybody(knowing);
    const drawn: [number, number][] = [];
    const said = await rewrap(
      rotation('kek', wrapping.deps),
      { update: (done, total) => void drawn.push([done, total]), end: () => undefined },
      2,
    );
    expect(said).toMatch(/^3 keys were put under k2\./);
    expect(drawn.map(([done]) => done)).toEqual([2, 3, 3, 3, 3]);
    expect(drawn.every(([, total]) => total === 3)).toBe(true);
    expect((await kekUsage(wrapping.deps)).filter(({ place, kid }) => place === 'people' && kid === 'k1')).toEqual([]);
    expect(await rewrap(rotation('kek', wrapping.deps), { update: () => undefined, end: () => undefined })).toMatch(/^0 keys/);

    // What was only pending at the time is gone within two days.
    app.clock.advance(49 * 3_600);
    await run(wrapping, systemCommands.forgetExpired, {}, { actor: { kind: 'system', name: 'operator' } });
    expect(await drop(rotation('kek', wrapping.deps), 'k1')).toContain('k1 is taken out');
    await everybody(await restarted());
    expect(await status(rotation('kek'))).toMatch(/^PII_KEKS\n {2}k2 \(current\): (\d+) of \1 wrapped keys$/);
  });

  it('stops before it begins when a key in use is not listed', async () => {
    const whole = values.kek;
    values.kek = secret('k7', 40);
    await expect(rewrap(rotation('kek'), { update: () => undefined, end: () => undefined })).rejects.toThrow('PII_KEKS does not hold k2');
    values.kek = whole;
  });
});

describe('rotating the peppers', () => {
  it('hashes anew at the next sign-in, and lets the old pepper go when no hash is under it', async () => {
    const current = await restarted();
    const [early, late] = [freshEmail(), freshEmail()];
    await registerPerson(current, 'client', early);
    await add(rotation('pepper', current.deps));
    await activate(rotation('pepper', current.deps), 'k2');
    const next = await restarted();
    await registerPerson(next, 'client', late);
    const old = async () => (await pepperUsage(next.deps)).find(({ kid, place }) => kid === 'k1' && place === 'accounts')?.rows ?? 0;
    const before = await old();
    expect(before).toBeGreaterThan(0);
    await run(next, commands.logIn, { email: early, password, ...caller });
    await run(next, commands.logIn, { email: late, password, ...caller });
    expect(await old()).toBe(before - 1);
    await expect(drop(rotation('pepper', next.deps), 'k1')).rejects.toThrow('at the next sign-in of its owner');
    expect(await status(rotation('pepper', next.deps))).toContain('k1: ');
  });
});

describe('the audit of a rotation', () => {
  it('holds each step with the name of the key and never the key', async () => {
    const { rows } = await app.deps.database.pool.query<{ action: string; actor_type: string }>(
      `SELECT action, actor_type FROM audit.action WHERE resource = 'key' AND action IN ('change-key', 'rewrap-data-keys') ORDER BY id`,
    );
    expect(rows.length).toBeGreaterThan(8);
    expect(new Set(rows.map((row) => row.actor_type))).toEqual(new Set(['system:operator']));
  });
});

describe('a list of keys', () => {
  it('numbers new keys past the highest, and keeps the order of the rest', () => {
    const { value, kid } = addKey('kek', `${secret('k9', 1)},${secret('k3', 2)}`);
    expect(kid).toBe('k10');
    expect(kidsOf('kek', activateKey('kek', value, 'k10'))).toEqual(['k10', 'k9', 'k3']);
    expect(kidsOf('kek', dropKey('kek', value, 'k3'))).toEqual(['k9', 'k10']);
    expect(() => kidsOf('signing', '[{"x":"1"}]')).toThrow('has no kid');
  });

  it('is read from the environment, where it can only be printed, or from the data folder, where it is kept', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fashionistar-rotate-'));
    try {
      expect(() => openKeyStore({}, folder).read('kek')).toThrow('neither in the environment nor in');
      writeFileSync(join(folder, 'secrets.json'), JSON.stringify({ PII_KEKS: 'k1:x', COOKIE_SEAL_KEY: 'y' }));
      const kept = openKeyStore({}, folder);
      expect(kept.read('kek')).toBe('k1:x');
      expect(kept.write('kek', 'k2:z,k1:x')).toContain('restart every process');
      expect(JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8'))).toEqual({ PII_KEKS: 'k2:z,k1:x', COOKIE_SEAL_KEY: 'y' });
      expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
      const given = openKeyStore({ PII_KEKS: 'k5:q' }, folder);
      expect(given.read('kek')).toBe('k5:q');
      expect(given.write('kek', 'k6:r,k5:q')).toContain("PII_KEKS='k6:r,k5:q'");
      expect(openKeyStore({}, folder).read('kek')).toBe('k2:z,k1:x');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('npm run keys:rotate', () => {
  const call = (...args: string[]) =>
    runNode(['scripts/rotate-keys.ts', ...args], {
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        DATA_DIR: app.deps.config.dataDir,
        DATABASE_URL: app.database.adminUrl,
        ...environmentOf(),
      },
    });

  it('shows and adds; says what is wrong with what it was asked', async () => {
    const shown = await call('kek');
    expect(shown).toMatchObject({ code: 0, output: expect.stringContaining('(current)') });
    expect(await call('kek', '--add')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/k\d is added[\s\S]*PII_KEKS='k\d:.*,k\d:.*'/),
    });
    for (const args of [['nonsense'], ['kek', '--nonsense'], ['kek', '--add', '--rewrap'], ['pepper', '--rewrap']]) {
      const { code, output } = await call(...args);
      expect(code, output).toBe(1);
      expect(output).toContain('npm run keys:rotate');
      expect(output).not.toContain('    at ');
    }
  });
});
