import { attack, expectOutcome, type Family, insist, NotOffered, outcomeOf, textAt } from './case.ts';
import { api, credentialsOf, type Ground } from './ground.ts';

const fresh = 'Indigo-drum-47-river';

async function askReset(ground: Ground, email: string, headers: Record<string, string> = {}) {
  const asked = await ground.shop('POST', `${api}/auth/password/forgot`, { body: { email }, headers });
  if (asked.status === 404) throw new NotOffered('no password reset here');
  expectOutcome(asked, '202', 'forgot');
  return { flowId: textAt(asked, 'flowId'), mail: await ground.message(email, 'reset_link') };
}

const reset = (ground: Ground, resetToken: string | null, password = fresh) =>
  ground.post('/auth/password/reset', { resetToken, password });

export const recoveryFamily: Family = {
  name: 'recovery',
  cases: [
    attack('a poisoned Host decides nothing about links', ['4.1.3', '1.3.6'], async (ground) => {
      const { email } = await ground.newPerson();
      const { mail } = await askReset(ground, email, {
        Host: 'evil.example',
        'X-Forwarded-Host': 'evil.example',
        Forwarded: 'host=evil.example',
        Origin: 'https://evil.example',
      });
      insist(!JSON.stringify(mail).includes('evil.example'), `the link leads to ${mail.link}`);
      insist(/#t=/.test(mail.link ?? ''), 'the token is not in the fragment');
    }),
    attack('a reset link redeemed twice at once, and once more', ['6.4.1', '2.3.4', '6.5.1'], async (ground) => {
      const { email } = await ground.newPerson();
      const { mail } = await askReset(ground, email);
      const outcomes = (await Promise.all([reset(ground, mail.token), reset(ground, mail.token)])).map(outcomeOf).toSorted();
      insist(outcomes.join() === '204,410 token_expired', `two at once: ${outcomes.join()}`);
      expectOutcome(await reset(ground, mail.token), '410 token_expired', 'once more');
    }),
    attack('a reset ends every session and the old password', ['7.4.3', '6.4.3'], async (ground) => {
      const person = await ground.newPerson();
      const { mail } = await askReset(ground, person.email);
      expectOutcome(await reset(ground, mail.token), '204', 'reset');
      expectOutcome(await ground.shop('GET', `${api}/account`, { accessToken: person.accessToken }), '401 session_revoked', 'the session');
      expectOutcome(
        await ground.post('/auth/token/refresh', { refreshToken: person.refreshToken }),
        '401 session_revoked',
        'its refresh token',
      );
      expectOutcome(await ground.logIn(person), '401 invalid_credentials', 'the old password');
      insist(credentialsOf(await ground.logIn({ ...person, password: fresh })).accessToken !== '', 'the new password');
    }),
    attack('reset tokens of other making', ['6.4.1', '6.6.2'], async (ground) => {
      const { email, refreshToken, sessionId } = await ground.newPerson();
      const { flowId, mail } = await askReset(ground, email);
      for (const token of [flowId, refreshToken, sessionId, mail.code, 'x', `${mail.token ?? ''}A`, (mail.token ?? '').slice(1)])
        expectOutcome(await reset(ground, token), ['410 token_expired', '422 invalid_value'], 'a foreign value');
      expectOutcome(await ground.post('/auth/otp/verify', { flowId, code: mail.code }), '401 otp_invalid', 'a reset code at sign-in');
      expectOutcome(await reset(ground, mail.token), '204', 'the right token afterwards');
    }),
    attack('a newer request ends the earlier link', ['6.4.1'], async (ground) => {
      const { email } = await ground.newPerson();
      const { mail } = await askReset(ground, email);
      await askReset(ground, email);
      expectOutcome(await reset(ground, mail.token), '410 token_expired', 'the earlier link');
    }),
  ],
};
