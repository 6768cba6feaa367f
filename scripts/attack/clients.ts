import { forwardingHeader } from '../../client/index.ts';
import { attack, expectOutcome, type Family, insist, NotOffered } from './case.ts';
import { api } from './ground.ts';

const introspect = `${api}/auth/introspect`;
const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });

export const clientFamily: Family = {
  name: 'clients',
  cases: [
    attack('confidential clients by guess', ['10.4.10', '6.3.2'], async (ground) => {
      const guesses = [
        {},
        basic('storefront-bff:'),
        basic('storefront-bff:secret'),
        basic('admin:admin'),
        basic(':'),
        basic('mobile:'),
        { 'X-Client-Id': 'storefront-bff' },
        { 'X-Client-Id': '__proto__' },
      ];
      for (const headers of guesses)
        expectOutcome(
          await ground.target.ask('POST', introspect, { body: { token: 'x' }, headers }),
          '401 client_invalid',
          JSON.stringify(headers),
        );
    }),
    attack('a forged forwarding header is refused, never ignored', ['4.1.3'], async (ground) => {
      const given = {
        clientId: 'storefront-bff',
        method: 'POST',
        target: introspect,
        body: '{"token":"x"}',
        endUser: { ip: '102.89.1.1' },
        nowSeconds: Math.floor(Date.now() / 1000),
      };
      const forged = await forwardingHeader({ ...given, forwardingSecret: 'guessed' });
      const variants = [forged, forged.replace('v=1', 'v=2'), forged.replace(/sig=.*/, 'sig='), 'v=1', '', `${forged};ip=127.0.0.1`];
      for (const header of variants) {
        expectOutcome(
          await ground.target.ask('POST', introspect, { body: { token: 'x' }, headers: { 'X-Fsh-Client': header } }),
          '401 client_invalid',
          header.slice(0, 30),
        );
        expectOutcome(
          await ground.target.ask('GET', `${api}/auth/config`, { headers: { 'X-Fsh-Client': header } }),
          '401 client_invalid',
          'another route',
        );
      }
    }),
    attack('a signed header on another request, for another body, and an old one', ['4.1.3', '4.1.5'], async (ground) => {
      const body = '{"token":"x"}';
      const send = (header: string, raw = body, path = introspect) =>
        ground.target.ask('POST', path, { raw, headers: { 'Content-Type': 'application/json', 'X-Fsh-Client': header } });
      const right = await ground.sign({ method: 'POST', target: introspect, body });
      const answer = await send(right);
      expectOutcome(answer, '200', 'a right signature');
      insist(answer.text === '{"active":false}', 'more is told of an unknown token than active false');
      expectOutcome(await send(right, '{"token":"y"}'), '401 client_invalid', 'another body');
      expectOutcome(await send(right, body, `${introspect}?x=1`), '401 client_invalid', 'another query');
      expectOutcome(await send(right, body, `${api}/auth/login`), '401 client_invalid', 'another path');
      for (const ageSeconds of [62, -62, 86_400])
        expectOutcome(
          await send(await ground.sign({ method: 'POST', target: introspect, body, ageSeconds })),
          '401 client_invalid',
          `${ageSeconds} s old`,
        );
    }),
    attack('redirects to elsewhere, guessed handoffs, ID tokens of own making', ['10.4.1', '10.4.2', '10.5.1'], async (ground) => {
      const start = (returnTo: string) =>
        ground.target.ask(
          'GET',
          `${api}/auth/google/start?clientId=browser&returnTo=${encodeURIComponent(returnTo)}&codeChallenge=${'A'.repeat(43)}&codeChallengeMethod=S256`,
        );
      const first = await start('https://evil.example');
      if (first.status === 404) throw new NotOffered('Google sign-in is off');
      for (const to of [
        'https://evil.example',
        'http://localhost:3001/auth/return/../evil',
        'http://localhost:3001/auth/return?x',
        'javascript:alert(1)',
        '//evil.example',
        'http://localhost:3001@evil.example',
      ])
        expectOutcome(await start(to), '400 return_to_not_allowed', to);
      expectOutcome(
        await ground.post('/auth/handoff', { handoff: 'A'.repeat(43), codeVerifier: 'A'.repeat(43) }),
        '400 handoff_invalid',
        'a guessed handoff',
      );
      const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"1"}').toString('base64url')}.`;
      expectOutcome(
        await ground.post('/auth/google/id-token', { idToken: none, nonce: 'x' }),
        '401 idtoken_invalid',
        'an unsigned ID token',
      );
    }),
  ],
};
