import type { CommandScope } from '../../../foundation/command/command.ts';
import { passkeyChallengeSeconds } from '../passkeys/passkey-options.ts';
import { issueSingleUse, redeemSingleUse } from '../single-use.ts';

/** `passkey_reauth` proves a factor (second step and step-up), `passkey_registration` adds one. */
export type StaffChallengeKind = 'passkey_reauth' | 'passkey_registration';

/** Told apart from challenges that the API gives out. */
const door = 'admin';

/** 32 random bytes for one member of staff, kept as a hash: they live 300 s and serve once. */
export function issueStaffChallenge(scope: CommandScope, kind: StaffChallengeKind, userId: string): Promise<string> {
  return issueSingleUse(scope, { kind, clientId: door, userId, lifeSeconds: passkeyChallengeSeconds });
}

/**
 * Uses up the challenge that an answer was made for, whatever the answer is worth. False for one that was not given to this person,
 * is over-age or was answered before: one conditional UPDATE decides between parallel replays.
 */
export async function redeemStaffChallenge(scope: CommandScope, kind: StaffChallengeKind, given: AnsweredBy): Promise<boolean> {
  const { challenge, userId } = given;
  return challenge !== null && (await redeemSingleUse(scope, { kind, token: challenge, clientId: door, userId })) !== null;
}

export type AnsweredBy = { challenge: string | null; userId: string };

/** The challenge that the browser says it answered; null where that cannot be read. The signature covers it. */
export function answeredChallenge(clientDataJSON: string): string | null {
  try {
    const clientData: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
    const challenge: unknown = typeof clientData === 'object' && clientData !== null ? Reflect.get(clientData, 'challenge') : null;
    return typeof challenge === 'string' && challenge.length <= 200 ? challenge : null;
  } catch {
    return null;
  }
}
