import { isAbsolute, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { keptOrigin } from './kept-origin.ts';
import { resolveSecrets, type Secrets } from './secrets.ts';

const flag = z.enum(['true', 'false', '1', '0']).transform((v) => v === 'true' || v === '1');
const count = z.coerce.number().int().positive();
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
/** `NG:5000,*:200`: a whole number per country; * is every other one. */
const byCountry = z
  .string()
  .regex(/^(?:[A-Z]{2}|\*):\d{1,9}(?:,(?:[A-Z]{2}|\*):\d{1,9})*$/, 'is a comma list of COUNTRY:number, * for every other country');
const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
/** The driver would take anything else for a local socket or a name of a database. */
const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'is not a URL of the form postgresql://user:password@host:5432/name',
});
/** Kept to the letter: an issuer is compared with `iss` as it is written. */
const exactUrl = z.url({ protocol: /^https?$/ });

const authClients = z.array(
  z.strictObject({
    id: z.string().min(1),
    secret: z.string().min(1).optional(),
    forwardingSecret: z.string().min(1).optional(),
    returnTo: z.array(z.string()).default([]),
  }),
);
export type AuthClient = z.infer<typeof authClients>[number];

const demoClients = JSON.stringify([
  {
    id: 'storefront-bff',
    secret: 'dev-storefront-secret',
    forwardingSecret: 'dev-forwarding-secret',
    returnTo: ['http://localhost:3001/auth/return'],
  },
  { id: 'browser', returnTo: ['http://localhost:3001/auth/return'] },
  { id: 'mobile', returnTo: ['fashionistar://auth'] },
]);

const json = z.string().transform((text, ctx) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    ctx.addIssue({ code: 'custom', message: 'is not valid JSON' });
    return z.NEVER;
  }
});

/** Environment variables of auth-api.md section 8 and platform.md; secrets are handled in secrets.ts. */
export const environmentSchema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  APP_LAB: flag.default(false),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  PUBLIC_URL: httpUrl.optional(),
  STOREFRONT_URL: httpUrl.default('http://localhost:3001'),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_WEB_URL: postgresUrl.optional(),
  DATABASE_WORKER_URL: postgresUrl.optional(),
  DATABASE_POOL: count.default(10),
  EMBEDDED_PG_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  CORS_ORIGINS: list.default(['http://localhost:3001']),
  TRUST_PROXY: list.default([]),
  AUTH_CLIENTS: z.string().default(demoClients).pipe(json).pipe(authClients),
  LEGACY_ALIASES: flag.default(true),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().default('fashionistar-api'),
  ACCESS_TOKEN_TTL_S: count.default(600),
  REFRESH_GRACE_S: count.default(30),
  SESSION_IDLE_S: count.default(1_209_600),
  SESSION_ABSOLUTE_S: count.default(2_592_000),
  SESSION_MAX: count.default(50),
  OTP_EMAIL_TTL_S: count.default(600),
  OTP_SMS_TTL_S: count.default(300),
  OTP_ATTEMPTS: count.default(5),
  OTP_RESEND_S: count.default(60),
  OTP_TARGET_HOUR: count.default(5),
  OTP_TARGET_DAY: count.default(10),
  REGISTRATION_TTL_S: count.default(1800),
  RESET_LINK_TTL_S: count.default(1800),
  RESET_TOKEN_TTL_S: count.default(600),
  HANDOFF_TTL_S: count.default(60),
  REAUTH_FRESH_S: count.default(300),
  REAUTH_FRESH_LONG_S: count.default(900),
  ACR_DECAY_S: count.default(86_400),
  MFA_TRUST_S: count.default(2_592_000),
  ERASE_GRACE_S: count.default(1_209_600),
  EXPORT_TTL_S: count.default(86_400),
  REVIEW_SAMPLE_PERCENT: z.coerce.number().min(0).max(100).default(5),
  RATE_LIMIT_SCALE: z.coerce.number().positive().default(1),
  PASSWORD_MIN: count.default(12),
  PASSWORD_MAX: count.default(128),
  BCRYPT_COST: z.coerce.number().int().min(4).max(15).default(12),
  HASH_CONCURRENCY: count.optional(),
  HASH_QUEUE: count.default(32),
  HASH_WAIT_MS: count.default(2000),
  WEBAUTHN_RP_ID: z.string().default('localhost'),
  WEBAUTHN_ORIGINS: list.default(['http://localhost:3001', 'http://localhost:3000']),
  GOOGLE_CLIENT_ID: z.string().default(''),
  GOOGLE_CLIENT_SECRET: z.string().default(''),
  GOOGLE_AUDIENCES: list.optional(),
  GOOGLE_ISSUER: exactUrl.default('https://accounts.google.com'),
  GOOGLE_AUTHORIZATION_URL: exactUrl.optional(),
  GOOGLE_TOKEN_URL: exactUrl.optional(),
  GOOGLE_JWKS_URL: exactUrl.optional(),
  GOOGLE_REDIRECT_URI: exactUrl.optional(),
  GOOGLE_HTTP_TIMEOUT_MS: count.default(5000),
  GOOGLE_JWKS_CACHE_S: count.default(3600),
  MAIL_DRIVER: z.enum(['capture', 'smtp']).optional(),
  SMTP_URL: z.string().default(''),
  MAIL_FROM: z.string().default('Fashionistar <no-reply@localhost>'),
  SMS_DRIVER: z.enum(['capture', 'http']).optional(),
  SMS_HTTP_URL: z.string().default(''),
  SMS_HTTP_TOKEN: z.string().default(''),
  SMS_FALLBACK_HTTP_URL: z.string().default(''),
  SMS_FALLBACK_HTTP_TOKEN: z.string().default(''),
  SMS_SENDER: z.string().default('FASHIONSTAR'),
  SMS_TIMEOUT_MS: count.default(5000),
  SMS_ALLOWED_COUNTRIES: list.default(['NG', 'GH', 'KE', 'ZA', 'GB', 'US']),
  DEFAULT_COUNTRY: z.string().length(2).default('NG'),
  SMS_COUNTRY_DAILY_BUDGET: byCountry.default('NG:5000,*:200'),
  SMS_COUNTRY_PRICE: byCountry.default('NG:50000,*:80000'),
  TERMS_VERSION: z.string().default('2026-01'),
  TERMS_URL: z.string().optional(),
  GEOIP_DB: z.string().default(''),
  FILES_DRIVER: z.enum(['local', 's3']).default('local'),
  FILES_DIR: z.string().optional(),
  FILES_S3_ENDPOINT: httpUrl.optional(),
  FILES_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is the name of a bucket')
    .optional(),
  FILES_S3_REGION: z.string().default('us-east-1'),
  FILES_S3_ACCESS_KEY_ID: z.string().default(''),
  FILES_S3_SECRET_ACCESS_KEY: z.string().default(''),
  AUDIT_ORIGIN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'is one line without spaces')
    .optional(),
  AUDIT_KEYS_FILE: z.string().optional(),
  AUDIT_ANCHOR_DIR: z.string().optional(),
  AUDIT_ANCHOR_URLS: list.pipe(z.array(httpUrl)).default([]),
  AUDIT_DATABASE_URL: postgresUrl.optional(),
  AUDIT_ARCHIVE_DIR: z.string().optional(),
  AUDIT_RETENTION_MONTHS: z.coerce.number().int().min(12).max(600).default(84),
  AUDIT_SEARCH_MONTHS: z.coerce.number().int().min(3).max(600).default(13),
  AUDIT_IP_MODE: z.enum(['full', 'truncated', 'off']).default('truncated'),
  API_LOG_SAMPLE_PERCENT: z.coerce.number().min(0).max(100).default(10),
  API_LOG_DAYS: z.coerce.number().int().min(7).max(3650).default(90),
  API_LOG_BODY_DAYS: z.coerce.number().int().min(1).max(3650).default(14),
  LOGIN_EVENT_MONTHS: z.coerce.number().int().min(6).max(120).default(13),
  WEBHOOKS_TO_LOOPBACK: flag.default(false),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

type Environment = z.infer<typeof environmentSchema>;

/** Everything the process may know about its surroundings; read once, nowhere else. Durations in seconds unless named otherwise. */
export type Config = ReturnType<typeof shape>;

export { ConfigError };

export function loadConfig(env: Record<string, string | undefined>): Config {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environmentSchema.safeParse(filled);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`Configuration is not usable.\n  ${lines.join('\n  ')}`);
  }
  const mode = modeOf(parsed.data);
  refuseWeakSettings(parsed.data, filled, mode);
  return shape(parsed.data, resolveSecrets(filled, mode === 'production', resolve(parsed.data.DATA_DIR)), mode);
}

/** `demo` and `lab` carry demo data and the dev inbox; `production` carries neither. */
export type Mode = 'demo' | 'lab' | 'production';

function modeOf(env: Environment): Mode {
  if (env.NODE_ENV !== 'production') return 'demo';
  return env.APP_LAB ? 'lab' : 'production';
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

function refuseWeakSettings(env: Environment, given: Record<string, unknown>, mode: Mode): void {
  const problems: string[] = [];
  if (!loopback.has(env.HOST)) {
    if (env.APP_LAB) problems.push('APP_LAB: lab mode only runs on loopback; set HOST=127.0.0.1');
    if (env.NODE_ENV !== 'production') problems.push('HOST: demo mode only runs on loopback; set NODE_ENV=production or HOST=127.0.0.1');
  }
  if (mode === 'production') problems.push(...productionProblems(env, given));
  problems.push(...filesProblems(env, mode));
  if (problems.length > 0) throw new ConfigError(`Refusing to start.\n  ${problems.join('\n  ')}`);
}

/** Google's own addresses; another issuer serves the usual paths below its own. */
const googleEndpoints = {
  issuer: 'https://accounts.google.com',
  authorization: 'https://accounts.google.com/o/oauth2/v2/auth',
  token: 'https://oauth2.googleapis.com/token',
  jwks: 'https://www.googleapis.com/oauth2/v3/certs',
};

function googleShape(env: Environment, publicUrl: string) {
  const base = env.GOOGLE_ISSUER.replace(/\/+$/, '');
  const own = { authorization: `${base}/authorize`, token: `${base}/token`, jwks: `${base}/jwks` };
  const endpoints = env.GOOGLE_ISSUER === googleEndpoints.issuer ? googleEndpoints : own;
  return {
    googleClientId: env.GOOGLE_CLIENT_ID,
    googleClientSecret: env.GOOGLE_CLIENT_SECRET,
    /** Accepted as `aud` of an ID token that a client hands in. */
    googleAudiences: env.GOOGLE_AUDIENCES ?? [env.GOOGLE_CLIENT_ID],
    googleIssuer: env.GOOGLE_ISSUER,
    googleAuthorizationUrl: env.GOOGLE_AUTHORIZATION_URL ?? endpoints.authorization,
    googleTokenUrl: env.GOOGLE_TOKEN_URL ?? endpoints.token,
    googleJwksUrl: env.GOOGLE_JWKS_URL ?? endpoints.jwks,
    googleRedirectUri: env.GOOGLE_REDIRECT_URI ?? `${publicUrl}/api/v1/auth/google/callback`,
    googleHttpTimeoutMs: env.GOOGLE_HTTP_TIMEOUT_MS,
    googleJwksCacheSeconds: env.GOOGLE_JWKS_CACHE_S,
  };
}

/** A mock issuer stands in for Google outside production only (auth-api.md section 8), and nothing of the redirect leg travels in clear. */
function googleProblems(env: Environment): string[] {
  const problems: string[] = [];
  if (env.GOOGLE_ISSUER !== googleEndpoints.issuer) problems.push(`GOOGLE_ISSUER must be ${googleEndpoints.issuer} in production`);
  if (env.GOOGLE_CLIENT_ID && !env.GOOGLE_CLIENT_SECRET) problems.push('GOOGLE_CLIENT_SECRET is missing');
  for (const name of ['GOOGLE_AUTHORIZATION_URL', 'GOOGLE_TOKEN_URL', 'GOOGLE_JWKS_URL', 'GOOGLE_REDIRECT_URI'] as const) {
    if (env[name] && !env[name].startsWith('https://')) problems.push(`${name} must be https in production`);
  }
  return problems;
}

/** Where private files lie; `directory` null: below DATA_DIR. */
function filesShape(env: Environment) {
  return {
    driver: env.FILES_DRIVER,
    directory: env.FILES_DIR === undefined ? null : resolve(env.FILES_DIR),
    s3: {
      endpoint: env.FILES_S3_ENDPOINT ?? '',
      bucket: env.FILES_S3_BUCKET ?? '',
      region: env.FILES_S3_REGION,
      accessKeyId: env.FILES_S3_ACCESS_KEY_ID,
      secretAccessKey: env.FILES_S3_SECRET_ACCESS_KEY,
    },
  };
}

function filesProblems(env: Environment, mode: Mode): string[] {
  if (env.FILES_DRIVER !== 's3') return [];
  const names = ['FILES_S3_ENDPOINT', 'FILES_S3_BUCKET', 'FILES_S3_ACCESS_KEY_ID', 'FILES_S3_SECRET_ACCESS_KEY'] as const;
  const problems = names.filter((name) => !env[name]).map((name) => `${name} is missing: FILES_DRIVER is s3`);
  const isPlain = env.FILES_S3_ENDPOINT !== undefined && !env.FILES_S3_ENDPOINT.startsWith('https://');
  if (mode === 'production' && isPlain) problems.push('FILES_S3_ENDPOINT must be https in production');
  return problems;
}

export const requiredInProduction = [
  'PUBLIC_URL',
  'STOREFRONT_URL',
  'DATABASE_URL',
  'CORS_ORIGINS',
  'AUTH_CLIENTS',
  'JWT_SIGNING_KEYS',
  'PASSWORD_PEPPERS',
  'PII_KEKS',
  'BLIND_INDEX_KEY',
  'TOKEN_HMAC_KEY',
  'DEVICE_TOKEN_KEY',
  'COOKIE_SEAL_KEY',
  'AUDIT_SIGNING_KEY',
  'AUDIT_KEYS_FILE',
  'WEBAUTHN_RP_ID',
  'WEBAUTHN_ORIGINS',
  'MAIL_FROM',
];

/** Settings that production may tighten but not loosen: [variable, direction in which a value is weaker]. */
const tightOnly = [
  ['ACCESS_TOKEN_TTL_S', 'more'],
  ['REFRESH_GRACE_S', 'more'],
  ['SESSION_IDLE_S', 'more'],
  ['SESSION_ABSOLUTE_S', 'more'],
  ['SESSION_MAX', 'more'],
  ['OTP_EMAIL_TTL_S', 'more'],
  ['OTP_SMS_TTL_S', 'more'],
  ['OTP_ATTEMPTS', 'more'],
  ['OTP_RESEND_S', 'less'],
  ['OTP_TARGET_HOUR', 'more'],
  ['OTP_TARGET_DAY', 'more'],
  ['REGISTRATION_TTL_S', 'more'],
  ['RESET_LINK_TTL_S', 'more'],
  ['RESET_TOKEN_TTL_S', 'more'],
  ['HANDOFF_TTL_S', 'more'],
  ['REAUTH_FRESH_S', 'more'],
  ['REAUTH_FRESH_LONG_S', 'more'],
  ['ACR_DECAY_S', 'more'],
  ['MFA_TRUST_S', 'more'],
  ['ERASE_GRACE_S', 'less'],
  ['EXPORT_TTL_S', 'more'],
  ['GOOGLE_HTTP_TIMEOUT_MS', 'more'],
  ['GOOGLE_JWKS_CACHE_S', 'more'],
  ['PASSWORD_MIN', 'less'],
  ['BCRYPT_COST', 'less'],
] as const;

function productionProblems(env: Environment, given: Record<string, unknown>): string[] {
  const problems = requiredInProduction.filter((name) => given[name] === undefined).map((name) => `${name} is missing`);
  const defaults = environmentSchema.parse({});
  for (const [name, weaker] of tightOnly) {
    if (weaker === 'more' ? env[name] > defaults[name] : env[name] < defaults[name]) {
      problems.push(`${name}: ${env[name]} is weaker than the default ${defaults[name]}`);
    }
  }
  if (env.WEBHOOKS_TO_LOOPBACK) problems.push('WEBHOOKS_TO_LOOPBACK: webhooks to this machine are for demo and lab');
  if (env.RATE_LIMIT_SCALE !== 1) problems.push('RATE_LIMIT_SCALE must be 1 in production');
  if (env.MAIL_DRIVER === 'capture') problems.push('MAIL_DRIVER: capture is for demo and lab; use smtp');
  if (env.SMS_DRIVER === 'capture') problems.push('SMS_DRIVER: capture is for demo and lab; use http');
  if (!env.SMTP_URL) problems.push('SMTP_URL is missing');
  if (!env.SMS_HTTP_URL) problems.push('SMS_HTTP_URL is missing');
  if (!env.SMS_HTTP_TOKEN) problems.push('SMS_HTTP_TOKEN is missing');
  if (env.PUBLIC_URL && !env.PUBLIC_URL.startsWith('https://')) problems.push('PUBLIC_URL must be https in production');
  problems.push(...anchorProblems(env), ...googleProblems(env));
  for (const client of env.AUTH_CLIENTS) {
    if (client.secret !== undefined && (client.secret.startsWith('dev-') || client.secret.length < 24)) {
      problems.push(`AUTH_CLIENTS: the secret of ${client.id} is a demo secret or shorter than 24 characters`);
    }
    if (client.forwardingSecret !== undefined && (client.forwardingSecret.startsWith('dev-') || client.forwardingSecret.length < 24)) {
      problems.push(`AUTH_CLIENTS: the forwardingSecret of ${client.id} is a demo secret or shorter than 24 characters`);
    }
  }
  return problems;
}

/**
 * An anchor is worth something only where whoever holds this host cannot rewrite it (audit.md section 8). A URL must therefore
 * name another host; a folder must be named on purpose, as the mount of another host's storage, and lie outside DATA_DIR.
 */
function anchorProblems(env: Environment): string[] {
  const own = new Set([...loopback, '[::1]', ...(env.PUBLIC_URL ? [new URL(env.PUBLIC_URL).hostname] : [])]);
  const problems = env.AUDIT_ANCHOR_URLS.flatMap((url, index) => {
    const { hostname, protocol } = new URL(url);
    if (protocol !== 'https:') return [`AUDIT_ANCHOR_URLS: number ${index + 1} must be https in production`];
    return own.has(hostname) ? [`AUDIT_ANCHOR_URLS: number ${index + 1} is on this host; anchors belong on another`] : [];
  });
  if (env.AUDIT_ANCHOR_URLS.length === 0 && env.AUDIT_ANCHOR_DIR === undefined) {
    problems.push('AUDIT_ANCHOR_URLS is missing: name another host, or set AUDIT_ANCHOR_DIR to a folder mounted from one');
  }
  if (env.AUDIT_ANCHOR_DIR !== undefined && isWithin(resolve(env.DATA_DIR), resolve(env.AUDIT_ANCHOR_DIR))) {
    problems.push('AUDIT_ANCHOR_DIR lies in DATA_DIR; anchors belong on another host');
  }
  return problems;
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way.startsWith('..') || isAbsolute(way));
}

function originOf(env: Environment, publicUrl: string, mode: Mode): string {
  if (env.AUDIT_ORIGIN !== undefined) return env.AUDIT_ORIGIN;
  const named = `${new URL(publicUrl).host}/audit`;
  return mode === 'production' ? named : keptOrigin(resolve(env.DATA_DIR), named);
}

function anchorDirOf(env: Environment, mode: Mode): string | null {
  if (env.AUDIT_ANCHOR_DIR !== undefined) return resolve(env.AUDIT_ANCHOR_DIR);
  return mode === 'production' ? null : resolve(env.DATA_DIR, 'anchors');
}

function numbersByCountry(text: string): ReadonlyMap<string, number> {
  const pairs = text.split(',').map((pair) => pair.split(':'));
  return new Map(pairs.map(([country = '', number]) => [country, Number(number)]));
}

function shape(env: Environment, secrets: Secrets, mode: Mode) {
  const publicUrl = env.PUBLIC_URL ?? `http://localhost:${env.PORT}`;
  const captured = mode !== 'production';
  return {
    mode,
    /** NODE_ENV=production: the production build, cookies and headers. True in lab mode too. */
    isProductionBuild: env.NODE_ENV === 'production',
    isTest: env.NODE_ENV === 'test',
    host: env.HOST,
    port: env.PORT,
    metricsPort: env.METRICS_PORT,
    publicUrl,
    storefrontUrl: env.STOREFRONT_URL,
    dataDir: resolve(env.DATA_DIR),
    databaseUrl: env.DATABASE_URL,
    databaseWebUrl: env.DATABASE_WEB_URL,
    databaseWorkerUrl: env.DATABASE_WORKER_URL,
    databasePool: env.DATABASE_POOL,
    embeddedPgPort: env.EMBEDDED_PG_PORT,
    corsOrigins: env.CORS_ORIGINS,
    trustProxy: env.TRUST_PROXY,
    authClients: env.AUTH_CLIENTS,
    hasLegacyAliases: env.LEGACY_ALIASES,
    jwtIssuer: env.JWT_ISSUER ?? publicUrl,
    jwtAudience: env.JWT_AUDIENCE,
    accessTokenTtlSeconds: env.ACCESS_TOKEN_TTL_S,
    refreshGraceSeconds: env.REFRESH_GRACE_S,
    sessionIdleSeconds: env.SESSION_IDLE_S,
    sessionAbsoluteSeconds: env.SESSION_ABSOLUTE_S,
    sessionMax: env.SESSION_MAX,
    otpEmailTtlSeconds: env.OTP_EMAIL_TTL_S,
    otpSmsTtlSeconds: env.OTP_SMS_TTL_S,
    otpAttempts: env.OTP_ATTEMPTS,
    otpResendSeconds: env.OTP_RESEND_S,
    otpTargetHour: env.OTP_TARGET_HOUR,
    otpTargetDay: env.OTP_TARGET_DAY,
    registrationTtlSeconds: env.REGISTRATION_TTL_S,
    resetLinkTtlSeconds: env.RESET_LINK_TTL_S,
    resetTokenTtlSeconds: env.RESET_TOKEN_TTL_S,
    handoffTtlSeconds: env.HANDOFF_TTL_S,
    reauthFreshSeconds: env.REAUTH_FRESH_S,
    reauthFreshLongSeconds: env.REAUTH_FRESH_LONG_S,
    acrDecaySeconds: env.ACR_DECAY_S,
    mfaTrustSeconds: env.MFA_TRUST_S,
    eraseGraceSeconds: env.ERASE_GRACE_S,
    exportTtlSeconds: env.EXPORT_TTL_S,
    reviewSamplePercent: env.REVIEW_SAMPLE_PERCENT,
    rateLimitScale: env.RATE_LIMIT_SCALE,
    passwordMin: env.PASSWORD_MIN,
    passwordMax: env.PASSWORD_MAX,
    bcryptCost: env.BCRYPT_COST,
    hashConcurrency: env.HASH_CONCURRENCY,
    hashQueue: env.HASH_QUEUE,
    hashWaitMs: env.HASH_WAIT_MS,
    webauthnRpId: env.WEBAUTHN_RP_ID,
    webauthnOrigins: env.WEBAUTHN_ORIGINS,
    ...googleShape(env, publicUrl),
    mailDriver: env.MAIL_DRIVER ?? (captured ? 'capture' : 'smtp'),
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM,
    smsDriver: env.SMS_DRIVER ?? (captured ? 'capture' : 'http'),
    smsHttpUrl: env.SMS_HTTP_URL,
    smsHttpToken: env.SMS_HTTP_TOKEN,
    smsFallbackHttpUrl: env.SMS_FALLBACK_HTTP_URL,
    smsFallbackHttpToken: env.SMS_FALLBACK_HTTP_TOKEN,
    smsSender: env.SMS_SENDER,
    smsTimeoutMs: env.SMS_TIMEOUT_MS,
    smsAllowedCountries: env.SMS_ALLOWED_COUNTRIES,
    defaultCountry: env.DEFAULT_COUNTRY,
    /** Messages a day by country; `*` is every other one. */
    smsCountryDailyBudget: numbersByCountry(env.SMS_COUNTRY_DAILY_BUDGET),
    /** Price of one message by country, in millionths of the operator's currency. */
    smsCountryPrice: numbersByCountry(env.SMS_COUNTRY_PRICE),
    termsVersion: env.TERMS_VERSION,
    termsUrl: env.TERMS_URL ?? `${env.STOREFRONT_URL}/terms`,
    geoipDb: env.GEOIP_DB,
    files: filesShape(env),
    /** Receivers on this machine are called, over http too; for tests and demos. */
    webhooksToLoopback: env.WEBHOOKS_TO_LOOPBACK,
    auditOrigin: originOf(env, publicUrl, mode),
    auditArchiveDir: env.AUDIT_ARCHIVE_DIR ? resolve(env.AUDIT_ARCHIVE_DIR) : join(resolve(env.DATA_DIR), 'archive'),
    auditRetentionMonths: env.AUDIT_RETENTION_MONTHS,
    auditSearchMonths: env.AUDIT_SEARCH_MONTHS,
    auditIpMode: env.AUDIT_IP_MODE,
    /** JSON array of public keys that checkpoints may be signed with (audit.md section 7). */
    auditKeysFile: resolve(env.AUDIT_KEYS_FILE ?? join(env.DATA_DIR, 'audit-keys.json')),
    /** Folder that takes a copy of checkpoints; null in production where only URLs are named. */
    auditAnchorDir: anchorDirOf(env, mode),
    /** Prefixes under which copies of checkpoints are PUT. */
    auditAnchorUrls: env.AUDIT_ANCHOR_URLS,
    /** Login of verify and export; where it is not given, DATABASE_URL followed by SET ROLE audit_reader. */
    auditDatabaseUrl: env.AUDIT_DATABASE_URL,
    apiLogSamplePercent: env.API_LOG_SAMPLE_PERCENT,
    apiLogDays: env.API_LOG_DAYS,
    apiLogBodyDays: env.API_LOG_BODY_DAYS,
    loginEventMonths: env.LOGIN_EVENT_MONTHS,
    logLevel: env.LOG_LEVEL,
    secrets,
  } as const;
}
