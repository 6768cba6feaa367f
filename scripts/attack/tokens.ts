import { createServer } from 'node:http';
import { z } from 'zod';
import { attack, expectOutcome, type Family, insist, outcomeOf, textAt } from './case.ts';
import { api, type Ground } from './ground.ts';
import { type Loot, newOwnKey, signWith } from './jwt-forge.ts';
import { jwtTricks } from './jwt-tricks.ts';

const keySet = z.object({ keys: z.array(z.looseObject({ kid: z.string(), x: z.string() })).min(1) });
const account = `${api}/account`;

export const tokenFamily: Family = {
  name: 'access tokens',
  cases: [
    attack(
      `${jwtTricks.length} forged and altered JWTs, with a listener for key look-ups`,
      ['9.1.1', '9.1.2', '9.1.3', '9.2.1', '9.2.2', '9.2.3'],
      forgeries,
    ),
    attack('two Authorization headers, and odd schemes', ['4.1.1', '9.2.2'], async (ground) => {
      const { accessToken } = await ground.newPerson();
      const ask = (Authorization: string | string[]) => ground.target.ask('GET', account, { headers: { Authorization } });
      expectOutcome(await ask([`Bearer ${accessToken}`, `Bearer ${accessToken}`]), '400 bad_request', 'two headers');
      for (const header of [
        'Bearer',
        `Token ${accessToken}`,
        `DPoP ${accessToken}`,
        `Bearer ${accessToken} x`,
        `Bearer ${'x'.repeat(4_100)}`,
      ])
        expectOutcome(await ask(header), '401 token_invalid', header.slice(0, 20));
    }),
    attack('refresh, device, flow and challenge values as bearer', ['9.2.2', '7.2.1'], async (ground) => {
      const person = await ground.newPerson();
      const flow = await ground.post('/auth/otp/send', { email: person.email });
      for (const value of [person.refreshToken, person.deviceToken, textAt(flow, 'flowId'), person.sessionId])
        expectOutcome(
          await ground.target.ask('GET', account, { headers: { Authorization: `Bearer ${value}` } }),
          '401 token_invalid',
          'another value',
        );
    }),
    attack('token in the query, in a cookie, in the body', ['14.2.1', '3.5.1'], async (ground) => {
      const { accessToken, refreshToken } = await ground.newPerson();
      const inQuery = await ground.target.ask('GET', `${account}?access_token=${accessToken}`);
      expectOutcome(inQuery, '401 token_missing', 'query');
      const Cookie = `__Host-fsh_rt=${refreshToken}; access_token=${accessToken}`;
      expectOutcome(await ground.target.ask('GET', account, { headers: { Cookie } }), '401 token_missing', 'cookie');
    }),
    attack('token of a session that was signed out', ['7.4.1', '7.2.1'], async (ground) => {
      const { accessToken } = await ground.newPerson();
      expectOutcome(await ground.shop('GET', account, { accessToken }), '200', 'live');
      expectOutcome(await ground.post('/auth/logout', {}, accessToken), '204', 'sign-out');
      expectOutcome(await ground.shop('GET', account, { accessToken }), '401 session_revoked', 'after sign-out');
    }),
  ],
};

async function forgeries(ground: Ground): Promise<void> {
  const { accessToken } = await ground.newPerson();
  const published = keySet.parse((await ground.target.ask('GET', '/.well-known/jwks.json')).json).keys;
  const kid = z
    .object({ kid: z.string() })
    .parse(JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString('utf8'))).kid;
  const key = published.find((each) => each.kid === kid);
  insist(key !== undefined, 'the key of the token is not published');
  insist(
    published.every((each) => !('d' in each)),
    'a private key is published',
  );
  const trap = await openTrap();
  const own = newOwnKey();
  const loot: Loot = { genuine: accessToken, published: key, listener: trap.url, own, sign: signWith(own.privateKey) };
  try {
    for (const trick of jwtTricks) {
      const answer = await ground.target.ask('GET', account, { headers: { Authorization: `Bearer ${trick.make(loot)}` } });
      insist(outcomeOf(answer) === '401 token_invalid', `${trick.name}: ${outcomeOf(answer)}`);
    }
    insist(trap.hits() === 0, `the server asked the attacker for a key, ${trap.hits()} times`);
    expectOutcome(await ground.shop('GET', account, { accessToken }), '200', 'the genuine token afterwards');
  } finally {
    trap.close();
  }
}

async function openTrap() {
  let count = 0;
  const server = createServer((_req, res) => {
    count += 1;
    res.end('{"keys":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, hits: () => count, close: () => server.close() };
}
