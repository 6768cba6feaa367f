import QRCode from 'qrcode';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { newTotpSecret, totpUri } from '../../foundation/crypto/totp.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { type AccountRow, maskedForOwner, requireContact, requireDataKey } from './account.ts';
import { bytesOf } from './bytes.ts';
import { lockOwnAccount, requireFresh } from './freshness.ts';
import { totpSecretBox } from './second-factor.ts';

const input = z.object({});

/** `secret` base32, `expiresIn` seconds; shown once, since a second start makes another secret. */
export type StartedTotp = { enrolId: string; secret: string; otpauthUri: string; qrSvg: string; expiresIn: number };

/** An unconfirmed secret satisfies nothing and is over after this many seconds. */
export const enrolmentSeconds = 600;

/**
 * Begins to enrol an authenticator for the own account; earlier unconfirmed secrets die.
 * @throws AppError 403 `reauth_required`, 409 `totp_exists`
 */
export const startTotp = defineCommand<z.infer<typeof input>, StartedTotp, undefined, AccountRow>({
  name: 'start-totp',
  resource: 'totp',
  access: 'owner',
  input,
  isIdempotent: false,
  load: lockOwnAccount,
  async run(scope, _body, account) {
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    if (account.hasTotp) return { refused: 'totp_exists' };
    const { enrolId, secret } = await enrol(scope, account);
    const uri = totpUri(secret, 'Fashionistar', maskedForOwner(requireContact(scope.deps.keyring, account)));
    const qrSvg = await QRCode.toString(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 });
    return { enrolId, secret, otpauthUri: uri, qrSvg, expiresIn: enrolmentSeconds };
  },
});

/** Writes a fresh unconfirmed secret in place of an earlier unconfirmed one. */
export async function enrol(scope: CommandScope, account: AccountRow): Promise<{ enrolId: string; secret: string }> {
  const dataKey = requireDataKey(scope.deps.keyring, account);
  const secret = newTotpSecret();
  const enrolId = newId();
  const secretEnc = bytesOf(scope.deps.keyring.encryptField(dataKey, totpSecretBox(account.id), secret));
  await scope.tx.totp.deleteMany({ where: { userId: account.id, confirmedAt: null } });
  await scope.tx.totp.createMany({ data: { id: enrolId, createdAt: scope.now, userId: account.id, secretEnc } });
  scope.touched(account.id);
  return { enrolId, secret };
}
