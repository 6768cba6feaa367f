import { createRandom } from '../../prisma/seed/random.ts';
import { type Operation, readDocument } from '../fuzz/document.ts';
import { play } from '../fuzz/play.ts';
import { attack, expectOutcome, type Family, insist, outcomeOf } from './case.ts';
import { api, type Ground } from './ground.ts';
import type { Ask } from './target.ts';

const operationsOf = async (ground: Ground) => readDocument((await ground.target.ask('GET', '/openapi.json')).text);
const filled = (path: string) => path.replace(/\{\w+\}/g, '0198c0de-0000-7000-8000-000000000000');

/** A body of the kind that the operation takes, with nothing in it. */
function emptyBody({ method, takesForm }: Operation): Ask {
  if (takesForm) return { raw: '--edge--\r\n', headers: { 'Content-Type': 'multipart/form-data; boundary=edge' } };
  return method === 'GET' || method === 'DELETE' ? {} : { body: {} };
}

export const accessFamily: Family = {
  name: 'access',
  cases: [
    attack('every operation that needs a bearer, without one and with a bad one', ['8.2.1', '7.2.1'], async (ground) => {
      for (const operation of (await operationsOf(ground)).operations) {
        const { method, path, needsBearer } = operation;
        if (!needsBearer || path.endsWith('/auth/logout')) continue;
        const body = emptyBody(operation);
        expectOutcome(await ground.target.ask(method, filled(path), body), '401 token_missing', `${method} ${path}`);
        const headers = { ...body.headers, Authorization: 'Bearer forged' };
        expectOutcome(await ground.target.ask(method, filled(path), { ...body, headers }), '401 token_invalid', `${method} ${path}`);
      }
    }),
    attack('objects of other people', ['8.2.2'], async (ground) => {
      const [own, other] = [await ground.newPerson('VENDOR'), await ground.newPerson('VENDOR')];
      for (const operation of (await operationsOf(ground)).operations) {
        const { method, path, needsBearer } = operation;
        if (!needsBearer || !path.includes('{') || !path.startsWith(`${api}/account`)) continue;
        const target = path.replace(/\{\w+\}/g, other.sessionId);
        const answer = await ground.shop(method, target, { ...emptyBody(operation), accessToken: own.accessToken });
        insist(answer.status === 404 || answer.status === 422 || answer.status === 428, `${method} ${path}: ${outcomeOf(answer)}`);
      }
      expectOutcome(await ground.shop('GET', `${api}/account`, { accessToken: other.accessToken }), '200', 'the other session afterwards');
    }),
    attack('GET and HEAD change nothing and set no cookie', ['3.5.3', '2.3.1'], async (ground) => {
      const { accessToken, refreshToken } = await ground.newPerson();
      for (const { method, path } of (await operationsOf(ground)).operations) {
        if (method !== 'GET' || path.includes('/google/')) continue;
        for (const verb of ['GET', 'HEAD']) {
          const answer = await ground.shop(verb, filled(path), { accessToken });
          insist(answer.status < 500 && answer.headers['set-cookie'] === undefined, `${verb} ${path}: ${answer.status}`);
        }
      }
      expectOutcome(await ground.post('/auth/token/refresh', { refreshToken }), '200', 'the session afterwards');
    }),
    attack('methods that no route takes, and overrides', ['4.1.4', '13.4.4'], async (ground) => {
      for (const method of ['TRACE', 'PUT', 'PROPFIND', 'QUERY']) {
        const answer = await ground.target.ask(method, `${api}/auth/login`, {});
        insist(answer.status >= 400 && answer.status < 500, `${method}: ${answer.status}`);
      }
      const headers = { 'X-HTTP-Method-Override': 'DELETE', 'X-Original-URL': `${api}/account`, 'X-Rewrite-URL': '/admin' };
      expectOutcome(await ground.target.ask('GET', `${api}/auth/config`, { headers }), '200', 'override headers');
    }),
    attack('sensitive operations on a stale sign-in are refused', ['7.5.1', '7.5.3'], async (ground) => {
      const { accessToken } = await ground.newPerson();
      const answer = await ground.shop('PUT', `${api}/account/password`, {
        body: { currentPassword: 'wrong-one-altogether', newPassword: 'Indigo-drum-47-river' },
        accessToken,
      });
      insist([401, 403, 404].includes(answer.status), `a wrong current password: ${outcomeOf(answer)}`);
    }),
    attack('files and paths beside the API', ['13.4.1', '13.4.3', '13.4.7'], async (ground) => {
      for (const path of [
        '/.env',
        '/.git/config',
        '/package.json',
        '/docs/../package.json',
        '/docs/%2e%2e/package.json',
        '/api/v1/../../package.json',
        '/server-status',
        '/metrics',
        '/.data/secrets.json',
      ]) {
        const answer = await ground.target.ask('GET', path);
        insist(answer.status >= 300, `${path}: ${answer.status}`);
        insist(!/"dependencies"|\[core\]|JWT_SIGNING|# HELP/.test(answer.text), `${path} tells something`);
      }
    }),
    attack('four mutated requests to every operation', ['2.2.1', '16.5.1', '16.5.3'], async (ground) => {
      const played = await play({
        document: await operationsOf(ground),
        ask: (method, path, ask) => {
          const { Authorization, ...headers } = { ...ask.headers };
          const accessToken = typeof Authorization === 'string' ? Authorization.slice('Bearer '.length) : undefined;
          return ground.shop(method, path, { ...ask, headers, ...(accessToken === undefined ? {} : { accessToken }) });
        },
        newToken: async () => (await ground.newPerson()).accessToken,
        seed: createRandom(Date.now()).below(1_000_000),
        perOperation: 4,
      });
      const broken = played.faults.filter(({ fault }) => /^status 5|inner names/.test(fault));
      insist(broken.length === 0, broken.map(({ operation, fault, request }) => `${operation}: ${fault} <- ${request}`).join('\n    '));
    }),
  ],
};
