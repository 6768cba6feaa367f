import { environmentSchema, requiredInProduction } from '../src/foundation/config/config.ts';
import { secretNames } from '../src/foundation/config/secrets.ts';

/** Every variable once, with what it means; the defaults come from the configuration itself. */
export const groups: Record<string, Record<string, string>> = {
  Process: {
    NODE_ENV: 'development, test or production; production refuses weak or missing settings',
    APP_LAB: 'with NODE_ENV=production: the production build with demo data, on loopback only (npm run start:lab)',
    HOST: 'address to listen on; anything but loopback needs NODE_ENV=production',
    PORT: 'port of the back office, the API and the docs',
    METRICS_PORT: 'port of the Prometheus metrics; 0 switches them off',
    PUBLIC_URL: 'base of links to this service and `iss` of its tokens; http://localhost:PORT when empty',
    STOREFRONT_URL: 'base of links in messages',
    DATA_DIR: 'folder of the demo: embedded PostgreSQL, generated keys, demo accounts, log',
    LOG_LEVEL: 'fatal, error, warn, info, debug, trace or silent',
    CORS_ORIGINS: 'comma list of exact origins',
    TRUST_PROXY: 'comma list of CIDRs whose X-Forwarded-For is believed',
  },
  Database: {
    DATABASE_URL: 'PostgreSQL 18, a login that may create roles and schemas; empty starts an embedded one (never in production)',
    DATABASE_WEB_URL: 'login app_web; derived from DATABASE_URL when empty',
    DATABASE_WORKER_URL: 'login app_worker; derived from DATABASE_URL when empty',
    DATABASE_POOL: 'connections of each process role',
    EMBEDDED_PG_PORT: 'port of the embedded PostgreSQL; 0 picks a free one',
  },
  Keys: {
    JWT_SIGNING_KEYS: 'JSON array of private Ed25519 JWKs: current, next, retired',
    PASSWORD_PEPPERS: 'comma list of kid:base64 (32 bytes); the first is current',
    PII_KEKS: 'comma list of kid:base64 (32 bytes); the first is current',
    BLIND_INDEX_KEY: 'base64 of 32 bytes; changing it means rebuilding the indexes',
    TOKEN_HMAC_KEY: 'base64 of 32 bytes',
    DEVICE_TOKEN_KEY: 'base64 of 32 bytes',
    COOKIE_SEAL_KEY: 'base64 of 32 bytes',
    AUDIT_SIGNING_KEY: 'private Ed25519 JWK',
  },
  'Tokens and sessions (durations in seconds; production may tighten, not loosen)': {
    AUTH_CLIENTS: 'JSON array of registered clients {id, secret?, forwardingSecret?, returnTo}',
    LEGACY_ALIASES: 'serve the old storefront paths too',
    JWT_ISSUER: 'PUBLIC_URL when empty',
    JWT_AUDIENCE: '',
    ACCESS_TOKEN_TTL_S: '',
    REFRESH_GRACE_S: 'how long a used refresh token still gives its own successor',
    SESSION_IDLE_S: '',
    SESSION_ABSOLUTE_S: '',
    SESSION_MAX: 'sessions of one person',
    REAUTH_FRESH_S: '',
    REAUTH_FRESH_LONG_S: '',
    ACR_DECAY_S: '',
    MFA_TRUST_S: '',
    HANDOFF_TTL_S: '',
  },
  'Codes, links and limits': {
    OTP_EMAIL_TTL_S: '',
    OTP_SMS_TTL_S: '',
    OTP_ATTEMPTS: '',
    OTP_RESEND_S: '',
    OTP_TARGET_HOUR: 'codes to one address in an hour',
    OTP_TARGET_DAY: 'codes to one address in a day',
    REGISTRATION_TTL_S: '',
    RESET_LINK_TTL_S: '',
    RESET_TOKEN_TTL_S: '',
    ERASE_GRACE_S: '',
    EXPORT_TTL_S: '',
    RATE_LIMIT_SCALE: 'multiplies every limit; 1 in production',
  },
  Review: {
    REVIEW_SAMPLE_PERCENT: 'share of approvals, in percent, that come back as blind second reviews',
  },
  Passwords: {
    PASSWORD_MIN: 'code points',
    PASSWORD_MAX: 'code points',
    BCRYPT_COST: '',
    HASH_CONCURRENCY: 'hashing threads; CPU cores, at most 4, when empty',
    HASH_QUEUE: 'sign-ins that may wait for a thread',
    HASH_WAIT_MS: 'how long they may wait before 503',
  },
  'Passkeys and Google': {
    WEBAUTHN_RP_ID: '',
    WEBAUTHN_ORIGINS: 'comma list',
    GOOGLE_CLIENT_ID: 'empty switches Google off',
    GOOGLE_CLIENT_SECRET: '',
    GOOGLE_AUDIENCES: 'comma list accepted as `aud` of an ID token; GOOGLE_CLIENT_ID when empty',
    GOOGLE_ISSUER: "exact `iss`; outside production any issuer may stand in for Google's",
    GOOGLE_AUTHORIZATION_URL: "Google's for its issuer, else GOOGLE_ISSUER/authorize, when empty",
    GOOGLE_TOKEN_URL: "Google's for its issuer, else GOOGLE_ISSUER/token, when empty",
    GOOGLE_JWKS_URL: "Google's for its issuer, else GOOGLE_ISSUER/jwks, when empty",
    GOOGLE_REDIRECT_URI: 'as registered at Google; PUBLIC_URL/api/v1/auth/google/callback when empty',
    GOOGLE_HTTP_TIMEOUT_MS: 'how long a call to the issuer may take',
    GOOGLE_JWKS_CACHE_S: 'how long its keys are kept; an unknown kid fetches them again at most once a minute',
  },
  'Mail and SMS': {
    MAIL_DRIVER: 'capture (feeds /dev/inbox) or smtp; smtp in production',
    SMTP_URL: 'smtps://user:password@host:port',
    MAIL_FROM: '',
    SMS_DRIVER: 'capture or http; http in production',
    SMS_HTTP_URL: 'POST {to, from, text}',
    SMS_HTTP_TOKEN: '',
    SMS_FALLBACK_HTTP_URL: '',
    SMS_FALLBACK_HTTP_TOKEN: '',
    SMS_SENDER: '',
    SMS_TIMEOUT_MS: '',
    SMS_ALLOWED_COUNTRIES: 'comma list of ISO 3166 codes',
    DEFAULT_COUNTRY: 'country of numbers written without one',
    SMS_COUNTRY_DAILY_BUDGET: 'messages a day; * is every other country',
    SMS_COUNTRY_PRICE: 'price of one message in millionths of your currency, for the figures of what was sent and held back',
  },
  Webhooks: {
    WEBHOOKS_TO_LOOPBACK: 'receivers on this machine may be called, over http too; for tests and demos, refused in production',
  },
  'Private files': {
    FILES_DRIVER: 'local (a folder; every process needs the same one) or s3 (any store that speaks S3 with path-style addresses)',
    FILES_DIR: 'folder of the local driver; DATA_DIR/files when empty',
    FILES_S3_ENDPOINT: 'for example https://s3.eu-west-1.amazonaws.com',
    FILES_S3_BUCKET: 'a bucket of its own, without public access: what lies in it is sealed',
    FILES_S3_REGION: '',
    FILES_S3_ACCESS_KEY_ID: 'may get, put and delete objects of the bucket, and nothing else',
    FILES_S3_SECRET_ACCESS_KEY: '',
  },
  'Terms, places and the audit trail': {
    TERMS_VERSION: '',
    TERMS_URL: 'STOREFRONT_URL/terms when empty',
    GEOIP_DB: 'path of an .mmdb file with cities; without it a place is a country, of IPv4 addresses only',
    AUDIT_ORIGIN: 'name of this log in its checkpoints, for ever: set it before PUBLIC_URL changes; host of PUBLIC_URL + /audit when empty',
    AUDIT_KEYS_FILE:
      'JSON array of public keys {keyId, publicKey, from, to?} that checkpoints are checked with; DATA_DIR/audit-keys.json when empty',
    AUDIT_ANCHOR_DIR:
      'folder for copies of checkpoints, in production mounted from another host; DATA_DIR/anchors when empty (none in production)',
    AUDIT_ANCHOR_URLS:
      'comma list of https prefixes on other hosts that take copies of checkpoints by PUT; user:password@ becomes Basic authentication',
    AUDIT_DATABASE_URL: 'login of verify and export (audit_reader); DATABASE_URL, then SET ROLE audit_reader, when empty',
    AUDIT_ARCHIVE_DIR: 'folder of the archives of months that are past their time; DATA_DIR/archive when empty',
    AUDIT_RETENTION_MONTHS: 'how long the history stays in the database before its months are archived and dropped',
    AUDIT_SEARCH_MONTHS: 'how long the history is searchable by text',
    AUDIT_IP_MODE: 'full, truncated or off',
    API_LOG_SAMPLE_PERCENT: 'share of successful reads that the request log keeps; errors, slow answers and writes are always kept',
    API_LOG_DAYS: 'how long rows of the request log are kept',
    API_LOG_BODY_DAYS: 'how long their bodies are kept',
    LOGIN_EVENT_MONTHS: 'how long login events are kept',
  },
};

/** The names the configuration reads, in no particular order. */
export function knownVariables(): string[] {
  return [...Object.keys(environmentSchema.shape), ...secretNames];
}

/** The text of .env.example: every variable, commented out, with its default; `*` marks what production demands. */
export function environmentExample(): string {
  const required = new Set<string>([...requiredInProduction, 'SMTP_URL', 'SMS_HTTP_URL', 'SMS_HTTP_TOKEN']);
  const sections = Object.entries(groups).map(([title, variables]) => {
    const lines = Object.entries(variables).flatMap(([name, meaning]) => {
      const marks = [required.has(name) ? '* ' : '', meaning].join('').trim();
      return [...(marks ? [`# ${marks}`] : []), `#${name}=${defaultOf(name)}`];
    });
    return [`## ${title}`, ...lines].join('\n');
  });
  const head = [
    '# Printed from the configuration by "npm run env-example". Nothing needs to be set for the demo.',
    '# * is demanded in production.',
  ];
  return `${[head.join('\n'), ...sections].join('\n\n')}\n`;
}

function defaultOf(name: string): string {
  const schema = Object.entries(environmentSchema.shape).find(([known]) => known === name)?.[1];
  const value: unknown = schema?.safeParse(undefined).data;
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.every((part) => typeof part === 'string') ? value.join(',') : JSON.stringify(value);
  return String(value);
}
