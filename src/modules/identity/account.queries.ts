import { fail } from '../../foundation/errors/app-error.ts';
import { contactInClear, factorsOf, findAccount } from './account.ts';
import { addressInClear } from './profile.ts';
import type { QueryDeps } from './query-deps.ts';
import type { FactorMethod } from './sign-in-shapes.ts';

/** `Account` of auth-api.md 2.6: the owner's own contact in clear, exactly one of email and phone set. */
export type AccountView = {
  id: string;
  memberId: string;
  role: 'client' | 'vendor';
  authMethod: 'email' | 'phone' | 'google';
  email: string | null;
  phone: string | null;
  emailVerified: boolean;
  phoneVerified: boolean;
  firstName: string | null;
  lastName: string | null;
  avatarUrl: null;
  bio: string | null;
  countryCode: string | null;
  state: string | null;
  city: string | null;
  address: string | null;
  language: string;
  timezone: string;
  marketingConsent: boolean;
  hasPassword: boolean;
  mfa: { totp: boolean; passkeys: number; recoveryCodesLeft: number };
  status: string;
  frozenUntil: Date | null;
  termsVersion: string | null;
  createdAt: Date;
  lastSignInAt: Date | null;
  version: number;
};

/** @throws AppError 401 `session_revoked` when the account is gone */
export async function readAccount(deps: QueryDeps, userId: string): Promise<AccountView> {
  const { prisma } = deps.database;
  const [account, user, consents] = await Promise.all([
    findAccount(prisma, { userId }),
    prisma.user.findUnique({ where: { id: userId } }),
    prisma.consent.findMany({ where: { userId }, orderBy: [{ at: 'desc' }, { id: 'desc' }], take: 100 }),
  ]);
  if (!account || !user || account.kind === 'staff') return fail('session_revoked');
  const contact = contactInClear(deps.keyring, account);
  const isVerified = user.identifierVerifiedAt !== null;
  const terms = consents.find((row) => row.purpose === 'terms');
  const marketing = consents.find((row) => row.purpose === 'marketing_email' || row.purpose === 'marketing_sms');
  return {
    id: user.id,
    memberId: user.memberId,
    role: account.kind,
    authMethod: user.authMethod,
    email: contact?.kind === 'email' ? contact.value : null,
    phone: contact?.kind === 'phone' ? contact.value : null,
    emailVerified: contact?.kind === 'email' && isVerified,
    phoneVerified: contact?.kind === 'phone' && isVerified,
    firstName: user.firstName,
    lastName: user.lastName,
    avatarUrl: null,
    bio: user.bio,
    countryCode: user.countryCode,
    state: user.state,
    city: user.city,
    address: addressInClear(deps.keyring, account, user),
    language: user.language,
    timezone: user.timezone,
    marketingConsent: marketing?.granted ?? false,
    hasPassword: account.passwordHash !== null,
    mfa: { totp: account.hasTotp, passkeys: account.passkeys, recoveryCodesLeft: account.recoveryCodesLeft },
    status: user.status,
    frozenUntil: user.frozenUntil,
    termsVersion: terms?.granted ? terms.textVersion : null,
    createdAt: user.createdAt,
    lastSignInAt: user.lastLoginAt,
    version: user.version,
  };
}

export type MfaView = {
  totp: { enabled: boolean; enabledAt: Date | null };
  passkeys: number;
  recoveryCodesLeft: number;
  methods: readonly FactorMethod[];
};

/** @throws AppError 401 `session_revoked` when the account is gone */
export async function readMfa(deps: QueryDeps, userId: string): Promise<MfaView> {
  const { prisma } = deps.database;
  const [account, totp] = await Promise.all([
    findAccount(prisma, { userId }),
    prisma.totp.findUnique({ where: { userId }, select: { confirmedAt: true } }),
  ]);
  if (!account) return fail('session_revoked');
  return {
    totp: { enabled: account.hasTotp, enabledAt: totp?.confirmedAt ?? null },
    passkeys: account.passkeys,
    recoveryCodesLeft: account.recoveryCodesLeft,
    methods: factorsOf(account),
  };
}
