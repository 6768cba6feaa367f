import type { RoleGrant } from '../../../foundation/access/roles.ts';
import type { Command, CommandDeps } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { AppError } from '../../../foundation/errors/app-error.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { currentContext, type RequestContext, runInContext } from '../../../foundation/runtime/request-context.ts';
import { findAccount } from '../account.ts';
import { beginStaffTotp, confirmStaffTotp } from './enrol-staff-totp.ts';
import { saveStaffPreferences } from './save-staff-preferences.ts';
import { type StaffSignedIn, signInStaff } from './sign-in-staff.ts';
import { verifyStaffFactor } from './verify-staff-factor.ts';

type Origin = { ip: string | null; userAgent: string | null };
type Limited = { kind: 'limited'; retryAfterSeconds: number };
type FactorAnswer = { code: string } | { recoveryCode: string } | { password: string };
type StaffTheme = 'light' | 'dark' | 'system';
type StaffDensity = 'comfortable' | 'compact';

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
    loadStaff: (userId: string) => loadStaff(deps, userId),
    listFactors: (userId: string) => listFactors(deps, userId),
    async savePreferences(userId: string, preferences: { theme: StaffTheme; density: StaffDensity }): Promise<void> {
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

export type LoadedStaff = {
  displayName: string;
  grants: readonly RoleGrant[];
  locale: string;
  timeZone: string;
  theme: StaffTheme;
  density: StaffDensity;
  hasMfa: boolean;
  isDisabled: boolean;
};

/** Asked at each page: one prepared statement instead of five queries. */
const loadStaffText = `
  SELECT u.display_name AS "displayName", u.member_id AS "memberId", u.language AS "locale", u.timezone AS "timeZone",
         p.theme, p.density, u.status <> 'active' OR p.disabled_at IS NOT NULL AS "isDisabled",
         EXISTS (SELECT FROM identity.totp AS t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) AS "hasMfa",
         coalesce((SELECT json_agg(json_build_object('role', g.role, 'isLead', g.is_lead, 'expiresAt', g.expires_at) ORDER BY g.created_at)
                     FROM identity.staff_role_grant AS g
                    WHERE g.user_id = u.id AND g.revoked_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > $2)), '[]') AS grants
    FROM identity."user" AS u JOIN identity.staff_profile AS p ON p.user_id = u.id
   WHERE u.id = $1 AND u.kind = 'staff'`;

type LoadedRow = Omit<LoadedStaff, 'displayName' | 'theme' | 'density' | 'grants'> & {
  displayName: string | null;
  memberId: string;
  theme: string;
  density: string;
  grants: readonly { role: RoleGrant['role']; isLead: boolean; expiresAt: string | null }[];
};

async function loadStaff(deps: CommandDeps, userId: string): Promise<LoadedStaff | null> {
  const { rows } = await deps.database.pool.query<LoadedRow>({
    name: 'identity-load-staff',
    text: loadStaffText,
    values: [userId, deps.clock.now()],
  });
  const [row] = rows;
  if (!row) return null;
  const { displayName, memberId, theme, density, grants, ...rest } = row;
  return {
    ...rest,
    displayName: displayName ?? memberId,
    grants: grants.map(({ expiresAt, ...grant }) => ({ ...grant, expiresAt: expiresAt === null ? null : new Date(expiresAt) })),
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    density: density === 'compact' ? 'compact' : 'comfortable',
  };
}

export type StaffFactor = {
  id: string;
  kind: 'totp' | 'passkey' | 'recovery';
  label: string;
  createdAt: Date | null;
  lastUsedAt: Date | null;
};

async function listFactors(deps: CommandDeps, userId: string): Promise<StaffFactor[]> {
  const { prisma } = deps.database;
  const [account, totp, passkeys] = await Promise.all([
    findAccount(prisma, { userId }),
    prisma.totp.findUnique({ where: { userId } }),
    prisma.passkey.findMany({ where: { userId }, orderBy: { createdAt: 'asc' } }),
  ]);
  const left = account?.recoveryCodesLeft ?? 0;
  return [
    ...(totp?.confirmedAt
      ? [{ id: totp.id, kind: 'totp', label: 'Authenticator app', createdAt: totp.confirmedAt, lastUsedAt: null } as const]
      : []),
    ...passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({ id, kind: 'passkey', label: name, createdAt, lastUsedAt }) as const),
    ...(left > 0
      ? [{ id: userId, kind: 'recovery', label: `${left} recovery codes left`, createdAt: null, lastUsedAt: null } as const]
      : []),
  ];
}
