import type { RoleGrant } from '../../foundation/access/roles.ts';

export type StaffTheme = 'light' | 'dark' | 'system';
export type StaffDensity = 'comfortable' | 'compact';

/** What the back office needs to know of a signed-in member of staff. */
export type StaffProfile = {
  displayName: string;
  /** Active grants only. */
  grants: readonly RoleGrant[];
  /** BCP 47, for example `en`. */
  locale: string;
  /** IANA name, for example `Africa/Lagos`. */
  timeZone: string;
  theme: StaffTheme;
  density: StaffDensity;
  hasMfa: boolean;
  isDisabled: boolean;
};

export type PasswordAttempt = {
  email: string;
  password: string;
  ip: string | null;
  userAgent: string | null;
  /** Value of the device cookie, or null; gives a known device its own bucket (P9). */
  deviceToken: string | null;
};

/**
 * `refused` covers unknown, wrong, disabled and locked alike. A full bucket is `limited`, also for the right password.
 * `needs: 'none'` is only possible outside strict production, for demo staff without a factor.
 */
export type PasswordOutcome =
  | { kind: 'ok'; userId: string; needs: 'mfa' | 'enrol' | 'none'; deviceToken?: string }
  | { kind: 'refused' }
  | { kind: 'limited'; retryAfterSeconds: number };

export type FactorAttempt = { code: string } | { recoveryCode: string } | { password: string };

export type FactorOutcome = { kind: 'ok' } | { kind: 'refused' } | { kind: 'limited'; retryAfterSeconds: number };

export type AttemptContext = { ip: string | null; userAgent: string | null };

export type TotpEnrolment = {
  /** Base32, shown for typing by hand. */
  secret: string;
  /** otpauth:// URI, shown as a QR code. */
  uri: string;
};

export type StaffFactor = {
  id: string;
  kind: 'totp' | 'passkey' | 'recovery';
  label: string;
  createdAt: Date | null;
  lastUsedAt: Date | null;
};

/**
 * Staff identity as the back office sees it; implemented by src/modules/identity. Each call runs a command of its own,
 * writes its login event and keeps the limits of P9; none of them knows of cookies or sessions.
 */
export type StaffIdentityPort = {
  signInWithPassword(attempt: PasswordAttempt): Promise<PasswordOutcome>;
  /** Checks a TOTP code or a recovery code; `password` is only accepted for step-up of demo staff without a factor. */
  verifyFactor(userId: string, factor: FactorAttempt, context: AttemptContext): Promise<FactorOutcome>;
  /** Makes a secret that counts only after confirmTotpEnrolment; a second call before that gives the same secret. */
  beginTotpEnrolment(userId: string): Promise<TotpEnrolment>;
  /** Ten recovery codes, shown once; null when the code is not right. */
  confirmTotpEnrolment(userId: string, code: string): Promise<{ recoveryCodes: readonly string[] } | null>;
  /** Null when there is no such member of staff. */
  loadStaff(userId: string): Promise<StaffProfile | null>;
  listFactors(userId: string): Promise<readonly StaffFactor[]>;
  savePreferences(userId: string, preferences: { theme: StaffTheme; density: StaffDensity }): Promise<void>;
};
