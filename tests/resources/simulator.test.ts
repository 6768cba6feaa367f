import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDmmf } from '../../src/admin/index.ts';
import { recordProbe } from '../../src/admin/record-probe.ts';
import { buildRegistry, type Registry } from '../../src/admin/registry.ts';
import type { AccessIntent } from '../../src/foundation/access/decide.ts';
import { decide, grantFor } from '../../src/foundation/access/evaluate.ts';
import { isPermissionKey, permissionKeys } from '../../src/foundation/access/matrix.ts';
import { type Grade, grades } from '../../src/foundation/access/roles.ts';
import { translate } from '../../src/foundation/i18n/translate.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { dashboard, pages, resources } from '../../src/resources/index.ts';
import { actorOfGrade, answerWords, simulate } from '../../src/resources/simulator/simulate.ts';
import { simulatorPage } from '../../src/resources/simulator/simulator.page.ts';
import { freshEmail, registerPerson, run } from '../modules/identity/people.ts';
import { staffActor, startTestApp } from '../support/app.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
let registry: Registry;
beforeAll(async () => {
  app = await startTestApp();
  registry = buildRegistry({ resources, pages, dashboard }, loadDmmf(), app.deps);
});
afterAll(() => app.stop());

type Shown = {
  who: { name: string; grades: string[] } | null;
  record: { title: string; isWithinReach: boolean; buttons: { name: string; refusal: string | null }[] } | null;
  rights: {
    permission: string;
    isAllowed: boolean;
    rule: string;
    answer: string;
    halves: { intent: AccessIntent; isAllowed: boolean }[];
    isAbout: boolean;
  }[];
};
const auditor = () => staffActor({ role: 'auditor', isLead: false }, app.clock.now());
const ask = async (query: Record<string, string>) =>
  (await simulatorPage.handler({
    staff: auditor(),
    deps: app.deps,
    query,
    now: app.clock.now(),
    probe: recordProbe({ registry, deps: app.deps }),
  })) as unknown as Shown & { read: string[]; form: { people: { value: string }[]; roles: unknown[]; kinds: { value: string }[] } };

async function hire(role: 'support' | 'assistant' | 'admin', isLead = false): Promise<string> {
  const input = {
    email: freshEmail(),
    password: 'seven tailors sewed a sail',
    firstName: 'Amara',
    lastName: 'Okoye',
    grants: [{ role, isLead }],
  };
  return (await run(app, systemCommands.createStaffAccount, input, { actor: { kind: 'system', name: 'operator' } })).userId;
}

describe.each(grades)('the answers for %s', (grade: Grade) => {
  it('are those of the guard, for every right of the matrix', async () => {
    const now = app.clock.now();
    const { rights, who } = await ask({ role: grade });
    expect(who?.grades).toEqual([grade]);
    expect(rights.map((right) => right.permission)).toEqual(permissionKeys);
    for (const right of rights) {
      if (!isPermissionKey(right.permission)) throw new Error(right.permission);
      const { permission } = right;
      const question = { actor: actorOfGrade(grade), permission, now };
      const decision = decide(question);
      expect([right.isAllowed, right.rule], permission).toEqual([decision.isAllowed, decision.rule]);
      if (!decision.isAllowed) expect(right.answer, permission).toContain(translate('en', decision.sentence));
      for (const half of right.halves) expect(half.isAllowed, permission).toBe(decide({ ...question, intent: half.intent }).isAllowed);
    }
    const simulated = simulate({ actor: actorOfGrade(grade), subject: null, about: null, now });
    for (const { permission, reach } of simulated) expect(reach).toEqual(grantFor(actorOfGrade(grade), permission, { now }));
  });
});

describe('about a person and a record', () => {
  it('uses the grants of now and what the resource says of the record, button by button', async () => {
    const [lead, id, boss] = [await hire('support', true), await hire('assistant'), await hire('admin')];
    const by = {
      actor: staffActor({ role: 'super_admin', isLead: false }, app.clock.now()),
      envelope: { reason: { code: 'policy', text: 'Works for her now' } },
    };
    const before = await ask({ person: lead, kind: 'Staff', record: id });
    expect(before.record).toMatchObject({ isWithinReach: false });
    await run(app, staffCommands.editStaff, { id, managerUserId: lead }, by);
    const own = await ask({ person: lead, kind: 'Staff', record: id });
    expect(own.record).toMatchObject({ title: 'Amara Okoye', isWithinReach: true });
    expect(own.read).toEqual([lead, id]);
    const right = (shown: Shown, permission: string) => shown.rights.find((each) => each.permission === permission);
    expect(right(own, 'staff.show')).toMatchObject({ isAllowed: true, isAbout: true });
    expect(right(own, 'ticket.list')).toMatchObject({ isAbout: false });
    const above = await ask({ person: boss, kind: 'Staff', record: boss });
    expect(right(above, 'staff.disable')).toMatchObject({ isAllowed: false, rule: 'self', answer: 'You cannot act on your own account.' });
    expect(above.record?.buttons.find((button) => button.name === 'disableStaff')?.refusal).toBe('You cannot act on your own account.');
    await run(app, staffCommands.disableStaff, { id: lead }, by);
    expect((await ask({ person: lead })).who?.grades).toEqual([]);
  });

  it('says of a customer what the buttons on their page say', async () => {
    const { actor } = await registerPerson(app);
    const shown = await ask({ role: 'support', kind: 'User', record: actor.id });
    expect(shown.record?.buttons.find((button) => button.name === 'unlockUser')?.refusal).toBe(
      'Locked accounts only: this account is active.',
    );
    expect(shown.rights.find((right) => right.permission === 'user.suspend')).toMatchObject({
      isAllowed: false,
      answer: 'Needs a support lead.',
    });
  });

  it('offers whom and what to ask about, and asks nothing until somebody is chosen', async () => {
    const id = await hire('support');
    const shown = await ask({});
    expect(shown.who).toBeNull();
    expect(shown.rights).toEqual([]);
    expect(shown.form.people.map((person) => person.value)).toContain(id);
    expect(shown.form.kinds.map((kind) => kind.value)).toContain('User');
    expect(simulatorPage.recordsRead?.({ read: [id, 3] })).toEqual([id]);
    expect(simulatorPage.recordsRead?.({})).toEqual([]);
  });

  it('refuses what it does not understand or the reader may not open', async () => {
    const code = (query: Record<string, string>) =>
      ask(query).then(
        () => 'answered',
        (error) => error.code,
      );
    expect(await code({ role: 'pope' })).toBe('invalid_filter');
    expect(await code({ role: 'admin', person: newId() })).toBe('invalid_filter');
    expect(await code({ person: 'x' })).toBe('invalid_filter');
    expect(await code({ colour: 'red' })).toBe('invalid_filter');
    expect(await code({ person: newId() })).toBe('not_found');
    expect(await code({ role: 'admin', kind: 'User', record: newId() })).toBe('not_found');
    expect(await code({ role: 'admin', kind: 'User', record: 'x' })).toBe('not_found');
    expect(await code({ role: 'admin', kind: 'Nothing', record: newId() })).toBe('not_found');
  });

  it('has words for every kind of answer', () => {
    const reach = { mode: 'allow', own: true, team: false } as const;
    const words = (mode: 'allow' | 'read' | 'request' | 'approve') =>
      answerWords({ decision: { isAllowed: true, mode, rule: 'granted' }, reach });
    expect([words('allow'), words('read'), words('request'), words('approve')]).toEqual([
      'Allowed.',
      'May look at it.',
      'May ask for it; someone else decides.',
      'May decide what someone else asked for.',
    ]);
    const refused = { isAllowed: false, rule: 'not_your_team', sentence: 'access.not_your_team' } as const;
    expect(answerWords({ decision: refused, reach })).toMatch(/^Depends on the record/);
  });
});
