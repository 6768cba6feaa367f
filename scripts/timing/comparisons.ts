import { api, type Ground, type Person } from '../attack/ground.ts';
import type { Answer } from '../attack/target.ts';

/** Two things that must take the same time; `n` counts the pairs, so that no account is asked more often than its own limits allow. */
export type Comparison = {
  name: string;
  names: readonly [string, string];
  /** Every answer must be this, or the times compare nothing. */
  status: number;
  ask: readonly [(n: number) => Promise<Answer>, (n: number) => Promise<Answer>];
};

/** Uses of one account: below its failures an hour (P9) and its messages an hour. */
export const usesOfOne = 4;
const wrong = 'Wrong-lantern-29-cloth';

/** The pairs of auth-api.md P2. Every call comes from an address of its own. */
export function comparisonsOf(ground: Ground, people: readonly Person[]): Comparison[] {
  const known = (n: number) => people[Math.floor(n / usesOfOne) % people.length]?.email ?? '';
  const run = ground.newEmail();
  const unknown = (n: number) => run.replace('attacked-', `absent-${Math.floor(n / usesOfOne)}-`);
  const post = (path: string, body: object) => ground.shop('POST', `${api}${path}`, { body });
  const logIn = (email: string, password: string) => post('/auth/login', { email, password });
  return [
    {
      name: 'login, wrong password',
      names: ['known', 'unknown'],
      status: 401,
      ask: [(n) => logIn(known(n), wrong), (n) => logIn(unknown(n), wrong)],
    },
    {
      name: 'login, no account',
      names: ['empty password', 'long password'],
      status: 401,
      ask: [(n) => logIn(unknown(n + 10_000), ''), (n) => logIn(unknown(n + 20_000), 'x'.repeat(4_000))],
    },
    {
      name: 'register',
      names: ['taken', 'free'],
      status: 202,
      ask: [
        (n) => post('/auth/register', { email: known(n), password: wrong }),
        (n) => post('/auth/register', { email: unknown(n + 30_000), password: wrong }),
      ],
    },
    {
      name: 'otp/send',
      names: ['known', 'unknown'],
      status: 202,
      ask: [(n) => post('/auth/otp/send', { email: known(n) }), (n) => post('/auth/otp/send', { email: unknown(n + 40_000) })],
    },
    {
      name: 'password/forgot',
      names: ['known', 'unknown'],
      status: 202,
      ask: [
        (n) => post('/auth/password/forgot', { email: known(n) }),
        (n) => post('/auth/password/forgot', { email: unknown(n + 50_000) }),
      ],
    },
    {
      name: 'token/refresh',
      names: ['altered', 'invented'],
      status: 401,
      ask: [
        (n) => post('/auth/token/refresh', { refreshToken: altered(people[n % people.length]?.refreshToken ?? '') }),
        () => post('/auth/token/refresh', { refreshToken: 'A'.repeat(43) }),
      ],
    },
  ];
}

function altered(token: string): string {
  return `${token[0] === 'A' ? 'B' : 'A'}${token.slice(1)}`;
}
