import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../runtime/actor.ts';
import { currentSettings } from '../settings/live-settings.ts';
import type { AnyCommand, CommandDeps } from './command.ts';

/** When a caller may try again: nobody knows how long it takes, and a minute is soon enough. */
const retryAfterSeconds = 60;

/**
 * What people may still do while nothing may be changed (F111): come in, prove themselves, go out, and open the doors again. Whoever
 * looks for the one that is missing: a command that is not here waits.
 */
export const keptInReadOnly: ReadonlySet<string> = new Set([
  // Signing in, by every method
  ...['sign-in', 'send-login-code', 'resend-code', 'verify-login-code', 'challenge-mfa', 'verify-mfa'],
  ...['start-passkey-sign-in', 'sign-in-by-passkey'],
  ...['issue-google-nonce', 'spend-oauth-state', 'finish-oauth', 'redeem-handoff', 'sign-in-by-google'],
  ...['sign-in-staff', 'verify-staff-factor'],
  // Staying in, stepping up, going out
  ...['refresh-session', 'start-reauth', 'reauthenticate'],
  ...['log-out', 'revoke-token', 'revoke-session', 'revoke-other-sessions'],
  // The switch itself
  'switch-read-only',
]);

/**
 * Why a command may not run now, or null. Jobs and operators go on: what people asked for before the switch is carried out, and the
 * history goes on being sealed.
 */
export async function readOnlyRefusal(deps: CommandDeps, command: Pick<AnyCommand, 'name'>, actor: Actor): Promise<AppError | null> {
  if (actor.kind === 'system') return null;
  const { readOnly } = await currentSettings(deps);
  if (!readOnly || keptInReadOnly.has(command.name)) return null;
  return new AppError('read_only', {
    retryAfterSeconds,
    ...(actor.kind === 'staff' ? { extra: { since: readOnly.since.toISOString() } } : {}),
  });
}
