import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { forwardingHeader } from '../../client/index.ts';
import { Breach, NotOffered, outcomeOf, textAt } from './case.ts';
import type { Answer, Ask, Target } from './target.ts';

/** A client or vendor that the attack made for itself. */
export type Person = { email: string; password: string; accessToken: string; refreshToken: string; deviceToken: string; sessionId: string };

const message = z.looseObject({
  to: z.string(),
  template: z.string(),
  code: z.string().nullable(),
  token: z.string().nullable(),
  link: z.string().nullable(),
});
export type Message = z.infer<typeof message>;

export type Ground = {
  target: Target;
  /** Through the storefront's server, as a shopper of an address of its own unless one is named: no limit by address is met. */
  shop(method: string, path: string, ask?: Ask & { accessToken?: string; ip?: string; deviceToken?: string }): Promise<Answer>;
  /** A valid forwarding header for exactly this request. */
  sign(request: {
    method: string;
    target: string;
    body: string;
    ip?: string;
    deviceToken?: string | undefined;
    ageSeconds?: number;
  }): Promise<string>;
  post(path: string, body: unknown, accessToken?: string): Promise<Answer>;
  newAddress(): string;
  newEmail(): string;
  newPerson(role?: 'CLIENT' | 'VENDOR'): Promise<Person>;
  logIn(person: { email: string; password: string }): Promise<Answer>;
  /** Newest captured message to somebody, with that template. Waits up to five seconds. */
  message(to: string, template: string): Promise<Message>;
  messages(to: string): Promise<Message[]>;
};

export type GroundOptions = { clientId: string; forwardingSecret: string };

export const api = '/api/v1';
const waitMs = 5_000;

/** The things every attack needs: addresses, people, and the inbox of demo and lab. */
export function openGround(target: Target, { clientId, forwardingSecret }: GroundOptions): Ground {
  const run = Math.floor(Math.random() * 0xffff_ffff).toString(36);
  let serial = 0;
  const next = () => {
    serial += 1;
    return serial;
  };
  const newAddress = () => {
    const n = Math.floor(Math.random() * 0xffff_ff);
    return `2001:db8:${(n >> 8).toString(16)}:${(n & 0xff).toString(16)}::${next().toString(16)}`;
  };
  const ground: Ground = {
    target,
    newAddress,
    newEmail: () => `attacked-${run}-${next()}@example.com`,
    sign: ({ ip = newAddress(), deviceToken, ageSeconds = 0, ...request }) => {
      const endUser = { ip, userAgent: 'Mozilla/5.0 (attack)', deviceToken };
      return forwardingHeader({ ...request, clientId, forwardingSecret, endUser, nowSeconds: Math.floor(Date.now() / 1000) - ageSeconds });
    },
    async shop(method, path, { accessToken, ip = newAddress(), deviceToken, ...ask } = {}) {
      const body = ask.raw?.toString() ?? (ask.body === undefined ? '' : JSON.stringify(ask.body));
      const signed = await ground.sign({ method, target: path, body, ip, deviceToken });
      const bearer: Record<string, string> = accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` };
      return target.ask(method, path, { ...ask, headers: { ...bearer, 'X-Fsh-Client': signed, ...ask.headers } });
    },
    post: (path, body, accessToken) =>
      ground.shop('POST', `${api}${path}`, { body, ...(accessToken === undefined ? {} : { accessToken }) }),
    logIn: ({ email, password }) => ground.post('/auth/login', { email, password }),
    newPerson: (role = 'CLIENT') => newPerson(ground, role),
    async messages(to) {
      const answer = await target.ask('GET', `/dev/inbox?to=${encodeURIComponent(to)}`);
      if (answer.status === 404) throw new NotOffered('no dev inbox here: codes cannot be read');
      return z.looseObject({ items: z.array(message) }).parse(answer.json).items;
    },
    async message(to, template) {
      for (const end = performance.now() + waitMs; performance.now() < end; await pause(100)) {
        const found = (await ground.messages(to)).find((each) => each.template === template);
        if (found) return found;
      }
      throw new Breach(`No ${template} came for ${to} within ${waitMs} ms`);
    },
  };
  return ground;
}

async function newPerson(ground: Ground, role: 'CLIENT' | 'VENDOR'): Promise<Person> {
  const [email, password] = [ground.newEmail(), 'Adire-lantern-29-cloth'];
  const started = await patiently(() => ground.post('/auth/register', { email, password, role }));
  if (started.status !== 202) throw new Breach(`A registration was not taken: ${outcomeOf(started)}`);
  const { code } = await ground.message(email, 'otp_register');
  const verified = await ground.post('/auth/register/verify', { flowId: textAt(started, 'flowId'), code });
  if (verified.status !== 201) throw new Breach(`A person could not be made: ${outcomeOf(verified)}`);
  return { email, password, ...credentialsOf(verified) };
}

/** Many at once meet the bound of hashing (auth-api.md P21): a 503 is repeated after the second that it asks for. */
async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  for (let left = 20; ; left -= 1) {
    const answer = await ask();
    if (answer.status !== 503 || left === 0) return answer;
    await pause(1_000);
  }
}

export function credentialsOf(answer: Answer): Omit<Person, 'email' | 'password'> {
  return {
    accessToken: textAt(answer, 'accessToken'),
    refreshToken: textAt(answer, 'refreshToken'),
    deviceToken: textAt(answer, 'deviceToken'),
    sessionId: textAt(answer, 'session.id'),
  };
}
