import { z } from 'zod';
import { creationOptions, passkeyRequest, passkey as passkeyShape } from '../../../src/api/passkey-shapes.ts';
import { tokenSet } from '../../../src/api/shapes.ts';
import { type Making, type Mischief, makePasskey, type SoftPasskey, usePasskey } from '../../support/authenticator.ts';
import { type Answer, type Api, type Ask, bearer, newClient, shaped } from './api.ts';

export const creation = z.strictObject({ challengeId: z.string(), options: creationOptions, expiresIn: z.literal(300) });

type Offer = Making & { name?: string };

/** Asks for options and answers them; the raw answer of the server, and the key that was made. */
export async function offerPasskey(api: Api, accessToken: string, { name, ...given }: Offer = {}) {
  const { challengeId, options } = shaped(creation, await api.post('/account/passkeys/options', {}, bearer(accessToken)));
  const { passkey, response } = makePasskey(options, given);
  const body = { challengeId, response, ...(name === undefined ? {} : { name }) };
  return { passkey, body, answer: await api.post('/account/passkeys', body, bearer(accessToken)) };
}

/** The same where it is not what the test is about. */
export async function addPasskey(api: Api, accessToken: string, given: Offer = {}) {
  const { passkey, answer } = await offerPasskey(api, accessToken, given);
  return { passkey, shown: shaped(passkeyShape, answer) };
}

/** A new client whose session is fresh, with one passkey. */
export async function clientWithPasskey(api: Api, given: Offer = {}) {
  const client = await newClient(api);
  return { ...client, ...(await addPasskey(api, client.tokens.accessToken, given)) };
}

export async function signInOptions(api: Api, headers: Ask['headers'] = {}) {
  return shaped(passkeyRequest, await api.post('/auth/passkeys/authenticate/options', {}, headers));
}

/** One sign-in without identifier, each with a challenge of its own. */
export async function tryPasskey(api: Api, passkey: SoftPasskey, given: Mischief = {}, headers: Ask['headers'] = {}): Promise<Answer> {
  const { challengeId, options } = await signInOptions(api, headers);
  return api.post('/auth/passkeys/authenticate/verify', { challengeId, response: usePasskey(passkey, options, given) }, headers);
}

export async function signInByPasskey(api: Api, passkey: SoftPasskey, headers: Ask['headers'] = {}) {
  return shaped(tokenSet, await tryPasskey(api, passkey, {}, headers));
}

/** Puts rows into a state that takes too long to reach by the API, as the operator. */
export function arrange(api: Api, work: (prisma: Api['app']['deps']['database']['prisma']) => Promise<unknown>): Promise<void> {
  return api.app.as({ kind: 'system', name: 'test' }, async () => {
    await work(api.app.deps.database.prisma);
  });
}

/** The session as if a second factor had just been given, by its next refresh. */
export async function liftToAal2(api: Api, tokens: { refreshToken?: string | undefined; session: { id: string } }): Promise<string> {
  await arrange(api, (prisma) =>
    prisma.session.updateMany({ where: { id: tokens.session.id }, data: { acr: 'aal2', mfaAt: api.app.clock.now() } }),
  );
  return shaped(tokenSet, await api.post('/auth/token/refresh', { refreshToken: tokens.refreshToken })).accessToken;
}
