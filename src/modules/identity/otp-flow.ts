import { type OtpFlow, Prisma } from '@prisma/client';
import type { CommandDeps, CommandScope } from '../../foundation/command/command.ts';
import { sha256 } from '../../foundation/crypto/digest.ts';
import type { ErrorCode } from '../../foundation/errors/catalogue.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import { bytesOf } from './bytes.ts';
import type { Contact } from './contact.ts';
import type { Pending } from './sign-in-shapes.ts';

export type FlowPurpose = OtpFlow['purpose'];
export type { OtpFlow };

/** How long a flow lives, in seconds; its codes live shorter (auth-api.md 2.1). */
export const flowLifeSeconds: Record<FlowPurpose, number> = {
  register: 1800,
  login: 1800,
  reset: 1800,
  step_up: 1800,
  link: 600,
  contact_change: 86_400,
};

export type NewFlow = {
  id: string;
  purpose: FlowPurpose;
  contact: Pick<Contact, 'channel' | 'bidx' | 'destination' | 'limitKey'>;
  /** Null for a decoy: nobody stands behind it and no code opens it. */
  subject: { type: 'pending' | 'user' | 'approval'; id: string } | null;
  /** A decoy all the same, where its row has to be found by its subject. */
  isDecoy?: boolean;
  locale: string;
  clientId: string;
  deviceId?: string | null;
  sessionId?: string | null;
  /** The contact in clear under the data key of `userId`, where it is not that person's own yet. */
  target?: { enc: Uint8Array; userId: string };
  /** Ids and codes that belong to the flow; never a contact or a token. */
  data?: Readonly<Record<string, string | boolean | null>>;
  /** No code goes out until the first resend: other proofs are open meanwhile (a link flow). */
  isUnsent?: boolean;
};

const codeSeconds = (deps: CommandDeps, channel: 'email' | 'sms') =>
  channel === 'email' ? deps.config.otpEmailTtlSeconds : deps.config.otpSmsTtlSeconds;

/** Keyed hash of a code: bound to its flow, purpose and channel, so it is worth nothing anywhere else. */
function codeHashOf(deps: CommandDeps, flow: Pick<OtpFlow, 'id' | 'purpose' | 'channel'>, code: string): Buffer {
  return deps.keyring.keyedHash(`otp/${flow.purpose}/${flow.channel}`, `${flow.id}|${code}`);
}

/** Only mails that finish a registration or a reset carry a link. */
const hasLink = (flow: Pick<OtpFlow, 'purpose' | 'channel'>) =>
  flow.channel === 'email' && (flow.purpose === 'register' || flow.purpose === 'reset');

function secretsOf(deps: CommandDeps, flow: Pick<OtpFlow, 'id' | 'purpose' | 'channel'>, sendNo: number) {
  return {
    codeHash: bytesOf(codeHashOf(deps, flow, deps.keyring.otpCode(flow.id, sendNo))),
    linkHash: hasLink(flow) ? bytesOf(sha256(deps.keyring.linkToken(flow.id, sendNo))) : null,
  };
}

/** Makes a flow with its first code. Decoys are rows of the same size and cost, so nothing tells them apart from outside. */
export async function createFlow(scope: CommandScope, flow: NewFlow): Promise<Pending> {
  const { deps, now } = scope;
  const { channel, destination } = flow.contact;
  const ttl = codeSeconds(deps, channel);
  // Whom the action was about stays to be found: by an auditor, and by the erasure of the person.
  scope.touched(flow.id, ...(flow.subject?.type === 'user' ? [flow.subject.id] : []));
  await scope.tx.otpFlow.createMany({
    data: {
      id: flow.id,
      createdAt: now,
      purpose: flow.purpose,
      channel,
      subjectType: flow.subject?.type ?? null,
      subjectId: flow.subject?.id ?? null,
      targetBidx: bytesOf(flow.contact.bidx),
      targetEnc: flow.target ? bytesOf(flow.target.enc) : null,
      destination,
      locale: flow.locale,
      clientId: flow.clientId,
      deviceId: flow.deviceId ?? null,
      sessionId: flow.sessionId ?? null,
      ...firstSending(deps, flow, now),
      flowExpiresAt: addSeconds(now, flowLifeSeconds[flow.purpose]),
      attemptsLeft: deps.config.otpAttempts,
      ip: scope.context.ip,
      decoy: flow.isDecoy ?? flow.subject === null,
      data: { ...flow.data, limitKey: flow.contact.limitKey, ...(flow.target ? { userId: flow.target.userId } : {}) },
    },
  });
  return { flowId: flow.id, channel, destination, expiresIn: ttl, resendIn: flow.isUnsent ? 0 : deps.config.otpResendSeconds };
}

function firstSending(deps: CommandDeps, { id, purpose, contact: { channel }, isUnsent }: NewFlow, now: Date) {
  if (isUnsent) {
    const expiresAt = addSeconds(now, flowLifeSeconds[purpose]);
    return { sendNo: 0, sends: 0, codeHash: null, linkHash: null, expiresAt, nextSendAt: now };
  }
  return {
    ...secretsOf(deps, { id, purpose, channel }, 1),
    expiresAt: addSeconds(now, codeSeconds(deps, channel)),
    nextSendAt: addSeconds(now, deps.config.otpResendSeconds),
  };
}

export type Consumed = { isRight: true; flow: ConsumedFlow } | { isRight: false; refused: ErrorCode };

/** What is known of a flow whose code was right. */
export type ConsumedFlow = { id: string; subjectId: string | null; targetBidx: Uint8Array | null; data: unknown };

type Tried = ConsumedFlow & { isRight: boolean };

/**
 * Tries a code. One conditional UPDATE compares, counts and consumes under the row lock: 50 parallel wrong codes use 5
 * tries, n parallel right ones succeed once. A wrong answer must be returned, not thrown, so that the count stays.
 * @returns codes `otp_invalid`, `otp_expired`, `otp_exhausted`, `flow_expired`
 */
export async function consumeCode(scope: CommandScope, flowId: string, purpose: FlowPurpose, code: string): Promise<Consumed> {
  if (!uuid.test(flowId)) return { isRight: false, refused: 'flow_expired' };
  const [mail, sms] = (['email', 'sms'] as const).map((channel) => codeHashOf(scope.deps, { id: flowId, purpose, channel }, code));
  const expected = Prisma.sql`CASE channel WHEN 'email' THEN ${mail}::bytea ELSE ${sms}::bytea END`;
  return tryFlow(scope, { flowId, purpose, verdict: Prisma.sql`COALESCE(code_hash = ${expected}, false)`, endsAt: Prisma.sql`expires_at` });
}

/** Tries the password of a registration link; `isRight` was decided by the hasher. Counts like a code. */
export async function consumeLink(scope: CommandScope, flowId: string, isRight: boolean): Promise<Consumed> {
  return tryFlow(scope, { flowId, purpose: 'register', verdict: Prisma.sql`${isRight}::boolean`, endsAt: Prisma.sql`expires_at` });
}

/**
 * Tries a proof that is no code (password, passkey) on a flow that takes either; `isRight` was decided before. It counts like a
 * code and serves until the flow ends, however old the last code is.
 * @returns as consumeCode(); a wrong one is `otp_invalid`, which the caller translates
 */
export async function consumeProof(scope: CommandScope, { flowId, purpose, isRight }: OtherProof): Promise<Consumed> {
  if (!uuid.test(flowId)) return { isRight: false, refused: 'flow_expired' };
  return tryFlow(scope, { flowId, purpose, verdict: Prisma.sql`${isRight}::boolean`, endsAt: Prisma.sql`flow_expires_at` });
}

type OtherProof = { flowId: string; purpose: FlowPurpose; isRight: boolean };

/** `verdict` is SQL for whether the answer is right, `endsAt` for until when it may be given. */
type Try = { flowId: string; purpose: FlowPurpose; verdict: Prisma.Sql; endsAt: Prisma.Sql };

async function tryFlow(scope: CommandScope, { flowId, purpose, verdict, endsAt }: Try): Promise<Consumed> {
  const { now } = scope;
  scope.touched(flowId);
  const isRight = Prisma.sql`(NOT decoy AND ${verdict})`;
  const [tried] = await scope.tx.$queryRaw<Tried[]>(Prisma.sql`
    UPDATE identity.otp_flow
       SET consumed_at = CASE WHEN ${isRight} THEN ${now}::timestamptz END,
           attempts_left = CASE WHEN ${isRight} THEN attempts_left ELSE attempts_left - 1 END,
           updated_at = ${now}::timestamptz
     WHERE id = ${flowId}::uuid AND purpose = ${purpose}::identity.otp_purpose AND consumed_at IS NULL AND superseded_at IS NULL
       AND attempts_left > 0 AND ${endsAt} > ${now}::timestamptz AND flow_expires_at > ${now}::timestamptz
    RETURNING (consumed_at IS NOT NULL) AS "isRight", id, subject_id AS "subjectId", target_bidx AS "targetBidx", data`);
  if (!tried) return { isRight: false, refused: await whyUntried(scope, flowId, purpose) };
  const { isRight: wasRight, ...flow } = tried;
  return wasRight ? { isRight: true, flow } : { isRight: false, refused: 'otp_invalid' };
}

/** Why a code for this flow is refused without having been compared. */
export async function whyUntried(scope: CommandScope, flowId: string, purpose: FlowPurpose): Promise<ErrorCode> {
  const flow = await findFlow(scope.tx, flowId);
  if (!flow || flow.consumedAt || flow.supersededAt || flow.flowExpiresAt <= scope.now) return 'flow_expired';
  if (flow.purpose !== purpose) return 'otp_invalid';
  return flow.attemptsLeft <= 0 ? 'otp_exhausted' : 'otp_expired';
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Null for ids of any other form, too: a flow id is the caller's own words. */
export function findFlow(reader: Pick<CommandScope['tx'], 'otpFlow'>, flowId: string): Promise<OtpFlow | null> {
  return uuid.test(flowId) ? reader.otpFlow.findUnique({ where: { id: flowId } }) : Promise.resolve(null);
}

export function findFlowByLink(reader: Pick<CommandScope['tx'], 'otpFlow'>, purpose: FlowPurpose, token: string): Promise<OtpFlow | null> {
  return reader.otpFlow.findFirst({ where: { linkHash: bytesOf(sha256(token)), purpose } });
}

/** Every other open flow of a target and purpose dies; used when one of them wins, and for a newer reset. */
export async function supersedeFlows(scope: CommandScope, purpose: FlowPurpose, targetBidx: Uint8Array): Promise<void> {
  await scope.tx.$executeRaw`
    UPDATE identity.otp_flow SET superseded_at = ${scope.now}::timestamptz, updated_at = ${scope.now}::timestamptz
     WHERE target_bidx = ${targetBidx} AND purpose = ${purpose}::identity.otp_purpose
       AND consumed_at IS NULL AND superseded_at IS NULL`;
}

export type Resent =
  | { kind: 'sent'; pending: Pending; flow: OtpFlow; sendNo: number }
  | { kind: 'too_soon'; retryAfterSeconds: number }
  | { kind: 'over' };

/**
 * The next code of a flow: new number, new tries, the earlier code and link die. The wait doubles with each sending.
 * Compare-and-set on the send number closes the race of two parallel resends: one sends, the other is too soon. Without `maySend`
 * (over the caps of the target) no code is right until the next sending: one that reached nobody could only be guessed.
 */
export async function resendFlow(scope: CommandScope, flowId: string, { maySend }: { maySend: boolean }): Promise<Resent> {
  scope.touched(flowId);
  const flow = await findFlow(scope.tx, flowId);
  const { now, deps } = scope;
  if (!flow || flow.consumedAt || flow.supersededAt || flow.flowExpiresAt <= now) return { kind: 'over' };
  if (flow.nextSendAt > now) return { kind: 'too_soon', retryAfterSeconds: secondsBetween(now, flow.nextSendAt) };
  const sendNo = flow.sendNo + 1;
  const waitSeconds = deps.config.otpResendSeconds * 2 ** flow.sends;
  const ttl = codeSeconds(deps, flow.channel);
  const { count } = await scope.tx.otpFlow.updateMany({
    where: { id: flow.id, sendNo: flow.sendNo, consumedAt: null, supersededAt: null },
    data: {
      sendNo,
      ...(maySend ? secretsOf(deps, flow, sendNo) : { codeHash: null, linkHash: null }),
      // Other proofs of a link flow count on the same tries: five a flow, however often a code is sent (auth-api.md 2.3).
      ...(flow.purpose === 'link' ? {} : { attemptsLeft: deps.config.otpAttempts }),
      expiresAt: addSeconds(now, ttl),
      nextSendAt: addSeconds(now, waitSeconds),
      sends: flow.sends + 1,
    },
  });
  if (count === 0) return { kind: 'too_soon', retryAfterSeconds: waitSeconds };
  const pending = { flowId: flow.id, channel: flow.channel, destination: flow.destination, expiresIn: ttl, resendIn: waitSeconds };
  return { kind: 'sent', pending, flow, sendNo };
}

const secondsBetween = (from: Date, to: Date) => Math.max(1, Math.ceil((to.getTime() - from.getTime()) / 1000));

/** Asks the worker to send the code of a flow; whether anything goes out is decided there by the flow being a decoy. */
export function emitCodeRequested(
  scope: CommandScope,
  flow: { id: string; purpose: FlowPurpose; channel: 'email' | 'sms'; sendNo: number },
): void {
  scope.emit({
    name: 'identity.otp.requested',
    aggregateId: flow.id,
    payload: { flowId: flow.id, purpose: flow.purpose, channel: flow.channel, sendNo: flow.sendNo },
  });
}
