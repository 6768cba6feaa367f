import type { z } from 'zod';
import type { Role, RoleGrant } from '../../foundation/access/roles.ts';
import type { assertionResponse, attestationResponse } from '../../modules/identity/index.ts';

export type StaffTheme = 'light' | 'dark' | 'system';
export type StaffDensity = 'comfortable' | 'compact';

/** What is absent stays as it is. */
export type StaffPreferences = {
  theme: StaffTheme;
  density: StaffDensity;
  locale?: string | undefined;
  timeZone?: string | undefined;
  singleKeys?: boolean | undefined;
};

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
  /** Whether single keys such as "/" do something. */
  singleKeys: boolean;
  /** Any factor besides the password. */
  hasMfa: boolean;
  hasTotp: boolean;
  hasPasskey: boolean;
  /** A role given for an emergency, and until when. */
  breakGlass: { role: Role; until: Date } | null;
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

export type PasskeyAssertion = z.infer<typeof assertionResponse>;
export type PasskeyAttestation = z.infer<typeof attestationResponse>;

export type FactorAttempt = { code: string } | { recoveryCode: string } | { password: string } | { response: PasskeyAssertion };

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
  /** Checks a TOTP code, a passkey's answer or a recovery code; `password` only for step-up of demo staff without a factor. */
  verifyFactor(userId: string, factor: FactorAttempt, context: AttemptContext): Promise<FactorOutcome>;
  /** Makes a secret that counts only after confirmTotpEnrolment; a second call before that gives the same secret. */
  beginTotpEnrolment(userId: string): Promise<TotpEnrolment>;
  /** Ten recovery codes, shown once; null when the code is not right. */
  confirmTotpEnrolment(userId: string, code: string): Promise<{ recoveryCodes: readonly string[] } | null>;
  /** Request options for the browser; null for somebody without a passkey. */
  challengePasskey(userId: string): Promise<object | null>;
  /** Creation options for the browser. Throws `too_many_passkeys`. */
  beginPasskeyEnrolment(userId: string): Promise<object>;
  /** `recoveryCodes` when the person had none; null when the answer does not hold. */
  confirmPasskeyEnrolment(
    userId: string,
    response: PasskeyAttestation,
    name?: string,
  ): Promise<{ recoveryCodes: readonly string[] | null } | null>;
  /** Throws `not_found`. */
  renamePasskey(userId: string, factorId: string, name: string): Promise<void>;
  /** Throws `not_found`, `last_credential`. */
  removeFactor(userId: string, factorId: string): Promise<void>;
  /** Throws `no_factor`. */
  renewRecoveryCodes(userId: string): Promise<{ recoveryCodes: readonly string[] }>;
  /** Null when there is no such member of staff. */
  loadStaff(userId: string): Promise<StaffProfile | null>;
  listFactors(userId: string): Promise<readonly StaffFactor[]>;
  savePreferences(userId: string, preferences: StaffPreferences): Promise<void>;
};
