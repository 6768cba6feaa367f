import { attack, expectOutcome, type Family, insist, outcomeOf, textAt } from './case.ts';
import { api, credentialsOf, type Ground } from './ground.ts';

const refresh = (ground: Ground, refreshToken: string) => ground.post('/auth/token/refresh', { refreshToken });

export const sessionFamily: Family = {
  name: 'sessions and refresh tokens',
  cases: [
    attack('twenty parallel refreshes give one successor', ['10.4.5', '2.3.3'], async (ground) => {
      const { refreshToken } = await ground.newPerson();
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(ground, refreshToken)));
      insist(
        answers.every((answer) => answer.status === 200),
        `answers: ${answers.map(outcomeOf).join(', ')}`,
      );
      insist(new Set(answers.map((answer) => textAt(answer, 'refreshToken'))).size === 1, 'more than one successor');
    }),
    attack('a stolen grandparent ends the family', ['10.4.5'], async (ground) => {
      const { refreshToken, accessToken } = await ground.newPerson();
      const child = textAt(await refresh(ground, refreshToken), 'refreshToken');
      const grandchild = textAt(await refresh(ground, child), 'refreshToken');
      expectOutcome(await refresh(ground, refreshToken), '401 refresh_token_reused', 'the grandparent');
      expectOutcome(await refresh(ground, grandchild), '401 session_revoked', 'the rightful successor afterwards');
      expectOutcome(await ground.shop('GET', `${api}/account`, { accessToken }), '401 session_revoked', 'its access token');
    }),
    attack('a stolen token at another client consumes nothing', ['10.4.5', '10.4.6'], async (ground) => {
      const { refreshToken } = await ground.newPerson();
      for (const headers of [{}, { 'X-Client-Id': 'mobile' }])
        expectOutcome(
          await ground.target.ask('POST', `${api}/auth/token/refresh`, { body: { refreshToken }, headers }),
          '401 refresh_token_invalid',
          'another client',
        );
      expectOutcome(await refresh(ground, refreshToken), '200', 'the rightful client afterwards');
    }),
    attack('altered, truncated and doubled tokens', ['7.2.3', '7.2.1'], async (ground) => {
      const { refreshToken, accessToken } = await ground.newPerson();
      const altered = `${refreshToken.slice(0, 20)}${refreshToken[20] === 'A' ? 'B' : 'A'}${refreshToken.slice(21)}`;
      for (const text of [altered, refreshToken.slice(1), refreshToken + refreshToken, `${refreshToken}=`, accessToken, "' OR 1=1 --", ''])
        expectOutcome(await refresh(ground, text), '401 refresh_token_invalid', text.slice(0, 12));
      expectOutcome(await refresh(ground, refreshToken), '200', 'the token afterwards');
    }),
    attack('session fixation: a presented cookie, token or id is never adopted', ['7.2.4'], async (ground) => {
      const person = await ground.newPerson();
      const planted = await ground.newPerson();
      const Cookie = `__Host-fsh_rt=${planted.refreshToken}; sid=${planted.sessionId}`;
      const answer = await ground.shop('POST', `${api}/auth/login`, {
        body: { email: person.email, password: person.password },
        headers: { Cookie },
      });
      const made = credentialsOf(answer);
      insist(made.sessionId !== planted.sessionId && made.sessionId !== person.sessionId, 'a session id was adopted');
      insist(made.refreshToken !== planted.refreshToken, 'a refresh token was adopted');
    }),
    attack('sign-out everywhere ends every other token at once', ['7.4.3', '7.5.2'], async (ground) => {
      const person = await ground.newPerson();
      const second = credentialsOf(await ground.logIn(person));
      expectOutcome(await ground.post('/auth/logout', { scope: 'all' }, person.accessToken), '204', 'sign-out');
      expectOutcome(
        await ground.shop('GET', `${api}/account`, { accessToken: second.accessToken }),
        '401 session_revoked',
        'the other access token',
      );
      expectOutcome(await refresh(ground, second.refreshToken), '401 session_revoked', 'the other refresh token');
    }),
    attack('sign-out of others without proof', ['7.2.1'], async (ground) => {
      const { refreshToken } = await ground.newPerson();
      expectOutcome(await ground.post('/auth/logout', { scope: 'all', refreshToken }), '401 token_missing', 'no bearer');
      expectOutcome(await refresh(ground, refreshToken), '200', 'the session afterwards');
    }),
  ],
};
