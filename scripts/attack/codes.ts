import { attack, expectOutcome, type Family, insist, outcomeOf, textAt } from './case.ts';
import { credentialsOf, type Ground } from './ground.ts';

const wrongFor = (code: string | null) => (code === '000000' ? '000001' : '000000');
const times = <T>(count: number, work: () => Promise<T>) => Promise.all(Array.from({ length: count }, work));

async function pendingFlow(ground: Ground) {
  const email = ground.newEmail();
  const started = await ground.post('/auth/register', { email, password: 'Adire-lantern-29-cloth' });
  const { code } = await ground.message(email, 'otp_register');
  return { email, flowId: textAt(started, 'flowId'), code };
}

const verify = (ground: Ground, flowId: string, code: string | null) => ground.post('/auth/register/verify', { flowId, code });

export const codeFamily: Family = {
  name: 'one-time codes',
  cases: [
    attack('fifty wrong codes at once use five tries, and the right one comes too late', ['6.6.3', '6.3.1', '2.3.3'], async (ground) => {
      const { flowId, code } = await pendingFlow(ground);
      const answers = (await times(50, () => verify(ground, flowId, wrongFor(code)))).map(outcomeOf);
      insist(
        answers.filter((outcome) => outcome === '401 otp_invalid').length === 5,
        `wrong tries counted: ${answers.filter((outcome) => outcome === '401 otp_invalid').length}`,
      );
      expectOutcome(await verify(ground, flowId, code), '401 otp_exhausted', 'the right code afterwards');
    }),
    attack('one right code redeemed ten times at once', ['6.5.1', '2.3.4'], async (ground) => {
      const { flowId, code } = await pendingFlow(ground);
      const won = (await times(10, () => verify(ground, flowId, code))).filter((answer) => answer.status === 201);
      insist(won.length === 1, `${won.length} redemptions succeeded`);
      expectOutcome(await verify(ground, flowId, code), '410 flow_expired', 'once more');
    }),
    attack('a code with another flow, another purpose and another person', ['6.6.2'], async (ground) => {
      const [one, two, person] = [await pendingFlow(ground), await pendingFlow(ground), await ground.newPerson()];
      if (one.code !== two.code) expectOutcome(await verify(ground, two.flowId, one.code), '401 otp_invalid', 'another flow');
      expectOutcome(
        await ground.post('/auth/otp/verify', { flowId: one.flowId, code: one.code }),
        '401 otp_invalid',
        'registration flow at sign-in',
      );
      const login = await ground.post('/auth/otp/send', { email: person.email });
      const { code } = await ground.message(person.email, 'otp_login');
      expectOutcome(await verify(ground, textAt(login, 'flowId'), code), '401 otp_invalid', 'sign-in flow at registration');
      expectOutcome(await ground.post('/auth/otp/verify', { flowId: textAt(login, 'flowId'), code }), '200', 'its own use');
    }),
    attack('malformed codes use no try', ['6.6.3'], async (ground) => {
      const { flowId, code } = await pendingFlow(ground);
      for (const text of ['', '12345', '1234567', 'abcdef', '１２３４５６', '12 34 56 78'])
        expectOutcome(await verify(ground, flowId, text), ['422 otp_malformed', '422 required', '422 too_short'], text);
      expectOutcome(await verify(ground, flowId, code), '201', 'the right code afterwards');
    }),
    attack(
      'an attacker registers the victim first: its password and flow die with the victim’s proof',
      ['6.4.1', '6.3.2'],
      async (ground) => {
        const email = ground.newEmail();
        const theirs = await ground.post('/auth/register', { email, password: 'attackers-own-secret-1' });
        await ground.message(email, 'otp_register');
        const own = await ground.post('/auth/register', { email, password: 'Adire-lantern-29-cloth' });
        const codes = await codesOf(ground, email);
        const answers = [];
        for (const code of codes) answers.push(await verify(ground, textAt(own, 'flowId'), code));
        insist(
          answers.some((answer) => answer.status === 201),
          'the victim could not verify',
        );
        for (const code of codes)
          expectOutcome(await verify(ground, textAt(theirs, 'flowId'), code), '410 flow_expired', 'the flow of the attacker');
        expectOutcome(
          await ground.logIn({ email, password: 'attackers-own-secret-1' }),
          '401 invalid_credentials',
          'the password of the attacker',
        );
      },
    ),
    attack('ten parallel verifications of one identifier give one account', ['2.3.3', '2.3.4'], async (ground) => {
      const email = ground.newEmail();
      const password = 'Adire-lantern-29-cloth';
      const flows = [await ground.post('/auth/register', { email, password }), await ground.post('/auth/register', { email, password })];
      const codes = await codesOf(ground, email);
      const tries = flows.flatMap((flow) => codes.map((code) => () => verify(ground, textAt(flow, 'flowId'), code)));
      const made = (await Promise.all(tries.map((attempt) => attempt()))).filter((answer) => answer.status === 201);
      insist(made.length === 1, `${made.length} accounts were made`);
      insist(credentialsOf(made[0] ?? (await ground.logIn({ email, password }))).sessionId !== '', 'no session');
    }),
  ],
};

/** The codes of both registrations, whichever came for which. */
async function codesOf(ground: Ground, email: string): Promise<string[]> {
  for (;;) {
    const codes = (await ground.messages(email)).flatMap(({ template, code }) => (template === 'otp_register' && code ? [code] : []));
    if (codes.length >= 2) return codes;
    await ground.message(email, 'otp_register');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
