import type { WebhookEndpoint } from '@prisma/client';
import type { CommandDeps } from '../../../foundation/command/command.ts';

/** Under a key of the row, which the key-encryption key wraps: a copy of the table alone signs nothing. */
const context = (id: string) => `webhook_endpoint.secret_enc:${id}`;

type Keys = Pick<CommandDeps, 'keyring'>;
type RowKey = Pick<WebhookEndpoint, 'id' | 'wrappedRowKey' | 'kekKid'>;

/** The columns of a new row's secret. */
export function sealNewSecret({ keyring }: Keys, id: string, secret: string) {
  const { dataKey, wrappedKey, kekKid } = keyring.newDataKey();
  return {
    secretEnc: new Uint8Array(keyring.encryptField(dataKey, context(id), secret)),
    wrappedRowKey: new Uint8Array(wrappedKey),
    kekKid,
  };
}

/** Another secret under the row's own key. */
export function sealSecret({ keyring }: Keys, row: RowKey, secret: string): Uint8Array<ArrayBuffer> {
  const dataKey = keyring.unwrapDataKey(row.wrappedRowKey, row.kekKid);
  return new Uint8Array(keyring.encryptField(dataKey, context(row.id), secret));
}

type Secrets = RowKey & Pick<WebhookEndpoint, 'secretEnc' | 'previousSecretEnc' | 'previousUntil'>;

/** The secrets that sign now: the current one, and the one before while it still counts. */
export function secretsOf({ keyring }: Keys, row: Secrets, now: Date): string[] {
  const dataKey = keyring.unwrapDataKey(row.wrappedRowKey, row.kekKid);
  const open = (box: Uint8Array) => keyring.decryptField(dataKey, context(row.id), box);
  const isBoth = row.previousSecretEnc && row.previousUntil && row.previousUntil > now;
  return [open(row.secretEnc), ...(isBoth && row.previousSecretEnc ? [open(row.previousSecretEnc)] : [])];
}
