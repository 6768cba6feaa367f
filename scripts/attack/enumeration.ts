import { attack, type Family, insist, NotOffered } from './case.ts';
import { api, type Ground } from './ground.ts';
import type { Answer } from './target.ts';

/** Names and lengths that must not differ, with the values that may (ids, times, tokens) masked to their own length. */
function shadowOf(answer: Answer): string {
  const names = Object.keys(answer.headers).toSorted().join(',');
  const masked = answer.text
    .replace(
      /"(flowId|requestId|challengeId|challenge)":"([^"]*)"/g,
      (_, name: string, value: string) => `"${name}":"${'*'.repeat(value.length)}"`,
    )
    .replace(/"destination":"[^"]*"/, '"destination":"*"');
  return `${answer.status} | ${names} | ${masked}`;
}

async function same(ground: Ground, path: string, bodies: readonly [known: object, unknown: object]): Promise<void> {
  const [known, unknown] = [await ground.post(path, bodies[0]), await ground.post(path, bodies[1])];
  if (known.status === 404) throw new NotOffered(`no ${path} here`);
  insist(shadowOf(known) === shadowOf(unknown), `${path} tells them apart:\n    ${shadowOf(known)}\n    ${shadowOf(unknown)}`);
}

/** Of one length, so that lengths may be compared. */
async function pair(ground: Ground): Promise<{ known: string; unknown: string }> {
  const known = (await ground.newPerson()).email;
  const unknown = known.replace('attacked-', 'absentee-');
  return { known, unknown };
}

const password = 'Wrong-lantern-29-cloth';

export const enumerationFamily: Family = {
  name: 'enumeration of accounts',
  cases: [
    ...(['/auth/register', '/auth/login'] as const).map((path) =>
      attack(`${path}: known and unknown address`, ['6.3.8'], async (ground) => {
        const { known, unknown } = await pair(ground);
        await same(ground, path, [
          { email: known, password },
          { email: unknown, password },
        ]);
      }),
    ),
    ...(['/auth/otp/send', '/auth/password/forgot'] as const).map((path) =>
      attack(`${path}: known and unknown address`, ['6.3.8', '6.4.3'], async (ground) => {
        const { known, unknown } = await pair(ground);
        await same(ground, path, [{ email: known }, { email: unknown }]);
      }),
    ),
    attack('the cool-down of a code: known and unknown address', ['6.3.8', '6.6.3'], async (ground) => {
      const { known, unknown } = await pair(ground);
      const ip = ground.newAddress();
      const outcomes = [];
      for (const email of [known, known, unknown, unknown])
        outcomes.push(await ground.shop('POST', `${api}/auth/otp/send`, { body: { email }, ip }));
      const [first, second, third, fourth] = outcomes.map((answer) => answer.status);
      insist(first === 202 && second === 429 && third === 202 && fourth === 429, `known ${first}, ${second}; unknown ${third}, ${fourth}`);
    }),
    attack('passkey options take no identifier', ['6.3.8'], async (ground) => {
      const answer = await ground.post('/auth/passkeys/authenticate/options', { email: 'demo-1@example.com' });
      insist(answer.status === 422 || answer.status === 404, `answered ${answer.status}`);
      const plain = await ground.post('/auth/passkeys/authenticate/options', {});
      insist(plain.status === 404 || !/"allowCredentials":\[[^\]]/.test(plain.text), 'allowCredentials names keys');
    }),
    attack('wrong codes: a real flow and a decoy', ['6.3.8'], async (ground) => {
      const { known } = await pair(ground);
      const tries = [];
      for (const email of [ground.newEmail(), known]) {
        const flow = await ground.post('/auth/register', { email, password });
        const flowId = /"flowId":"([^"]+)"/.exec(flow.text)?.[1] ?? '';
        const shadows = [];
        for (let n = 0; n < 6; n += 1) shadows.push(shadowOf(await ground.post('/auth/register/verify', { flowId, code: '000000' })));
        tries.push(shadows.join('\n'));
      }
      insist(tries[0] === tries[1], `a free and a taken address differ:\n${tries.join('\n\n')}`);
    }),
  ],
};
