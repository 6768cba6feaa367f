import { z } from 'zod';

/** The calling API client, as the API frame established it. The back office signs in with `clientId` `admin`. */
export const clientRef = z.object({ clientId: z.string().min(1), mode: z.enum(['body', 'cookie']) });
export type ClientRef = z.infer<typeof clientRef>;

/** The device token as it came, unverified; null when none came. */
export const deviceRef = z.object({ token: z.string().nullable() });
export type DeviceRef = z.infer<typeof deviceRef>;

/** Both belong to every input that can end in a session. */
export const callerFields = { client: clientRef, device: deviceRef };

/** Authentication methods of auth-api.md 1.8 (RFC 8176 names where one exists). */
export type Amr = 'pwd' | 'otp' | 'fed' | 'hwk' | 'user' | 'rec' | 'mfa';
export type Acr = 'aal1' | 'aal2';
export type FactorMethod = 'totp' | 'passkey' | 'recovery_code';

/** `session` of a TokenSet; times are instants, the door prints them. */
export type SessionView = { id: string; acr: Acr; amr: readonly string[]; authTime: Date; createdAt: Date; expiresAt: Date };

export type VendorStatus = 'draft' | 'submitted' | 'in_review' | 'changes_requested' | 'approved' | 'rejected' | 'suspended' | 'closed';

/** `user` of a TokenSet; `identifier` is masked. */
export type SignedInUser = {
  id: string;
  memberId: string;
  role: 'client' | 'vendor';
  authMethod: 'email' | 'phone' | 'google';
  firstName: string | null;
  lastName: string | null;
  identifier: string;
  vendorStatus: VendorStatus | null;
  dashboardEntrypoint: '/dashboard/client' | '/dashboard/vendor' | '/onboarding';
};

/** What a completed sign-in or refresh hands to the door. `deviceToken` is null unless newly issued. */
export type IssuedTokens = {
  accessToken: string;
  refreshToken: string;
  refreshExpiresAt: Date;
  deviceToken: string | null;
  session: SessionView;
  user: SignedInUser;
};

/** The outcome of a first factor. An `mfa` outcome holds nothing that authenticates. `expiresIn` in seconds. */
export type SignInOutcome =
  | ({ kind: 'tokens' } & { tokens: IssuedTokens })
  | { kind: 'mfa'; challengeId: string; methods: readonly FactorMethod[]; expiresIn: number };

/** Data of a 202 Pending answer; seconds. `destination` is masked from what the caller typed. */
export type Pending = { flowId: string; channel: 'email' | 'sms'; destination: string; expiresIn: number; resendIn: number };
