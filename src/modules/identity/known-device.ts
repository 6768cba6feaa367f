import type { CommandDeps, CommandScope } from '../../foundation/command/command.ts';
import { sha256 } from '../../foundation/crypto/digest.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { deviceLabelOf } from './device-label.ts';
import { placeOf } from './history/place.ts';
import type { DeviceRef } from './sign-in-shapes.ts';

/** Of the device token that came with a call; null without one and for one that is not ours. */
export function presentedDeviceId(deps: Pick<CommandDeps, 'keyring'>, device: DeviceRef): string | null {
  return device.token ? (deps.keyring.deviceToken.read(device.token)?.deviceId ?? null) : null;
}

/** Notes that a person signed in on a device, and for trusted ones until when the second factor is not asked there. */
export async function rememberDevice(scope: CommandScope, seen: { userId: string; deviceId: string; isTrusted: boolean }): Promise<void> {
  const { now, deps, context } = scope;
  const { country } = placeOf(deps.config, context.ip);
  const trustedUntil = seen.isTrusted ? addSeconds(now, deps.config.mfaTrustSeconds) : null;
  await scope.tx.$executeRaw`
    INSERT INTO identity.known_device AS known (id, created_at, updated_at, user_id, device_hash, device_name, country_code, first_seen_at, last_seen_at,
                                                  mfa_trusted_until)
    VALUES (${newId()}::uuid, ${now}::timestamptz, ${now}::timestamptz, ${seen.userId}::uuid, ${sha256(seen.deviceId)},
            ${deviceLabelOf(context.userAgent).name}, ${country}, ${now}::timestamptz, ${now}::timestamptz, ${trustedUntil}::timestamptz)
    ON CONFLICT (user_id, device_hash) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at, updated_at = EXCLUDED.updated_at,
           device_name = EXCLUDED.device_name, country_code = EXCLUDED.country_code,
           mfa_trusted_until = COALESCE(EXCLUDED.mfa_trusted_until, known.mfa_trusted_until)`;
}

/** Any change of credentials ends the trust of every device (auth-api.md 1.6): whoever changes one calls this. */
export async function endMfaTrust(scope: CommandScope, userId: string): Promise<void> {
  await scope.tx.knownDevice.updateMany({ where: { userId, mfaTrustedUntil: { not: null } }, data: { mfaTrustedUntil: null } });
}
