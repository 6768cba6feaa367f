import { exportRowCaps } from '../../foundation/access/quotas.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { type RegisteredKey, registeredKeys } from '../../foundation/command/note-signing-keys.ts';

/** A line that is shown and not changed here; `from` names the variable of the environment, where there is one. */
export type FixedLine = { what: string; value: string; from: string | null };

type Deps = Pick<CommandDeps, 'config' | 'database' | 'clock'>;

const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;
const months = (count: number) => `${count} months`;

/** How long what is kept. */
export function retentionLines({ config }: Deps): readonly FixedLine[] {
  return [
    { what: 'History of changes and actions', value: months(config.auditRetentionMonths), from: 'AUDIT_RETENTION_MONTHS' },
    { what: 'Search over the history', value: months(config.auditSearchMonths), from: 'AUDIT_SEARCH_MONTHS' },
    { what: 'Sign-ins', value: months(config.loginEventMonths), from: 'LOGIN_EVENT_MONTHS' },
    { what: 'Request log', value: days(config.apiLogDays), from: 'API_LOG_DAYS' },
    { what: 'Bodies in the request log', value: days(config.apiLogBodyDays), from: 'API_LOG_BODY_DAYS' },
    { what: 'Exports, until they are fetched', value: `${Math.round(config.exportTtlSeconds / 3600)} hours`, from: 'EXPORT_TTL_S' },
    { what: 'Erasure, time to think again', value: days(Math.round(config.eraseGraceSeconds / 86_400)), from: 'ERASE_GRACE_S' },
    { what: 'Dead letters', value: days(90), from: null },
    { what: 'Events and calls of webhooks', value: days(30), from: null },
    { what: 'Answers kept for repeated calls', value: '24 hours', from: null },
  ];
}

/** Limits that belong to the configuration or to the code: changing them is a release or a restart. */
export function fixedLimits({ config }: Deps): readonly FixedLine[] {
  const seconds = (count: number) => (count % 60 === 0 ? `${count / 60} min` : `${count} s`);
  return [
    { what: 'Wrong passwords for one address and account', value: '5 in 15 min', from: null },
    { what: 'Wrong passwords of unknown devices for one account', value: '10 an hour, then growing waits', from: null },
    { what: 'Calls to sign in from one address', value: '20 a minute', from: null },
    {
      what: 'Codes to one target',
      value: `${config.otpTargetHour} an hour, ${config.otpTargetDay} a day`,
      from: 'OTP_TARGET_HOUR, OTP_TARGET_DAY',
    },
    { what: 'Attempts at one code', value: String(config.otpAttempts), from: 'OTP_ATTEMPTS' },
    { what: 'Wait before another code', value: `${seconds(config.otpResendSeconds)}, doubling`, from: 'OTP_RESEND_S' },
    { what: 'Sessions of one customer', value: String(config.sessionMax), from: 'SESSION_MAX' },
    { what: 'Requests to the back office', value: '600 a minute for one address, 300 for one person', from: null },
    { what: 'Factor on all rate limits', value: String(config.rateLimitScale), from: 'RATE_LIMIT_SCALE' },
    ...Object.entries(exportRowCaps).map(([grade, rows]) => ({
      what: `Rows in one export, ${grade.replaceAll('_', ' ')}`,
      value: new Intl.NumberFormat('en').format(rows),
      from: null,
    })),
  ];
}

/** What SMS may cost. */
export function smsLimits({ config }: Deps): readonly FixedLine[] {
  return [...config.smsCountryDailyBudget].map(([country, count]) => ({
    what: country === '*' ? 'SMS a day to every other country' : `SMS a day to ${country}`,
    value: new Intl.NumberFormat('en').format(count),
    from: 'SMS_COUNTRY_DAILY_BUDGET',
  }));
}

export type KeyLine = {
  kid: string;
  isCurrent: boolean;
  publishedAt: Date | null;
  activatedAt: Date | null;
  retiredAt: Date | null;
};

export type KeyList = { name: string; use: string; rotateBy: string | null; keys: readonly KeyLine[] };

/** The names of keys and how old they are; never a key. */
export async function keyLists(deps: Deps): Promise<readonly KeyList[]> {
  const { secrets } = deps.config;
  const register = new Map((await registeredKeys(deps)).map((key) => [key.kid, key]));
  const signing = [...register.values()]
    .map((key) => signingLine(key))
    .sort((left, right) => Number(right.isCurrent) - Number(left.isCurrent));
  const named = (kids: readonly string[]) =>
    kids.map((kid, index) => ({ kid, isCurrent: index === 0, publishedAt: null, activatedAt: null, retiredAt: null }));
  return [
    { name: 'Token signing keys', use: 'Sign access tokens', rotateBy: 'npm run keys:rotate -- signing', keys: signing },
    {
      name: 'Password peppers',
      use: 'Stand under every password hash',
      rotateBy: 'npm run keys:rotate -- pepper',
      keys: named(secrets.passwordPeppers.map(({ kid }) => kid)),
    },
    {
      name: 'Key-encryption keys',
      use: 'Wrap the data key of each person',
      rotateBy: 'npm run keys:rotate -- kek',
      keys: named(secrets.piiKeks.map(({ kid }) => kid)),
    },
    {
      name: 'Audit signing key',
      use: 'Signs the checkpoints of the history',
      rotateBy: null,
      keys: named([secrets.auditSigningKey.kid ?? 'one key']),
    },
  ];
}

function signingLine({ kid, publishedAt, activatedAt, retiredAt }: RegisteredKey): KeyLine {
  return { kid, publishedAt, activatedAt, retiredAt, isCurrent: activatedAt !== null && retiredAt === null };
}
