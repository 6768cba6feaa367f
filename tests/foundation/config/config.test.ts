import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, requiredInProduction } from '../../../src/foundation/config/config.ts';
import { secretNames } from '../../../src/foundation/config/secrets.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-config-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

type Environment = Record<string, string | undefined>;

const load = (env: Environment = {}) => loadConfig({ DATA_DIR: dataDir, ...env });

/** What the refusal says; fails when there is none. */
function refusalOf(env: Environment): string {
  try {
    load(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('The settings were accepted');
}

/** Keys as an operator would have them: made once by the project itself. */
function freshKeys(): Record<string, string> {
  load();
  return JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8'));
}

const clients = (over: object = {}) => JSON.stringify([{ id: 'bff', secret: 'a'.repeat(24), forwardingSecret: 'b'.repeat(24), ...over }]);

function production(over: Environment = {}): Environment {
  return {
    NODE_ENV: 'production',
    HOST: '0.0.0.0',
    PUBLIC_URL: 'https://id.fashionistar.example/',
    STOREFRONT_URL: 'https://www.fashionistar.example',
    DATABASE_URL: 'postgresql://owner:secret@db.example:5432/fashionistar',
    CORS_ORIGINS: 'https://www.fashionistar.example, https://m.fashionistar.example',
    AUTH_CLIENTS: clients(),
    WEBAUTHN_RP_ID: 'fashionistar.example',
    WEBAUTHN_ORIGINS: 'https://www.fashionistar.example',
    MAIL_FROM: 'Fashionistar <no-reply@fashionistar.example>',
    SMTP_URL: 'smtps://mail.example:465',
    SMS_HTTP_URL: 'https://sms.example/send',
    SMS_HTTP_TOKEN: 'token-of-the-provider',
    AUDIT_KEYS_FILE: '/etc/fashionistar/audit-keys.json',
    AUDIT_ANCHOR_URLS: 'https://anchors.example/fashionistar',
    ...freshKeys(),
    ...over,
  };
}

describe('the settings of a demo', () => {
  it('need nothing, capture mail and SMS, and stay on this machine', () => {
    const config = load();
    expect(config).toMatchObject({
      mode: 'demo',
      host: '127.0.0.1',
      mailDriver: 'capture',
      smsDriver: 'capture',
      isProductionBuild: false,
    });
    expect(config.publicUrl).toBe('http://localhost:3000');
    expect(config.termsUrl).toBe('http://localhost:3001/terms');
    expect(config.auditOrigin).toBe('localhost:3000/audit');
    expect(config).toMatchObject({
      auditKeysFile: join(dataDir, 'audit-keys.json'),
      auditAnchorDir: join(dataDir, 'anchors'),
      auditAnchorUrls: [],
    });
  });

  it('keep the name of the audit log that the first start gave it, whatever the port is later', () => {
    expect(load({ PORT: '3100' }).auditOrigin).toBe('localhost:3100/audit');
    expect(load().auditOrigin).toBe('localhost:3100/audit');
    expect(load({ AUDIT_ORIGIN: 'audit.example/log' }).auditOrigin).toBe('audit.example/log');
    expect(load(production()).auditOrigin).toBe('id.fashionistar.example/audit');
  });

  it('take an empty variable as absent', () => {
    expect(load({ PORT: '', MAIL_DRIVER: '' }).port).toBe(3000);
  });

  it.each([
    ['an unknown mode', { NODE_ENV: 'staging' }, 'NODE_ENV'],
    ['a port that is none', { PORT: '70000' }, 'PORT'],
    ['clients that are not JSON', { AUTH_CLIENTS: '[{' }, 'AUTH_CLIENTS: is not valid JSON'],
    ['a client with a misspelt member', { AUTH_CLIENTS: '[{"id":"x","secrets":"y"}]' }, 'AUTH_CLIENTS'],
    ['an address that is not of the web', { PUBLIC_URL: 'ftp://id.example' }, 'PUBLIC_URL'],
    ['a duration of nothing', { ACCESS_TOKEN_TTL_S: '0' }, 'ACCESS_TOKEN_TTL_S'],
    ['demo mode on an address that others can reach', { HOST: '0.0.0.0' }, 'HOST: demo mode only runs on loopback'],
    ['lab mode on an address that others can reach', { NODE_ENV: 'production', APP_LAB: '1', HOST: '10.0.0.5' }, 'APP_LAB'],
  ])('refuse %s and name the variable', (_what, env, named) => {
    expect(refusalOf(env)).toContain(named);
  });

  it('in lab mode are those of the production build, with captured messages', () => {
    expect(load({ NODE_ENV: 'production', APP_LAB: 'true' })).toMatchObject({
      mode: 'lab',
      isProductionBuild: true,
      mailDriver: 'capture',
    });
  });
});

describe('the settings of production', () => {
  it('are accepted when all are there', () => {
    const config = load(production());
    expect(config).toMatchObject({
      mode: 'production',
      mailDriver: 'smtp',
      smsDriver: 'http',
      publicUrl: 'https://id.fashionistar.example',
    });
    expect(config.corsOrigins).toEqual(['https://www.fashionistar.example', 'https://m.fashionistar.example']);
  });

  it.each(requiredInProduction)('are refused without %s, by name', (name) => {
    expect(refusalOf(production({ [name]: undefined }))).toContain(`${name} is missing`);
  });

  it('name everything that is missing at once', () => {
    const said = refusalOf({ NODE_ENV: 'production' });
    for (const name of requiredInProduction) expect(said).toContain(`${name} is missing`);
    expect(said).toContain('SMTP_URL is missing');
    expect(said).toContain('SMS_HTTP_TOKEN is missing');
  });

  it.each([
    ['ACCESS_TOKEN_TTL_S', '601'],
    ['REFRESH_GRACE_S', '31'],
    ['OTP_ATTEMPTS', '6'],
    ['OTP_RESEND_S', '59'],
    ['PASSWORD_MIN', '8'],
    ['BCRYPT_COST', '10'],
    ['ERASE_GRACE_S', '1209599'],
    ['EXPORT_TTL_S', '86401'],
  ])('may not make %s weaker', (name, value) => {
    expect(refusalOf(production({ [name]: value }))).toContain(`${name}: ${value} is weaker than the default`);
  });

  it.each([
    ['PASSWORD_MIN', '14'],
    ['ACCESS_TOKEN_TTL_S', '300'],
    ['BCRYPT_COST', '13'],
  ])('may make %s stronger', (name, value) => {
    expect(() => load(production({ [name]: value }))).not.toThrow();
  });

  it.each([
    [{ RATE_LIMIT_SCALE: '10' }, 'RATE_LIMIT_SCALE must be 1'],
    [{ MAIL_DRIVER: 'capture' }, 'MAIL_DRIVER'],
    [{ SMS_DRIVER: 'capture' }, 'SMS_DRIVER'],
    [{ PUBLIC_URL: 'http://id.fashionistar.example' }, 'PUBLIC_URL must be https'],
    [{ AUTH_CLIENTS: clients({ secret: 'dev-storefront-secret-of-the-demo' }) }, 'the secret of bff is a demo secret'],
    [{ AUDIT_ANCHOR_URLS: '' }, 'AUDIT_ANCHOR_URLS is missing'],
    [{ AUDIT_ANCHOR_URLS: 'http://anchors.example' }, 'AUDIT_ANCHOR_URLS: number 1 must be https'],
    [{ AUDIT_ANCHOR_URLS: 'https://anchors.example,https://id.fashionistar.example/a' }, 'AUDIT_ANCHOR_URLS: number 2 is on this host'],
    [{ AUDIT_ANCHOR_URLS: 'https://127.0.0.1:8443' }, 'AUDIT_ANCHOR_URLS: number 1 is on this host'],
    [{ DATA_DIR: '/srv/data', AUDIT_ANCHOR_DIR: '/srv/data/anchors' }, 'AUDIT_ANCHOR_DIR lies in DATA_DIR'],
    [{ AUDIT_ORIGIN: 'two words' }, 'AUDIT_ORIGIN'],
    [{ AUTH_CLIENTS: clients({ secret: 'short' }) }, 'shorter than 24 characters'],
    [{ AUTH_CLIENTS: clients({ forwardingSecret: 'dev-forwarding-secret-of-the-demo' }) }, 'the forwardingSecret of bff'],
  ])('are refused with %j', (over, said) => {
    expect(refusalOf(production(over))).toContain(said);
  });

  it('take anchors of another host by URL, or a folder that is mounted from one', () => {
    expect(load(production())).toMatchObject({ auditAnchorDir: null, auditAnchorUrls: ['https://anchors.example/fashionistar'] });
    expect(load(production({ AUDIT_ANCHOR_URLS: '', AUDIT_ANCHOR_DIR: '/mnt/anchors' }))).toMatchObject({
      auditAnchorDir: '/mnt/anchors',
      auditAnchorUrls: [],
      auditKeysFile: '/etc/fashionistar/audit-keys.json',
    });
  });

  it('take a public client without secrets', () => {
    expect(() => load(production({ AUTH_CLIENTS: JSON.stringify([{ id: 'mobile' }]) }))).not.toThrow();
  });
});

describe('keys', () => {
  it('are made once outside production, kept for the owner only, and read again', () => {
    const first = freshKeys();
    expect(Object.keys(first).sort()).toEqual([...secretNames].sort());
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(freshKeys()).toEqual(first);
  });

  it('are added one by one where a kept file lacks some', () => {
    const { TOKEN_HMAC_KEY: _, ...rest } = freshKeys();
    writeFileSync(join(dataDir, 'secrets.json'), JSON.stringify(rest));
    const again = freshKeys();
    expect(again).toMatchObject(rest);
    expect(again.TOKEN_HMAC_KEY).toHaveLength(44);
  });

  it('of the environment win over kept ones, and several versions may be named', () => {
    const keys = freshKeys();
    const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map((key, at) =>
      Buffer.from(key)
        .fill(at + 3, 0, 4)
        .toString('base64'),
    );
    const { secrets } = load({ PII_KEKS: `k2:${two}, k1:${one}` });
    expect(secrets.piiKeks.map(({ kid }) => kid)).toEqual(['k2', 'k1']);
    expect(secrets.blindIndexKey.toString('base64')).toBe(keys.BLIND_INDEX_KEY);
  });

  it.each([
    ['BLIND_INDEX_KEY', Buffer.alloc(32, 7).toString('base64'), 'too weak'],
    ['TOKEN_HMAC_KEY', 'c2hvcnQ=', 'must be base64 of 32 bytes'],
    ['PII_KEKS', 'nokid', 'must be a comma list of kid:base64'],
    ['JWT_SIGNING_KEYS', '[]', 'is not what it should be'],
    ['AUDIT_SIGNING_KEY', 'not json', 'is not what it should be'],
  ])('%s is refused when it is %j', (name, value, said) => {
    expect(() => load({ [name]: value })).toThrow(said);
  });

  it('are refused in production when one is missing, and nothing is written', () => {
    rmSync(dataDir, { recursive: true, force: true });
    expect(() => loadConfig({ NODE_ENV: 'production', DATA_DIR: dataDir })).toThrow(ConfigError);
    expect(() => statSync(dataDir)).toThrow();
  });
});

describe('the settings of Google', () => {
  it("are off, and name Google's own addresses", () => {
    expect(load()).toMatchObject({
      googleClientId: '',
      googleIssuer: 'https://accounts.google.com',
      googleAuthorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
      googleTokenUrl: 'https://oauth2.googleapis.com/token',
      googleJwksUrl: 'https://www.googleapis.com/oauth2/v3/certs',
      googleRedirectUri: 'http://localhost:3000/api/v1/auth/google/callback',
      googleHttpTimeoutMs: 5000,
      googleJwksCacheSeconds: 3600,
    });
  });

  it('take another issuer to the letter, with the usual paths below it, outside production', () => {
    expect(load({ GOOGLE_CLIENT_ID: 'web', GOOGLE_ISSUER: 'http://127.0.0.1:8080/' })).toMatchObject({
      googleAudiences: ['web'],
      googleIssuer: 'http://127.0.0.1:8080/',
      googleAuthorizationUrl: 'http://127.0.0.1:8080/authorize',
      googleTokenUrl: 'http://127.0.0.1:8080/token',
      googleJwksUrl: 'http://127.0.0.1:8080/jwks',
    });
    const own = {
      GOOGLE_AUTHORIZATION_URL: 'https://a.example/x',
      GOOGLE_TOKEN_URL: 'https://a.example/y',
      GOOGLE_JWKS_URL: 'https://a.example/z',
    };
    expect(load({ ...own, GOOGLE_AUDIENCES: 'web, android', GOOGLE_REDIRECT_URI: 'https://a.example/back' })).toMatchObject({
      googleAudiences: ['web', 'android'],
      googleAuthorizationUrl: 'https://a.example/x',
      googleTokenUrl: 'https://a.example/y',
      googleJwksUrl: 'https://a.example/z',
      googleRedirectUri: 'https://a.example/back',
    });
    expect(refusalOf({ GOOGLE_ISSUER: 'not an address' })).toContain('GOOGLE_ISSUER');
  });

  it('are strict in production', () => {
    const google = { GOOGLE_CLIENT_ID: 'web', GOOGLE_CLIENT_SECRET: 'secret-of-google' };
    expect(load(production(google)).googleClientId).toBe('web');
    expect(refusalOf(production({ ...google, GOOGLE_CLIENT_SECRET: undefined }))).toContain('GOOGLE_CLIENT_SECRET is missing');
    expect(refusalOf(production({ ...google, GOOGLE_ISSUER: 'https://issuer.example' }))).toContain(
      'GOOGLE_ISSUER must be https://accounts.google.com',
    );
    expect(refusalOf(production({ ...google, GOOGLE_TOKEN_URL: 'http://token.example' }))).toContain('GOOGLE_TOKEN_URL must be https');
    expect(refusalOf(production({ ...google, GOOGLE_HTTP_TIMEOUT_MS: '5001' }))).toContain('GOOGLE_HTTP_TIMEOUT_MS: 5001 is weaker');
    expect(refusalOf(production({ ...google, GOOGLE_JWKS_CACHE_S: '3601' }))).toContain('GOOGLE_JWKS_CACHE_S: 3601 is weaker');
  });
});
