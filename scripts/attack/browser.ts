import { attack, expectOutcome, type Family, insist } from './case.ts';
import { api, type Ground } from './ground.ts';

const cookieMode = (origin: string | null): Record<string, string> => ({
  'X-Client-Id': 'browser',
  ...(origin === null ? {} : { Origin: origin }),
});

/** The one origin that the deployment allows, as its own preflight tells. */
async function allowedOrigin(ground: Ground): Promise<string> {
  for (const origin of ['http://localhost:3001', ground.target.origin]) {
    const answer = await preflight(ground, origin);
    if (answer.headers['access-control-allow-origin'] === origin) return origin;
  }
  return 'http://localhost:3001';
}

const preflight = (ground: Ground, Origin: string) =>
  ground.target.ask('OPTIONS', `${api}/auth/login`, {
    headers: { Origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' },
  });

export const browserFamily: Family = {
  name: 'browsers: cookies, origins, headers',
  cases: [
    attack('cookies of a sign-in', ['3.3.1', '3.3.2', '3.3.3', '3.3.4'], async (ground) => {
      const { email, password } = await ground.newPerson();
      const headers = cookieMode(await allowedOrigin(ground));
      const answer = await ground.target.ask('POST', `${api}/auth/login`, { body: { email, password }, headers });
      expectOutcome(answer, '200', 'sign-in in cookie mode');
      const lines = answer.headers['set-cookie'] ?? [];
      insist(
        lines.some((line) => line.startsWith('__Host-fsh_rt=')),
        'no refresh cookie',
      );
      for (const line of lines) {
        insist(/^__Host-/.test(line), `no __Host- prefix: ${line.split('=')[0]}`);
        for (const flag of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/']) insist(line.includes(`; ${flag}`), `${flag} is missing`);
        insist(!/; *domain/i.test(line), 'a Domain is set');
      }
      insist(!/"(?:refreshToken|deviceToken)"/.test(answer.text), 'a token that belongs in a cookie is in the body');
    }),
    attack('cross-site request forgery: eight foreign and forged origins', ['3.5.1', '3.5.2', '3.5.3'], async (ground) => {
      const allowed = await allowedOrigin(ground);
      const foreign = [
        null,
        'null',
        'https://evil.example',
        `${allowed}.evil.example`,
        `https://evil.example/${allowed}`,
        `${allowed}/`,
        allowed.toUpperCase(),
        `${allowed}0`,
      ];
      for (const origin of foreign) {
        const answer = await ground.target.ask('POST', `${api}/auth/token/refresh`, { body: {}, headers: cookieMode(origin) });
        expectOutcome(answer, '403 origin_not_allowed', `origin ${origin}`);
        insist(answer.headers['set-cookie'] === undefined, 'a cookie was set or cleared');
      }
      const crossSite = await ground.target.ask('POST', `${api}/auth/logout`, {
        body: {},
        headers: { ...cookieMode(allowed), 'Sec-Fetch-Site': 'cross-site' },
      });
      expectOutcome(crossSite, '403 origin_not_allowed', 'Sec-Fetch-Site: cross-site');
      const form = { ...cookieMode(allowed), 'Content-Type': 'text/plain' };
      expectOutcome(
        await ground.target.ask('POST', `${api}/auth/logout`, { raw: '{}', headers: form }),
        '415 unsupported_media_type',
        'a form of a foreign page',
      );
    }),
    attack('a cookie without cookie mode, and a cookie at /account', ['3.5.1', '7.2.1'], async (ground) => {
      const { refreshToken } = await ground.newPerson();
      const Cookie = `__Host-fsh_rt=${refreshToken}`;
      expectOutcome(
        await ground.target.ask('POST', `${api}/auth/token/refresh`, { body: {}, headers: { Cookie } }),
        '401 refresh_token_invalid',
        'refresh',
      );
      expectOutcome(await ground.target.ask('DELETE', `${api}/account/sessions`, { headers: { Cookie } }), '401 token_missing', 'account');
    }),
    attack('cross-origin reads: wildcard, reflection, prefix, suffix', ['3.4.2'], async (ground) => {
      const allowed = await allowedOrigin(ground);
      for (const origin of ['https://evil.example', 'null', `${allowed}.evil.example`, allowed.replace('://', '://evil-')]) {
        const answers = [
          await preflight(ground, origin),
          await ground.target.ask('GET', `${api}/auth/config`, { headers: { Origin: origin } }),
        ];
        for (const { headers } of answers) {
          insist(headers['access-control-allow-origin'] === undefined, `${origin} may read: ${headers['access-control-allow-origin']}`);
          insist(headers['access-control-allow-credentials'] === undefined, `${origin} may send credentials`);
        }
      }
      const own = await preflight(ground, allowed);
      insist(own.status === 204 && own.headers['access-control-allow-origin'] === allowed, 'the allowed origin is refused');
    }),
    attack('protective headers on successes and failures', ['3.4.3', '3.4.4', '3.4.5', '3.4.6', '14.3.2'], async (ground) => {
      const answers = [
        await ground.target.ask('GET', `${api}/account`),
        await ground.post('/auth/login', {}),
        await ground.target.ask('GET', `${api}/auth/none`),
      ];
      for (const { headers } of answers) {
        insist(headers['cache-control'] === 'no-store', 'may be cached');
        insist(headers['x-content-type-options'] === 'nosniff', 'may be sniffed');
        insist(headers['referrer-policy'] === 'no-referrer', 'tells where one came from');
        insist(headers['x-frame-options'] === 'DENY', 'may be framed');
        insist(headers['content-security-policy'] === "default-src 'none'; frame-ancestors 'none'", 'content security policy');
        insist(headers['x-powered-by'] === undefined && headers.server === undefined, 'tells what it runs on');
      }
    }),
  ],
};
