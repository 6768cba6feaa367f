import type { Command, CommandDeps } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { AppError } from '../../../foundation/errors/app-error.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { currentContext, type RequestContext, runInContext } from '../../../foundation/runtime/request-context.ts';
import type { CreationOptions, RequestOptions } from '../passkeys/passkey-options.ts';
import type { AssertionResponse, AttestationResponse } from '../passkeys/response-shapes.ts';
import { type AddedStaffPasskey, addStaffPasskey } from './add-staff-passkey.ts';
import { beginStaffTotp, confirmStaffTotp } from './enrol-staff-totp.ts';
import { loadStaff, type StaffDensity, type StaffTheme } from './load-staff.ts';
import { saveStaffPreferences } from './save-staff-preferences.ts';
import { type StaffSignedIn, signInStaff } from './sign-in-staff.ts';
import { listFactors } from './staff-factors.queries.ts';
import { removeStaffFactor, renameStaffPasskey, renewStaffCodes } from './staff-factors.ts';
import { beginStaffPasskey, challengeStaffPasskey } from './staff-passkey-options.ts';
import { verifyStaffFactor } from './verify-staff-factor.ts';

type Origin = { ip: string | null; userAgent: string | null };
type Limited = { kind: 'limited'; retryAfterSeconds: number };
type FactorAnswer = { code: string } | { recoveryCode: string } | { password: string } | { response: AssertionResponse };

/**
 * Staff identity in the shape the back office asks for. Every call runs commands of its own, so limits, login events and
 * audit rows are theirs; it knows nothing of cookies or sessions.
 */
export function staffIdentity(deps: CommandDeps) {
  return {
    async signInWithPassword(attempt: {
      email: string;
      password: string;
      ip: string | null;
      userAgent: string | null;
      deviceToken: string | null;
    }): Promise<({ kind: 'ok' } & StaffSignedIn) | { kind: 'refused' } | Limited> {
      const { email, password, deviceToken } = attempt;
      const done = await attemptOf(() => at(attempt, () => run(deps, signInStaff, { email, password, deviceToken })));
      return done.kind === 'ok' ? { kind: 'ok', ...done.output } : done;
    },
    async verifyFactor(userId: string, factor: FactorAnswer, origin: Origin): Promise<{ kind: 'ok' } | { kind: 'refused' } | Limited> {
      const done = await attemptOf(() => at(origin, () => run(deps, verifyStaffFactor, { userId, answer: answerOf(factor) })));
      return done.kind === 'ok' ? { kind: 'ok' } : done;
    },
    beginTotpEnrolment: (userId: string) => at(null, () => run(deps, beginStaffTotp, { userId })),
    async confirmTotpEnrolment(userId: string, code: string): Promise<{ recoveryCodes: readonly string[] } | null> {
      const done = await attemptOf(() => at(null, () => run(deps, confirmStaffTotp, { userId, code })));
      return done.kind === 'ok' ? done.output : null;
    },
    async challengePasskey(userId: string): Promise<RequestOptions | null> {
      const done = await attemptOf(() => at(null, () => run(deps, challengeStaffPasskey, { userId })));
      return done.kind === 'ok' ? done.output : null;
    },
    beginPasskeyEnrolment: (userId: string): Promise<CreationOptions> => at(null, () => run(deps, beginStaffPasskey, { userId })),
    async confirmPasskeyEnrolment(userId: string, response: AttestationResponse, name?: string): Promise<AddedStaffPasskey | null> {
      const input = { userId, response, ...(name ? { name } : {}) };
      const done = await attemptOf(() => at(null, () => run(deps, addStaffPasskey, input)));
      return done.kind === 'ok' ? done.output : null;
    },
    async renamePasskey(userId: string, factorId: string, name: string): Promise<void> {
      await at(null, () => run(deps, renameStaffPasskey, { userId, factorId, name }));
    },
    async removeFactor(userId: string, factorId: string): Promise<void> {
      await at(null, () => run(deps, removeStaffFactor, { userId, factorId }));
    },
    renewRecoveryCodes: (userId: string) => at(null, () => run(deps, renewStaffCodes, { userId })),
    loadStaff: (userId: string) => loadStaff(deps, userId),
    listFactors: (userId: string) => listFactors(deps, userId),
    async savePreferences(
      userId: string,
      preferences: {
        theme: StaffTheme;
        density: StaffDensity;
        locale?: string | undefined;
        timeZone?: string | undefined;
        singleKeys?: boolean | undefined;
      },
    ): Promise<void> {
      await at(null, () => run(deps, saveStaffPreferences, { userId, ...preferences }));
    },
  };
}

async function run<Input, Output, Prepared, Loaded>(
  deps: CommandDeps,
  command: Command<Input, Output, Prepared, Loaded>,
  input: Input,
): Promise<Output> {
  return (await runCommand(deps, command, { input })).output;
}

/** What a person may learn of a refusal: nothing, or how long to wait. Overload and failures stay errors. */
async function attemptOf<Output>(work: () => Promise<Output>): Promise<{ kind: 'ok'; output: Output } | { kind: 'refused' } | Limited> {
  try {
    return { kind: 'ok', output: await work() };
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    if (error.status === 429) return { kind: 'limited', retryAfterSeconds: error.details.retryAfterSeconds ?? 60 };
    return { kind: 'refused' };
  }
}

function answerOf(factor: FactorAnswer) {
  if ('code' in factor) return { method: 'totp', code: factor.code } as const;
  if ('recoveryCode' in factor) return { method: 'recovery_code', code: factor.recoveryCode } as const;
  if ('response' in factor) return { method: 'passkey', response: factor.response } as const;
  return { method: 'password', password: factor.password } as const;
}

/** In the request's context where there is one, with the address the door vouches for; otherwise in one of its own. */
function at<T>(origin: Origin | null, work: () => Promise<T>): Promise<T> {
  const context = currentContext() ?? backOfficeContext();
  return runInContext({ ...context, ...(origin ? { ip: origin.ip, userAgent: origin.userAgent } : {}) }, work);
}

function backOfficeContext(): RequestContext {
  return {
    requestId: newId(),
    door: 'admin',
    ip: null,
    userAgent: null,
    path: null,
    clientId: null,
    actor: { kind: 'anonymous' },
    action: null,
  };
}
