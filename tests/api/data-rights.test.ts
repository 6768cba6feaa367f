import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { securityEventPage, securityEventProof } from '../../src/api/shapes.ts';
import { anchorName, parseAnchor } from '../../src/audit/proof/anchor-text.ts';
import { parseCheckpoint, verifyCheckpoint } from '../../src/audit/proof/checkpoint.ts';
import { verifyInclusion } from '../../src/audit/proof/merkle-proof.ts';
import { readPinnedKeys } from '../../src/audit/seal/signing-key.ts';
import { defineCommand } from '../../src/foundation/command/command.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { type Keeper, openKeeper } from '../audit/support/keeper.ts';
import { type Api, bearer, fieldsOf, freshEmail, newClient, refusal, shaped, startApi } from './support/api.ts';
import { totpCode } from './support/totp.ts';

let api: Api;
let keeper: Keeper;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
  keeper = await openKeeper(api.app);
});
afterAll(async () => {
  await keeper.close();
  await api.stop();
});

const path = '/api/v1/account/security-events';
const page = async (token: string, query = '') => shaped(securityEventPage, await api.get(`${path}${query}`, bearer(token)));
const all = async (token: string) => (await page(token, '?limit=100')).items;

describe('GET /account/security-events', () => {
  it('a sign-up is two events, newest first, with device, place, masked address and session', async () => {
    const { tokens } = await newClient(api, {
      headers: { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36' },
    });
    const items = await all(tokens.accessToken);
    expect(items.map((item) => item.type)).toEqual(['sign_in', 'registered']);
    for (const item of items)
      expect(item).toMatchObject({
        outcome: 'success',
        deviceLabel: 'Chrome on Linux',
        ip: '127.0.0.0/24',
        place: 'unknown',
        sessionId: tokens.session.id,
        sealed: false,
      });
  });

  it('U25 shows failures of strangers, what ended, and what the owner changed', async () => {
    const { email, tokens } = await newClient(api);
    await api.post('/auth/login', { email, password: 'not the password at all' });
    await api.post('/auth/register', { email, password: 'Adire-lantern-31-cloth' });
    await api.call('PATCH', '/api/v1/account', { body: { bio: 'Sews' }, headers: { ...bearer(tokens.accessToken), 'If-Match': '"1"' } });
    const second = await api.post('/auth/login', { email, password: 'Adire-lantern-29-cloth' });
    const { session } = z.object({ session: z.object({ id: z.uuid() }) }).parse(second.json);
    await api.call('DELETE', `/api/v1/account/sessions/${session.id}`, { headers: bearer(tokens.accessToken) });
    const items = await all(tokens.accessToken);
    expect(items.map((item) => [item.type, item.outcome])).toEqual([
      ['session_ended', 'success'],
      ['sign_in', 'success'],
      ['profile_changed', 'success'],
      ['registration_on_existing', 'success'],
      ['sign_in_failed', 'failed'],
      ['sign_in', 'success'],
      ['registered', 'success'],
    ]);
    expect(items[0]?.sessionId).toBe(session.id);
    expect(items[4]).toMatchObject({ sessionId: null, ip: '127.0.0.0/24' });
  });

  it('U25 each event is an action row with actor, address, device, outcome and request id', async () => {
    const { tokens } = await newClient(api);
    const [signIn] = await all(tokens.accessToken);
    const { rows } = await api.app.deps.database.pool.query(
      'SELECT a.actor_id, a.outcome, a.request_id, v.body FROM audit.action a, audit.read_values(ARRAY[a.id]) v WHERE a.id = $1',
      [signIn?.id],
    );
    expect(rows).toEqual([
      {
        actor_id: tokens.user.id,
        outcome: 'ok',
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        body: expect.stringContaining('"ip":"127.0.0.0/24"'),
      },
    ]);
  });

  it('a replayed refresh token is told as reuse', async () => {
    const { email, password, tokens } = await newClient(api);
    const refresh = (refreshToken: string) => api.post('/auth/token/refresh', { refreshToken });
    await refresh(tokens.refreshToken ?? '');
    api.app.clock.advance(31);
    expect(refusal(await refresh(tokens.refreshToken ?? ''))).toBe('401 refresh_token_reused');
    const again = z.object({ accessToken: z.string() }).parse((await api.post('/auth/login', { email, password })).json);
    expect((await all(again.accessToken)).map((item) => item.type)).toContain('token_reuse');
  });

  it('a right password that leads to the second step is told apart from a sign-in, a wrong code from both', async () => {
    const { email, password, tokens } = await newClient(api);
    const enrol = z
      .object({ enrolId: z.string(), secret: z.string() })
      .parse((await api.post('/account/mfa/totp', {}, bearer(tokens.accessToken))).json);
    await api.post(
      '/account/mfa/totp/confirm',
      { enrolId: enrol.enrolId, code: totpCode(enrol.secret, api.app.clock.now()) },
      bearer(tokens.accessToken),
    );
    api.app.clock.advance(31);
    const { challengeId } = z.object({ challengeId: z.string() }).parse((await api.post('/auth/login', { email, password })).json);
    await api.post('/auth/mfa/verify', { challengeId, method: 'totp', code: '000000' });
    const done = await api.post('/auth/mfa/verify', { challengeId, method: 'totp', code: totpCode(enrol.secret, api.app.clock.now()) });
    expect(done.status).toBe(200);
    expect((await all(tokens.accessToken)).map((item) => item.type)).toEqual([
      'sign_in',
      'mfa_failed',
      'mfa_required',
      'mfa_enabled',
      'sign_in',
      'registered',
    ]);
  });

  it('an identity that is linked later is an event of its own, also where it is part of something else', async () => {
    const { tokens } = await newClient(api);
    const bytes = new Uint8Array(32);
    await api.app.as({ kind: 'client', id: tokens.user.id, sessionId: tokens.session.id, acr: 'aal1', authTime: api.app.clock.now() }, () =>
      runCommand(
        api.app.deps,
        defineCommand({
          name: 'verify-mfa',
          resource: 'auth',
          access: 'public',
          input: z.object({}),
          async run(scope) {
            await scope.tx.externalIdentity.createMany({
              data: {
                userId: tokens.user.id,
                provider: 'google',
                issuer: 'https://issuer.example',
                subjectBidx: bytes,
                subjectEnc: bytes,
                emailAtLinkEnc: bytes,
              },
            });
            return {};
          },
        }),
        { input: {} },
      ),
    );
    expect((await all(tokens.accessToken)).map((item) => item.type)).toEqual(
      expect.arrayContaining(['identity_linked', 'sign_in', 'registered']),
    );
  });

  it('what staff did is told without their address and device', async () => {
    const { tokens } = await newClient(api);
    await api.app.as({ kind: 'system', name: 'test' }, () =>
      api.app.deps.database.pool.query('SELECT audit.record_action($1::jsonb)', [
        JSON.stringify({
          id: newId(),
          requestId: newId(),
          actorId: newId(),
          actorType: 'staff',
          ms: 1,
          recordCount: 1,
          mfa: true,
          outcome: 'ok',
          door: 'admin',
          resource: 'user',
          action: 'unlock-user',
          actorRoles: ['support'],
          recordIds: [tokens.user.id],
          body: '{"ip":"41.58.0.1","ua":"Firefox"}',
        }),
      ]),
    );
    const [unlocked] = await all(tokens.accessToken);
    expect(unlocked).toMatchObject({ type: 'account_unlocked', ip: null, deviceLabel: null, place: null, sessionId: null });
  });

  it('walks the pages without a gap or a double, and ends with null', async () => {
    const { email, tokens } = await newClient(api);
    for (let attempt = 0; attempt < 5; attempt += 1) await api.post('/auth/login', { email, password: `wrong password ${attempt}` });
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const { items, nextCursor } = await page(tokens.accessToken, `?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...items.map((item) => item.id));
      cursor = nextCursor;
    } while (cursor);
    expect(seen).toEqual((await all(tokens.accessToken)).map((item) => item.id));
    expect(new Set(seen).size).toBe(7);
  });

  it.each([
    '?cursor=nonsense',
    '?cursor=%20',
    `?cursor=${Buffer.from('99999999999999999999.x').toString('base64url')}`,
    '?limit=0',
    '?limit=101',
    '?limit=x',
    '?page=1',
    '?limit=1&limit=2',
  ])('refuses %s', async (query) => {
    const { tokens } = await newClient(api);
    const answer = await api.get(`${path}${query}`, bearer(tokens.accessToken));
    expect([answer.status, fieldsOf(answer)]).toEqual([
      422,
      [query.includes('page') ? 'page: unknown_field' : `${query.slice(1, query.indexOf('='))}: invalid_value`],
    ]);
  });

  it('a cursor of somebody else shows nothing of theirs', async () => {
    const [a, b] = [await newClient(api), await newClient(api, { email: freshEmail() })];
    const { nextCursor } = await page(a.tokens.accessToken, '?limit=1');
    const { items } = await page(b.tokens.accessToken, `?limit=100&cursor=${nextCursor}`);
    const theirs = (await all(a.tokens.accessToken)).map((item) => item.id);
    expect(items.filter((item) => theirs.includes(item.id))).toEqual([]);
  });
});

describe('GET /account/security-events/{id}/proof', () => {
  const proof = (token: string, id: string) => api.get(`${path}/${id}/proof`, bearer(token));

  it('is pending until the row is sealed, then verifies offline against the anchored checkpoint and the pinned key', async () => {
    const { tokens } = await newClient(api);
    const [signIn, registered] = await all(tokens.accessToken);
    expect(refusal(await proof(tokens.accessToken, signIn?.id ?? ''))).toBe('409 proof_pending');
    await keeper.asJob('audit.seal', () => keeper.sealAndAnchor());
    expect((await all(tokens.accessToken)).map((item) => item.sealed)).toEqual([true, true]);
    for (const event of [signIn, registered]) {
      const {
        leafHash,
        index,
        treeSize,
        path: nodes,
        checkpoint,
      } = shaped(securityEventProof, await proof(tokens.accessToken, event?.id ?? ''));
      const hex = (text: string) => Buffer.from(text, 'hex');
      const claim = { leaf: hex(leafHash), seq: index, size: treeSize, path: nodes.map(hex), root: hex(checkpoint.root) };
      expect(verifyInclusion(claim)).toBe(true);
      expect(verifyInclusion({ ...claim, leaf: hex('00'.repeat(32)) })).toBe(false);
      const text = anchoredText(treeSize);
      expect(parseCheckpoint(text)).toMatchObject({
        size: treeSize,
        root: hex(checkpoint.root),
        at: checkpoint.signedAt,
        keyId: checkpoint.kid,
      });
      expect(verifyCheckpoint(text, checkpoint.signature, readPinnedKeys(api.app.deps.config.auditKeysFile))).toBe('valid');
    }
  });

  it('another person’s event, a row that is no event, and unknown ids are 404', async () => {
    const [a, b] = [await newClient(api), await newClient(api, { email: freshEmail() })];
    await api.post('/account/mfa/totp', {}, bearer(a.tokens.accessToken));
    await keeper.asJob('audit.seal', () => keeper.sealAndAnchor());
    const [event] = await all(a.tokens.accessToken);
    expect(refusal(await proof(b.tokens.accessToken, event?.id ?? ''))).toBe('404 not_found');
    const { rows } = await api.app.deps.database.pool.query<{ id: string }>(
      "SELECT id FROM audit.action WHERE actor_id = $1 AND action = 'start-totp'",
      [a.tokens.user.id],
    );
    for (const id of [rows[0]?.id ?? '', newId(), 'x', '1']) expect(refusal(await proof(a.tokens.accessToken, id))).toBe('404 not_found');
  });

  /** What the operator published of the checkpoint, on another host in production. */
  function anchoredText(size: number): string {
    const anchor = parseAnchor(readFileSync(join(api.app.deps.config.auditAnchorDir ?? '', anchorName(size)), 'utf8'));
    return anchor?.text ?? '';
  }
});
