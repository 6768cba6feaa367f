import { attack, expectOutcome, type Family, insist } from './case.ts';
import { api } from './ground.ts';

/** Runs last: it uses up what this machine's own address may do for a while. */
export const limitFamily: Family = {
  name: 'limits',
  cases: [
    attack('guessing passwords from one address under forged forwarding headers', ['6.3.1', '6.1.1', '4.1.3', '2.4.1'], async (ground) => {
      const email = ground.newEmail();
      let blocked = 0;
      for (let n = 0; n < 30; n += 1) {
        const headers = {
          'X-Forwarded-For': `102.90.1.${n}`,
          'X-Real-IP': `102.90.2.${n}`,
          Forwarded: `for=102.90.3.${n}`,
          'X-Client-IP': `102.90.4.${n}`,
        };
        const answer = await ground.target.ask('POST', `${api}/auth/login`, { body: { email, password: `wrong-${n}` }, headers });
        if (answer.status !== 429) continue;
        blocked += 1;
        insist(answer.headers['retry-after'] !== undefined, '429 without Retry-After');
      }
      insist(blocked >= 9, `only ${blocked} of 30 guesses were refused: forged addresses were believed, or RATE_LIMIT_SCALE is raised`);
    }),
    attack('strangers cannot lock the owner out', ['6.3.1', '6.1.1'], async (ground) => {
      const person = await ground.newPerson();
      const guess = (password: string) => ground.shop('POST', `${api}/auth/login`, { body: { email: person.email, password } });
      let refused = 0;
      for (let n = 0; n < 16; n += 1) if ((await guess(`wrong-${n}`)).status === 429) refused += 1;
      insist(refused > 0, 'sixteen strangers were never slowed down');
      const body = { email: person.email, password: person.password };
      const owner = await ground.shop('POST', `${api}/auth/login`, { body, deviceToken: person.deviceToken });
      expectOutcome(owner, '200', 'the owner on a known device');
      expectOutcome(await ground.post('/auth/otp/send', { email: person.email }), '202', 'a code instead');
    }),
    attack('a burst of guesses lets at most the limit through', ['2.3.3', '6.3.1', '15.4.2'], async (ground) => {
      const person = await ground.newPerson();
      const ip = ground.newAddress();
      const guess = (n: number) => ground.shop('POST', `${api}/auth/login`, { body: { email: person.email, password: `wrong-${n}` }, ip });
      const statuses = (await Promise.all(Array.from({ length: 40 }, (_, n) => guess(n)))).map((answer) => answer.status);
      const tried = statuses.filter((status) => status === 401).length;
      insist(tried <= 5, `${tried} guesses reached the hash`);
      insist(
        statuses.every((status) => [401, 429, 503].includes(status)),
        `other answers: ${[...new Set(statuses)].join()}`,
      );
    }),
  ],
};
