import type { IdentityProvider } from '@prisma/client';
import type { ErrorCode } from '../../../foundation/errors/catalogue.ts';
import type { Contact } from '../contact.ts';
import type { ClientRef, DeviceRef } from '../sign-in-shapes.ts';

export type ProviderName = IdentityProvider;

/** The account key at a provider (auth-api.md P15): an address may change or change hands, this does not. */
export type ProviderSubject = { provider: ProviderName; issuer: string; subject: string };

/** What a verified ID token says about a person. */
export type ProviderPerson = ProviderSubject & {
  /** Null unless the provider has verified an address that we can hold. */
  email: Contact | null;
  firstName: string | null;
  lastName: string | null;
  nonce: string;
};

/** Who may be named as the audience: our own redirect leg, or the clients that hand in a token they got themselves. */
export type Audience = 'redirect' | 'handed_in';

/**
 * A provider of identities. A second one is a second value of this type and a strategy for its redirect leg: commands, handoff,
 * linking and notices know this type only (product.md F25).
 */
export type ProviderPort = {
  name: ProviderName;
  isEnabled: boolean;
  issuer: string;
  /**
   * Signature, issuer, audience, authorised party and times of an ID token. Null for anything that is not right, and where the
   * provider's keys cannot be had: then nothing can be confirmed. Consumes nothing; the nonce is still to be compared.
   */
  readIdToken(idToken: string, audience: Audience): Promise<ProviderPerson | null>;
};

/** A person whom a provider vouched for, with a verified address. */
export type VouchedPerson = ProviderSubject & { email: Contact; firstName: string | null; lastName: string | null };

export type ProviderSignIn = {
  person: VouchedPerson;
  /** For a new account only; what somebody asks for at an existing one is ignored (auth-api.md P15). */
  role: 'client' | 'vendor';
  termsVersion: string | null;
  client: ClientRef;
  device: DeviceRef;
  /** What an account that is neither active nor suspended answers on this route. */
  closedCode: ErrorCode;
};
