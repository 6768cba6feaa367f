import { totpCode, totpStepAt } from '../src/foundation/crypto/totp.ts';
import { type Connection, expectStatus, openConnection } from './load.ts';
import type { Staff } from './people.ts';

export const sameOrigin = (port: number) => ({ Origin: `http://127.0.0.1:${port}`, 'Sec-Fetch-Site': 'same-origin' });

/** Signs in with password and authenticator; gives the cookies of the session. */
export async function signIn(port: number, staff: Staff): Promise<string> {
  const line = await openConnection(port);
  const first = await postForm(line, { port, path: '/admin/login', fields: { email: staff.email, password: staff.password }, cookie: '' });
  const code = totpCode(staff.totpSecret, totpStepAt(new Date()));
  const cookie = await postForm(line, { port, path: '/admin/login/mfa', fields: { code }, cookie: first });
  line.close();
  return cookie;
}

/** The cookies after it; sign-in pages answer with a redirect. */
async function postForm(
  line: Connection,
  form: { port: number; path: string; fields: Record<string, string>; cookie: string },
): Promise<string> {
  const answer = await line.ask({
    method: 'POST',
    path: form.path,
    headers: {
      ...sameOrigin(form.port),
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(form.cookie ? { Cookie: form.cookie } : {}),
    },
    body: new URLSearchParams(form.fields).toString(),
  });
  if (answer.status !== 302 && answer.status !== 303) expectStatus(answer, 303);
  const kept = new Map(form.cookie.split('; ').filter(Boolean).map(nameAndValue));
  for (const [, pair = ''] of answer.head.matchAll(/\r\nset-cookie: *([^;\r\n]+)/gi)) kept.set(...nameAndValue(pair));
  return [...kept].map(([name, value]) => `${name}=${value}`).join('; ');
}

function nameAndValue(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), pair.slice(at + 1)];
}
