import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand, type Refusal } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { findAccount, lockAccount } from '../account.ts';
import { recordLogin } from '../history/login-event.ts';
import { passed, refused } from '../history/rule-trace.ts';
import { type Consumed, consumeCode, consumeLink, findFlow, findFlowByLink, type OtpFlow, supersedeFlows } from '../otp-flow.ts';
import { parseOtp } from '../otp-format.ts';
import { permitOf } from '../permit.ts';
import { issueSession } from '../sessions/issue-session.ts';
import { callerFields, type SignInOutcome } from '../sign-in-shapes.ts';
import { createCustomer } from './create-customer.ts';
import { dropPendings, openPending } from './pending-registration.ts';

const input = z.object({
  flowId: z.string().optional(),
  code: z.string().optional(),
  token: z.string().optional(),
  password: z.string().optional(),
  ...callerFields,
});
type Input = z.infer<typeof input>;

/** `flow` is null when nothing was found; `linkPassword` is the verdict of the hasher on the link path. */
type Proof = { flow: OtpFlow | null; code: string | null; isLinkPasswordRight: boolean };

/**
 * Turns the one verified claim into an account and signs it in; every other claim on the identifier dies in the same
 * transaction. 100 parallel verifications of one identifier give one account: they queue on a lock of the identifier.
 * @throws AppError 401 `otp_invalid`, `otp_expired`, `otp_exhausted`, `invalid_credentials` (link path), 410 `flow_expired`
 */
export const verifyRegistration = defineCommand<Input, SignInOutcome, Proof>({
  name: 'verify-registration',
  resource: 'registration',
  access: 'public',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, body, _loaded, proof) {
    if (!proof.flow?.targetBidx) return { refused: 'flow_expired' };
    await lockIdentifier(scope, proof.flow.targetBidx);
    const consumed = await consume(scope, proof.flow, proof);
    if (!consumed.isRight) return refuse(scope, proof.flow, consumed);
    const pending = await scope.tx.pendingRegistration.findUnique({ where: { flowId: proof.flow.id } });
    const claim = pending && pending.expiresAt > scope.now ? openPending(scope.deps, pending) : null;
    if (!pending || !claim) return { refused: 'flow_expired' };
    const taken = await findAccount(scope.tx, { kind: claim.contact.kind, bidx: claim.contact.bidx });
    if (taken) return { refused: 'flow_expired' };
    const userId = await createCustomer(scope, {
      ...claim,
      kind: pending.kind,
      authMethod: pending.authMethod,
      verifiedHow: 'otp',
      passwordHash: pending.passwordHash,
      countryCode: pending.countryCode,
      locale: pending.locale,
      termsVersion: pending.termsVersion,
    });
    await dropPendings(scope, claim.contact.bidx);
    await supersedeFlows(scope, 'register', claim.contact.bidx);
    const account = await lockAccount(scope.tx, { userId });
    if (!account) throw new Error('The account made a moment ago is not there');
    return issueSession(scope, {
      account,
      method: 'otp',
      amr: ['otp'],
      isSecondFactorDone: false,
      isFirst: true,
      permit: permitOf([passed('registration_code')]),
      identifierBidx: claim.contact.bidx,
      client: body.client,
      device: body.device,
    });
  },
});

async function prepare(deps: CommandDeps, body: Input): Promise<Proof> {
  if (body.token !== undefined) return prepareLink(deps, body.token, body.password);
  if (body.flowId === undefined) throw validationError([{ path: 'flowId', code: 'required' }]);
  if (body.code === undefined) throw validationError([{ path: 'code', code: 'required' }]);
  const code = parseOtp(body.code);
  if (!code.ok) throw validationError([{ path: 'code', code: code.code }]);
  const flow = await findFlow(deps.database.prisma, body.flowId);
  return { flow, code: code.value, isLinkPasswordRight: false };
}

/** A link works only with the password of its own registration (P3); looking it up consumes nothing. */
async function prepareLink(deps: CommandDeps, token: string, password: string | undefined): Promise<Proof> {
  if (password === undefined) throw validationError([{ path: 'password', code: 'required' }]);
  const flow = await findFlowByLink(deps.database.prisma, 'register', token);
  const pending = flow ? await deps.database.prisma.pendingRegistration.findUnique({ where: { flowId: flow.id } }) : null;
  const isUsable = flow !== null && pending !== null && flow.attemptsLeft > 0 && flow.consumedAt === null && flow.supersededAt === null;
  if (!isUsable) return { flow, code: null, isLinkPasswordRight: false };
  const check = await deps.hasher.verify(password, pending.decoy ? null : pending.passwordHash);
  return { flow, code: null, isLinkPasswordRight: check.isMatch };
}

async function consume(scope: CommandScope, flow: OtpFlow, proof: Proof): Promise<Consumed> {
  if (proof.code !== null) return consumeCode(scope, flow.id, 'register', proof.code);
  const consumed = await consumeLink(scope, flow.id, proof.isLinkPasswordRight);
  return !consumed.isRight && consumed.refused === 'otp_invalid' ? { isRight: false, refused: 'invalid_credentials' } : consumed;
}

async function refuse(scope: CommandScope, flow: OtpFlow, consumed: Consumed & { isRight: false }): Promise<Refusal> {
  await recordLogin(scope, {
    userId: null,
    identifierBidx: flow.targetBidx,
    method: 'otp',
    outcome: 'failed',
    reasonCode: consumed.refused,
    trace: [refused('registration_code')],
  });
  return { refused: consumed.refused };
}

/**
 * Serialises everything that makes an account of one identifier. Taken before the flow is consumed: two winners that
 * killed each other's flows first would wait for one another.
 */
export async function lockIdentifier(scope: CommandScope, identifierBidx: Uint8Array): Promise<void> {
  const key = Buffer.from(identifierBidx).readBigInt64BE(0);
  await scope.tx.$queryRaw`SELECT 1 AS locked FROM pg_advisory_xact_lock(${key}::bigint)`;
}
