import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand, type Refusal } from '../../../foundation/command/command.ts';
import { type AccountRow, findAccount, lockAccount } from '../account.ts';
import { recordLogin } from '../history/login-event.ts';
import { passed, type RuleStep, refused } from '../history/rule-trace.ts';
import { presentedDeviceId } from '../known-device.ts';
import { alternatives } from '../log-in.ts';
import { type ConsumedFlow, findFlow } from '../otp-flow.ts';
import { permitOf } from '../permit.ts';
import { issueSession } from '../sessions/issue-session.ts';
import { callerFields, type SignInOutcome } from '../sign-in-shapes.ts';
import { pendingLinkOf, storeProvedLink } from './link-flow.ts';
import { judgeLinkProof, linkProof, type PreparedProof, prepareLinkProof } from './link-proof.ts';

const input = z.object({ flowId: z.string(), proof: linkProof, ...callerFields });
type Input = z.infer<typeof input>;

type Prepared = { proof: PreparedProof; account: AccountRow | null };

/**
 * Proves that the account behind a LinkRequired is the caller's and signs in. The link is stored with the session, or, where a
 * second factor is asked, once that is given. Five tries a flow, whatever the way of proof. A frozen account takes no new way in.
 * @throws AppError 401 `invalid_credentials`, `otp_invalid`, `otp_expired`, `otp_exhausted`, `passkey_invalid`, 403
 * `account_suspended`, `account_frozen`, `password_disabled`, 409 `identity_in_use`, 410 `flow_expired`, `challenge_expired`, 422 `otp_malformed`,
 * 429 `rate_limited`, 503 `overloaded`
 */
export const completeLink = defineCommand<Input, SignInOutcome, Prepared>({
  name: 'complete-link',
  resource: 'external_identity',
  access: 'public',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, body, _loaded, { proof, account: subject }) {
    const judged = await judgeLinkProof(scope, { flowId: body.flowId, client: body.client, subject }, proof);
    if ('refused' in judged) return refuse(scope, body, subject, judged);
    const account = await openAccount(scope, judged.flow);
    if (!account) return refuse(scope, body, subject, { refused: 'flow_expired' });
    // Between comparison and lock the password may have been changed: then what was compared proves nothing.
    const isStale = proof.method === 'password' && proof.comparedHash !== account.passwordHash;
    if (isStale) return refuse(scope, body, account, { refused: 'invalid_credentials' });
    if (account.status === 'suspended') return refuse(scope, body, account, { refused: 'account_suspended' }, judged.step);
    if (account.frozenUntil !== null && account.frozenUntil > scope.now)
      return refuse(scope, body, account, { refused: 'account_frozen' }, judged.step);
    const pending = await pendingLinkOf(scope, account, body.flowId);
    if (pending?.isTaken) return refuse(scope, body, account, { refused: 'identity_in_use' }, judged.step);
    const outcome = await issueSession(scope, {
      account,
      method: judged.method,
      amr: [...judged.amr, 'fed'],
      isSecondFactorDone: judged.isSecondFactorDone,
      permit: permitOf([judged.step, passed('google')]),
      identifierBidx: judged.flow.targetBidx,
      client: body.client,
      device: body.device,
      linkFlowId: body.flowId,
    });
    if (outcome.kind === 'tokens') await storeProvedLink(scope, account, body.flowId);
    return outcome;
  },
});

async function prepare(deps: CommandDeps, body: Input): Promise<Prepared> {
  const flow = await findFlow(deps.database.prisma, body.flowId);
  const subjectId = flow?.purpose === 'link' && flow.subjectType === 'user' ? flow.subjectId : null;
  const account = subjectId ? await findAccount(deps.database.prisma, { userId: subjectId }) : null;
  return { account, proof: await prepareLinkProof(deps, { proof: body.proof, flow, account }) };
}

/** Null for accounts that were closed or erased since the flow was opened. */
async function openAccount(scope: CommandScope, flow: ConsumedFlow): Promise<AccountRow | null> {
  const account = flow.subjectId ? await lockAccount(scope.tx, { userId: flow.subjectId }) : null;
  return account?.status === 'active' || account?.status === 'suspended' ? account : null;
}

/** Notes the failed sign-in for the person it was aimed at, and gives the refusal back. */
async function refuse(
  scope: CommandScope,
  body: Input,
  account: AccountRow | null,
  refusal: Refusal,
  step: RuleStep = refused('link_proof'),
): Promise<Refusal> {
  await recordLogin(scope, {
    userId: account?.id ?? null,
    identifierBidx: null,
    deviceId: presentedDeviceId(scope.deps, body.device),
    method: body.proof.method,
    outcome: refusal.refused === 'rate_limited' ? 'blocked' : 'failed',
    reasonCode: refusal.refused,
    trace: step.isPassed ? [step, refused(refusal.refused)] : [step],
  });
  if (refusal.refused !== 'rate_limited' && refusal.refused !== 'password_disabled') return refusal;
  return { ...refusal, details: { ...refusal.details, extra: { alternatives } } };
}
