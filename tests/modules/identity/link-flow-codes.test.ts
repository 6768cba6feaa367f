import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Command, type CommandScope, defineCommand } from '../../../src/foundation/command/command.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { contactOf } from '../../../src/modules/identity/contact.ts';
import { commands } from '../../../src/modules/identity/index.ts';
import { type Consumed, consumeCode, consumeProof, createFlow, type FlowPurpose } from '../../../src/modules/identity/otp-flow.ts';
import { sendableCode } from '../../../src/modules/identity/recipient.queries.ts';
import type { Pending } from '../../../src/modules/identity/sign-in-shapes.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { caller, freshEmail, refusalCode, registerPerson, run } from './people.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100' });
});
afterAll(() => app.stop());

function step<Output>(name: string, work: (scope: CommandScope) => Promise<Output>): Command<object, { is: Output }> {
  // Wrapped: an output with a member `refused` would be taken for a refusal.
  const wrapped = async (scope: CommandScope) => ({ is: await work(scope) });
  return defineCommand<object, { is: Output }>({ name, resource: 'auth', access: 'system', input: z.object({}), run: wrapped });
}
async function inside<Output>(work: (scope: CommandScope) => Promise<Output>): Promise<Output> {
  return (await run(app, step('test-flow', work), {}, { actor: system })).is;
}

async function flow(purpose: FlowPurpose, isUnsent: boolean): Promise<Pending> {
  const { actor } = await registerPerson(app);
  const contact = contactOf(app.deps, { kind: 'email', value: freshEmail() });
  return inside((scope) =>
    createFlow(scope, {
      id: newId(),
      purpose,
      contact,
      subject: { type: 'user', id: actor.id },
      locale: 'en',
      clientId: 'public',
      isUnsent,
    }),
  );
}

const resend = (flowId: string) => run(app, commands.resendCode, { flowId, ...caller });
const tryCode = (flowId: string, code: string) => inside((scope) => consumeCode(scope, flowId, 'link', code));
const tryProof = (flowId: string, isRight: boolean) => inside((scope) => consumeProof(scope, { flowId, purpose: 'link', isRight }));
const saysOf = (consumed: Consumed) => (consumed.isRight ? 'right' : consumed.refused);

describe('otp/resend serves every code flow (auth-api.md 2.1)', () => {
  it('sends the first code of a link flow, at once, and the next after a minute', async () => {
    const { flowId, resendIn } = await flow('link', true);
    expect(resendIn).toBe(0);
    expect(await sendableCode(app.deps, flowId, 0)).toBeNull();
    expect(saysOf(await tryCode(flowId, app.deps.keyring.otpCode(flowId, 0)))).toBe('otp_invalid');
    expect(await resend(flowId)).toMatchObject({ flowId, expiresIn: 600, resendIn: 60 });
    expect(await refusalCode(resend(flowId))).toBe('otp_cooldown');
    app.clock.advance(61);
    expect(await resend(flowId)).toMatchObject({ resendIn: 120 });
    expect(saysOf(await tryCode(flowId, app.deps.keyring.otpCode(flowId, 1)))).toBe('otp_invalid');
    expect(saysOf(await tryCode(flowId, app.deps.keyring.otpCode(flowId, 2)))).toBe('right');
    expect(saysOf(await tryCode(flowId, app.deps.keyring.otpCode(flowId, 2)))).toBe('flow_expired');
  });

  it('a link flow has five tries in all, over codes and other proofs, however often a code is sent', async () => {
    const { flowId } = await flow('link', true);
    for (const _ of [1, 2, 3]) expect(saysOf(await tryProof(flowId, false))).toBe('otp_invalid');
    await resend(flowId);
    for (const _ of [1, 2]) expect(saysOf(await tryCode(flowId, 'no code'))).toBe('otp_invalid');
    expect(saysOf(await tryProof(flowId, true))).toBe('otp_exhausted');
    expect(saysOf(await tryCode(flowId, app.deps.keyring.otpCode(flowId, 1)))).toBe('otp_exhausted');
  });

  it('another proof serves until the flow ends, also without any code, and once', async () => {
    const { flowId } = await flow('link', true);
    app.clock.advance(599);
    const tries = await Promise.all(Array.from({ length: 20 }, () => tryProof(flowId, true)));
    expect(tries.filter(({ isRight }) => isRight)).toHaveLength(1);
    const late = await flow('link', true);
    app.clock.advance(601);
    expect(saysOf(await tryProof(late.flowId, true))).toBe('flow_expired');
    expect(saysOf(await tryProof('no-flow', true))).toBe('flow_expired');
    expect(await refusalCode(resend(late.flowId))).toBe('flow_expired');
  });

  it('gives a re-authentication flow five new tries with its new code', async () => {
    const { flowId } = await flow('step_up', false);
    const tryStepUp = (code: string) => inside((scope) => consumeCode(scope, flowId, 'step_up', code));
    for (const _ of [1, 2, 3, 4, 5]) await tryStepUp('no code');
    expect(saysOf(await tryStepUp(app.deps.keyring.otpCode(flowId, 1)))).toBe('otp_exhausted');
    app.clock.advance(61);
    await resend(flowId);
    expect(saysOf(await tryStepUp(app.deps.keyring.otpCode(flowId, 2)))).toBe('right');
  });
});
