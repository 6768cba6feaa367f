import type { Client } from '@prisma/client';
import { z } from 'zod';
import type { Keyring } from '../../../foundation/crypto/keyring.ts';
import { type AccountRow, dataKeyOf, requireDataKey } from '../account.ts';
import { bytesOf } from '../bytes.ts';

/** What the storefront keeps about a shopper, as the shopper sees it (auth-api.md 2.6). */
export type ClientView = {
  id: string;
  preferredSize: Client['preferredSize'];
  bodyType: string | null;
  stylePreferences: readonly string[];
  favouriteColours: readonly string[];
  occasionPreferences: readonly string[];
  emailNotificationsEnabled: boolean;
  smsNotificationsEnabled: boolean;
  defaultShippingAddress: string | null;
  loyaltyTier: Client['loyaltyTier'];
  version: number;
};

const words = z.array(z.string());

export function clientView(keyring: Keyring, account: AccountRow, client: Client): ClientView {
  return {
    id: client.id,
    preferredSize: client.preferredSize,
    bodyType: client.bodyType,
    stylePreferences: words.parse(client.stylePreferences),
    favouriteColours: words.parse(client.favouriteColours),
    occasionPreferences: words.parse(client.occasionPreferences),
    emailNotificationsEnabled: client.emailNotifications,
    smsNotificationsEnabled: client.smsNotifications,
    defaultShippingAddress: addressOf(keyring, account, client),
    loyaltyTier: client.loyaltyTier,
    version: client.version,
  };
}

const boxOf = (clientId: string) => `client.default_address_enc:${clientId}`;

/** Null where there is none, or the person's key is gone. */
export function addressOf(keyring: Keyring, account: AccountRow, client: Pick<Client, 'id' | 'defaultAddressEnc'>): string | null {
  const dataKey = dataKeyOf(keyring, account);
  return client.defaultAddressEnc && dataKey ? keyring.decryptField(dataKey, boxOf(client.id), client.defaultAddressEnc) : null;
}

export function sealedAddressOf(keyring: Keyring, account: AccountRow, clientId: string, address: string): Uint8Array<ArrayBuffer> {
  return bytesOf(keyring.encryptField(requireDataKey(keyring, account), boxOf(clientId), address));
}
