import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { erasure, exportStatus, loginTokenSet, tokenSet } from '../../src/api/shapes.ts';
import { finishErasures } from '../../src/audit/index.ts';
import type { RoleGrant } from '../../src/foundation/access/roles.ts';
import { previewCommand } from '../../src/foundation/command/run-command.ts';
import type { JobRun } from '../../src/foundation/jobs/job.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { personBox, staffCommands } from '../../src/modules/identity/index.ts';
import { deliverMessage } from '../../src/modules/notifications/deliver-message.ts';
import { forgetMessagesOf, wasTold } from '../../src/modules/notifications/index.ts';
import { onPrivacyChanged } from '../../src/modules/notifications/on-privacy-changed.job.ts';
import {
  commands,
  decisions,
  executeErasures,
  executeErasuresJob,
  forgetApprovalsOf,
  forgetExportsOf,
  type privacySteps,
  systemCommands as supportSystem,
} from '../../src/modules/support/index.ts';
import { advanceErasure, carryOutErasure } from '../../src/modules/support/privacy/carry-out-erasure.ts';
import { forgetExportsJob, makeExportJob } from '../../src/modules/support/privacy/export.job.ts';
import { makeExport } from '../../src/modules/support/privacy/make-export.ts';
import { mayStep } from '../../src/modules/support/privacy/privacy-request.ts';
import { addStaff, system } from '../audit/support/staff.ts';
import { refusalCode, run } from '../modules/identity/people.ts';
import { nuban } from '../modules/identity/vendors.ts';
import { staffActor } from '../support/app.ts';
import { createInbox } from '../support/inbox.ts';
import { ticketAbout } from '../support/tickets.ts';
import { type Api, bearer, fieldsOf, freshEmail, goodPassword, newClient, problemOf, refusal, shaped, startApi } from './support/api.ts';
import { newVendor } from './support/privacy.ts';

let api: Api;
let support: string;
let admin: string;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000', ERASE_GRACE_S: String(grace) });
  support = await addStaff(api.app, 'support');
  admin = await addStaff(api.app, 'admin');
});
afterAll(() => api.stop());

const day = 86_400;
/** Shorter than the fourteen days of the default: the tables of the test reach a few months ahead. */
const grace = 3 * day;
const inWorker = <T>(work: () => Promise<T>) => api.app.as(system, work);
const jobRun = (isLastAttempt = false): JobRun => ({
  id: newId(),
  attempt: 0,
  isLastAttempt,
  signal: new AbortController().signal,
  send: async () => undefined,
});
const send = (method: string, path: string, token: string, body?: unknown, headers: Record<string, string> = {}) =>
  api.call(method, `/api/v1/account${path}`, { ...(body === undefined ? {} : { body }), headers: { ...bearer(token), ...headers } });

/** Signed in anew: a fresh token whatever the clock did. */
async function signIn(email: string): Promise<string> {
  return shaped(loginTokenSet, await api.post('/auth/login', { email, password: goodPassword })).accessToken;
}

/** What the worker does with the events of one request: the notices, in their order, to the inbox. */
async function tellAll(requestId: string): Promise<void> {
  const { prisma } = api.app.deps.database;
  const events = await prisma.outboxEvent.findMany({ where: { aggregateId: requestId }, orderBy: { id: 'asc' } });
  for (const { id, name, payload, aggregateId, actionId, occurredAt } of events) {
    const event = { eventId: id, name, aggregateId, actionId, occurredAt: occurredAt.toISOString(), payload };
    await inWorker(() => onPrivacyChanged.job.handle({ event }, api.app.deps, jobRun()));
  }
  const waiting = await prisma.delivery.findMany({ where: { status: 'queued', template: { startsWith: 'privacy' } } });
  const others = await prisma.delivery.findMany({ where: { status: 'queued', template: 'erase_cancelled' } });
  for (const { id } of [...waiting, ...others]) await inWorker(() => deliverMessage(api.app.deps, id, jobRun()));
}

const templatesTo = async (email: string) => (await createInbox(api.app.deps).items(email)).map((item) => item.template);

const exportStarted = z.strictObject({ message: z.string(), exportId: z.uuid(), status: z.literal('pending') });
const erasureStarted = z.strictObject({
  message: z.string(),
  requestId: z.uuid(),
  status: z.literal('scheduled'),
  effectiveAt: z.iso.datetime(),
});

describe('P19 export', () => {
  const ask = async (token: string) => shaped(exportStarted, await send('POST', '/export', token, {}));
  const make = (exportId: string) =>
    inWorker(() =>
      makeExportJob.handle(
        {
          event: {
            eventId: newId(),
            name: 'support.privacy.approved',
            aggregateId: exportId,
            actionId: null,
            occurredAt: new Date(0).toISOString(),
            payload: { requestId: exportId, kind: 'export' },
          },
        },
        api.app.deps,
        jobRun(),
      ),
    );
  const status = async (token: string, id: string) => shaped(exportStatus, await send('GET', `/exports/${id}`, token));
  const download = (token: string, id: string) => send('POST', `/exports/${id}/download`, token, {});

  it('is asked for, made, told of, downloaded once, and gone', async () => {
    const { email, tokens } = await newClient(api);
    const { accessToken } = tokens;
    const { exportId } = await ask(accessToken);
    expect(await status(accessToken, exportId)).toMatchObject({ exportId, status: 'pending', expiresAt: null });
    expect(refusal(await download(accessToken, exportId))).toBe('409 export_in_progress');
    expect(refusal(await send('POST', '/export', accessToken, {}))).toBe('409 export_in_progress');
    await make(exportId);
    await make(exportId);
    await tellAll(exportId);
    expect(await templatesTo(email)).toEqual(['privacy_export_ready']);
    expect(await status(accessToken, exportId)).toMatchObject({
      status: 'ready',
      expiresAt: new Date(api.app.clock.now().getTime() + day * 1000).toISOString(),
    });
    const file = await download(accessToken, exportId);
    expect(file.status).toBe(200);
    expect(file.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="fashionistar-data-\d{4}-\d\d-\d\d\.json"$/);
    expect(file.json).toMatchObject({
      format: 'fashionistar-personal-data/v1',
      identifiers: { id: tokens.user.id, email, phone: null },
      profile: { role: 'client', status: 'active' },
      sessions: [{ id: tokens.session.id }],
      client: { preferredSize: null },
      consents: [],
      tickets: [],
    });
    expect(refusal(await download(accessToken, exportId))).toBe('410 export_expired');
    expect(await status(accessToken, exportId)).toMatchObject({ status: 'downloaded' });
  });

  it('holds no hash, secret or token, and nobody else', async () => {
    const [mine, theirs] = [await newClient(api), await newClient(api, { email: freshEmail() })];
    await api.call('PATCH', '/api/v1/account/client', {
      body: { defaultShippingAddress: '9 Broad Street' },
      headers: { ...bearer(mine.tokens.accessToken), 'If-Match': '"1"' },
    });
    await send('POST', '/consents', mine.tokens.accessToken, { purpose: 'analytics', granted: true });
    const { exportId } = await ask(mine.tokens.accessToken);
    await make(exportId);
    const { text } = await download(mine.tokens.accessToken, exportId);
    const { prisma } = api.app.deps.database;
    const user = await prisma.user.findUniqueOrThrow({ where: { id: mine.tokens.user.id }, include: { credential: true, key: true } });
    expect(text).toContain('9 Broad Street');
    expect(text).toContain('"analytics"');
    const secrets = [user.emailBidx, user.emailEnc, user.key?.wrappedKey].flatMap((bytes) =>
      bytes ? ['hex', 'base64', 'base64url'].map((form) => Buffer.from(bytes).toString(form as 'hex')) : [],
    );
    for (const secret of [
      ...secrets,
      user.credential?.passwordHash ?? 'x',
      mine.tokens.refreshToken ?? 'x',
      theirs.email,
      theirs.tokens.user.id,
      support,
    ])
      expect(text).not.toContain(secret);
    expect(text).not.toMatch(/passwordHash|password_hash|bidx|tokenHash|wrapped|secret|\$2[aby]\$/i);
  });

  it('a vendor finds the store with its tax id in clear, its payout accounts and its settings', async () => {
    const vendor = await newVendor(api);
    const input = {
      storeName: 'Aso Oke Works',
      description: 'Woven strips.',
      businessType: 'tailor',
      countryCode: 'NG',
      state: 'Oyo',
      city: 'Iseyin',
      address: '1 Loom Road',
      taxId: '87654321-0009',
    };
    const { fillCountries } = await import('../../src/modules/reference/index.ts');
    await inWorker(() => fillCountries(api.app.deps));
    expect((await send('PUT', '/vendor', vendor.accessToken, input, { 'If-Match': '"1"' })).status).toBe(200);
    const account = { bankCode: '058', accountNumber: nuban('058'), accountName: 'Aso Oke Works' };
    expect((await send('POST', '/vendor/bank-accounts', vendor.accessToken, account)).status).toBe(202);
    const { exportId } = await ask(vendor.accessToken);
    await make(exportId);
    const file = await download(vendor.accessToken, exportId);
    expect(file.json).toMatchObject({
      vendor: {
        storeName: 'Aso Oke Works',
        taxId: '87654321-0009',
        bankAccounts: [{ bankName: 'Guaranty Trust Bank', accountName: 'Aso Oke Works', accountLast4: account.accountNumber.slice(-4) }],
        settings: { orderMode: 'manual', holidayFrom: null, returnDays: 7 },
      },
    });
    expect(JSON.stringify(file.json)).not.toContain(account.accountNumber);
  });

  it('tells of identities, passkeys, addresses and tickets in clear, and of nobody who works on them', async () => {
    const { tokens } = await newClient(api);
    const userId = tokens.user.id;
    // A passkey asks for more than a password did: first the asking, then the enrolling.
    const { exportId } = await ask(tokens.accessToken);
    const { database } = api.app.deps;
    const client = await database.prisma.client.findUniqueOrThrow({ where: { userId } });
    const addressId = newId();
    const bytes = () => new Uint8Array(randomBytes(32));
    await inWorker(async () => {
      const box = await personBox(api.app.deps, database.prisma, userId);
      const sealed = (column: string, clear: string) => new Uint8Array(box?.seal(`client_address.${column}:${addressId}`, clear) ?? []);
      await database.prisma.clientAddress.createMany({
        data: {
          id: addressId,
          clientId: client.id,
          label: 'Home',
          fullNameEnc: sealed('full_name_enc', 'Ada Eze'),
          streetEnc: sealed('street_enc', '5 Awolowo Road'),
          city: 'Ikoyi',
          countryCode: 'NG',
        },
      });
      await database.prisma.externalIdentity.createMany({
        data: {
          userId,
          provider: 'google',
          issuer: 'https://issuer.example',
          subjectBidx: bytes(),
          subjectEnc: bytes(),
          emailAtLinkEnc: bytes(),
          emailAtLinkMasked: 'a•••@e•••.com',
        },
      });
      await database.prisma.passkey.createMany({ data: { userId, name: 'Phone', credentialId: bytes(), publicKey: bytes() } });
      await run(
        api.app,
        supportSystem.openTicketCommand,
        { id: newId(), category: 'privacy', priority: 'low', title: 'A question of mine', subjectUserId: userId },
        { actor: system },
      );
    });
    await make(exportId);
    await inWorker(() => database.prisma.passkey.deleteMany({ where: { userId } }));
    expect((await download(tokens.accessToken, exportId)).json).toMatchObject({
      identities: [{ provider: 'google', email: 'a•••@e•••.com' }],
      passkeys: [{ name: 'Phone' }],
      client: { addresses: [{ label: 'Home', fullName: 'Ada Eze', phone: null, street: '5 Awolowo Road', city: 'Ikoyi' }] },
      tickets: [{ title: 'A question of mine', status: 'open' }],
    });
  });

  it('lies sealed under the person’s key', async () => {
    const { email, tokens } = await newClient(api);
    const { exportId } = await ask(tokens.accessToken);
    await make(exportId);
    const row = await api.app.deps.database.prisma.privacyExport.findUniqueOrThrow({ where: { requestId: exportId } });
    expect(Buffer.from(row.box ?? []).includes(email)).toBe(false);
    expect(row.bytes).toBeGreaterThan(500);
  });

  it('P17 of twenty parallel downloads one gets the file', async () => {
    const { tokens } = await newClient(api);
    const { exportId } = await ask(tokens.accessToken);
    await make(exportId);
    const answers = await Promise.all(Array.from({ length: 20 }, () => download(tokens.accessToken, exportId)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(new Set(answers.filter((answer) => answer.status !== 200).map(refusal))).toEqual(new Set(['410 export_expired']));
  });

  it('ends after a day, by the clock, and the file is destroyed', async () => {
    const { email, tokens } = await newClient(api);
    const { exportId } = await ask(tokens.accessToken);
    await make(exportId);
    api.app.clock.advance(day - 1);
    expect(await status(await signIn(email), exportId)).toMatchObject({ status: 'ready' });
    api.app.clock.advance(1);
    const fresh = await signIn(email);
    expect(await status(fresh, exportId)).toMatchObject({ status: 'expired' });
    expect(refusal(await download(fresh, exportId))).toBe('410 export_expired');
    await inWorker(() => forgetExportsJob.handle({}, api.app.deps, jobRun()));
    const row = await api.app.deps.database.prisma.privacyExport.findUniqueOrThrow({ where: { requestId: exportId } });
    expect(row.box).toBeNull();
    expect(await status(fresh, exportId)).toMatchObject({ status: 'expired' });
  });

  it('asking is replayed by its key, and of twenty parallel askers one is taken', async () => {
    const { tokens } = await newClient(api);
    const post = () => send('POST', '/export', tokens.accessToken, {}, { 'Idempotency-Key': 'export-once-1' });
    const first = await post();
    const replay = await post();
    expect([first.status, replay.status, replay.text, replay.headers['idempotency-replayed']]).toEqual([202, 202, first.text, 'true']);
    const other = await newClient(api, { email: freshEmail() });
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('POST', '/export', other.tokens.accessToken, {})));
    expect(answers.map((answer) => answer.status).sort()).toEqual([202, ...Array.from({ length: 19 }, () => 409)]);
  });

  it('another person’s export and unknown ids are 404', async () => {
    const [a, b] = [await newClient(api), await newClient(api, { email: freshEmail() })];
    const { exportId } = await ask(a.tokens.accessToken);
    for (const id of [exportId, newId(), 'x']) {
      expect(refusal(await send('GET', `/exports/${id}`, b.tokens.accessToken))).toBe('404 not_found');
      expect(refusal(await download(b.tokens.accessToken, id))).toBe('404 not_found');
    }
  });

  it('wants a sign-in of the last five minutes', async () => {
    const { tokens } = await newClient(api);
    api.app.clock.advance(301);
    const { accessToken } = shaped(tokenSet, await api.post('/auth/token/refresh', { refreshToken: tokens.refreshToken }));
    for (const path of ['/export', `/exports/${newId()}/download`, '/erase']) {
      const answer = await send('POST', path, accessToken, path === '/erase' ? { confirm: 'ERASE' } : {});
      expect(refusal(answer)).toBe('403 reauth_required');
      expect(problemOf(answer).methods).toContain('password');
    }
  });

  it('one that cannot be made ends as failed, and may be asked for again at once', async () => {
    const { tokens } = await newClient(api);
    const { exportId } = await ask(tokens.accessToken);
    const broken = {
      ...api.app.deps,
      keyring: {
        ...api.app.deps.keyring,
        decryptField: () => {
          throw new Error('the key service is away');
        },
      },
    };
    await expect(inWorker(() => makeExport(broken, exportId, false))).rejects.toThrow('away');
    expect(await status(tokens.accessToken, exportId)).toMatchObject({ status: 'pending' });
    await expect(inWorker(() => makeExport(broken, exportId, true))).rejects.toThrow('away');
    expect(await status(tokens.accessToken, exportId)).toMatchObject({ status: 'failed' });
    expect(refusal(await download(tokens.accessToken, exportId))).toBe('410 export_expired');
    await inWorker(() => makeExport(api.app.deps, exportId, false));
    expect((await send('POST', '/export', tokens.accessToken, {})).status).toBe(202);
  });

  it('one whose worker died for good is ended within the hour', async () => {
    const { email, tokens } = await newClient(api);
    const { exportId } = await ask(tokens.accessToken);
    api.app.clock.advance(3601);
    await inWorker(() => forgetExportsJob.handle({}, api.app.deps, jobRun()));
    expect(await status(await signIn(email), exportId)).toMatchObject({ status: 'failed' });
  });
});

describe('P19 at most two exports a day', () => {
  it('answers the third 429 until the first is a day old', async () => {
    const strict = await startApi({ RATE_LIMIT_SCALE: '1' });
    try {
      const { email, tokens } = await newClient(strict);
      const post = (token: string) => strict.post('/account/export', {}, bearer(token));
      for (let n = 0; n < 2; n += 1) {
        const { exportId } = shaped(exportStarted, await post(tokens.accessToken));
        await strict.app.as(system, () => makeExport(strict.app.deps, exportId, true));
      }
      const third = await post(tokens.accessToken);
      expect(refusal(third)).toBe('429 rate_limited');
      expect(problemOf(third).retryAfter).toBe(day);
      const erase = shaped(erasureStarted, await strict.post('/account/erase', { confirm: 'ERASE' }, bearer(tokens.accessToken)));
      expect(erase.effectiveAt).toBe(new Date(strict.app.clock.now().getTime() + 14 * day * 1000).toISOString());
      strict.app.clock.advance(day);
      const fresh = shaped(loginTokenSet, await strict.post('/auth/login', { email, password: goodPassword })).accessToken;
      expect((await post(fresh)).status).toBe(202);
    } finally {
      await strict.stop();
    }
  });
});

describe('P19 erasure', () => {
  const ask = async (token: string) => shaped(erasureStarted, await send('POST', '/erase', token, { confirm: 'ERASE' }));
  const read = (token: string) => send('GET', '/erase', token);
  const staff = (role: RoleGrant['role'], id: string) => staffActor({ role, isLead: false }, api.app.clock.now(), { id });
  const reason = { code: 'customer_request', text: 'Asked for it, identity checked' };
  const propose = async (userId: string, by = support) => {
    const ticketId = await ticketAbout(api.app, userId);
    return run(
      api.app,
      commands.askErasureApproval,
      { id: userId },
      { actor: staff(by === support ? 'support' : 'admin', by), envelope: { reason, ticketId } },
    );
  };
  const approve = (approvalId: string, by = admin) =>
    run(api.app, decisions.approve, { id: approvalId }, { actor: staff('admin', by), envelope: { reason } });
  const work = (ports = { wasTold }) => inWorker(() => executeErasures(api.app.deps, ports));
  const requestOf = (id: string) => api.app.deps.database.prisma.privacyRequest.findUniqueOrThrow({ where: { id } });

  it('U14 end to end: scheduled, awaiting approval, two people, receipt first, then nothing is left and the contact is free', async () => {
    const { email, password, tokens } = await newClient(api);
    const { accessToken, user } = tokens;
    const asked = await ask(accessToken);
    expect(asked.effectiveAt).toBe(new Date(api.app.clock.now().getTime() + grace * 1000).toISOString());
    expect(shaped(erasure, await read(accessToken))).toEqual({
      requestId: asked.requestId,
      status: 'scheduled',
      effectiveAt: asked.effectiveAt,
    });
    await tellAll(asked.requestId);
    expect(await templatesTo(email)).toEqual(['privacy_erase_scheduled']);

    const { approvalId } = await propose(user.id);
    expect(await refusalCode(approve(approvalId, support))).toMatch(/four_eyes|forbidden/);
    await approve(approvalId);
    await work();
    expect(await requestOf(asked.requestId)).toMatchObject({ status: 'approved', approvalId });
    expect((await read(accessToken)).status).toBe(200);

    api.app.clock.advance(grace);
    const late = await signIn(email);
    expect(shaped(erasure, await read(late)).status).toBe('awaiting_approval');
    await work();
    expect(await requestOf(asked.requestId)).toMatchObject({ status: 'processing' });
    await work();
    expect(await requestOf(asked.requestId), 'no receipt, no erasing').toMatchObject({ status: 'processing' });
    expect((await read(late)).status).toBe(200);
    await tellAll(asked.requestId);
    expect(await templatesTo(email)).toContain('privacy_completed');
    await work();
    expect(await requestOf(asked.requestId)).toMatchObject({
      status: 'completed',
      counts: expect.objectContaining({ 'identity.user': 1 }),
    });

    expect(refusal(await read(late))).toBe('401 session_revoked');
    expect(refusal(await api.post('/auth/login', { email, password }))).toBe('401 invalid_credentials');
    const { prisma } = api.app.deps.database;
    expect(await prisma.userKey.findUniqueOrThrow({ where: { userId: user.id } })).toMatchObject({ wrappedKey: null });
    expect(await prisma.user.findUniqueOrThrow({ where: { id: user.id } })).toMatchObject({
      status: 'erased',
      emailBidx: null,
      emailEnc: null,
      memberId: user.memberId,
    });
    expect(await prisma.approvalRequest.findUniqueOrThrow({ where: { id: approvalId } })).toMatchObject({
      status: 'executed',
      requestedBy: support,
      decidedBy: admin,
    });
    await work();
    expect((await newClient(api, { email })).verified.status).toBe(201);
  });

  it('what was said to the person and what they exported is forgotten with them', async () => {
    const { email, tokens } = await newClient(api);
    const { exportId } = shaped(exportStarted, await send('POST', '/export', tokens.accessToken, {}));
    await inWorker(() => makeExport(api.app.deps, exportId, true));
    await tellAll(exportId);
    const { requestId } = await ask(tokens.accessToken);
    await approve((await propose(tokens.user.id)).approvalId);
    api.app.clock.advance(grace);
    await work();
    await work();
    await tellAll(requestId);
    await work();
    expect(await requestOf(requestId)).toMatchObject({ status: 'completed' });
    const { prisma } = api.app.deps.database;
    expect((await prisma.privacyExport.findUniqueOrThrow({ where: { requestId: exportId } })).box).not.toBeNull();
    const keeper = await (await import('../audit/support/keeper.ts')).openKeeper(api.app);
    await keeper.asJob('audit.erase-subject', () => finishErasures(keeper.deps, [forgetMessagesOf, forgetApprovalsOf, forgetExportsOf]));
    await keeper.close();
    expect((await prisma.privacyExport.findUniqueOrThrow({ where: { requestId: exportId } })).box).toBeNull();
    expect(await createInbox(api.app.deps).items(email)).toEqual([]);
  });

  it('wants the word itself', async () => {
    const { tokens } = await newClient(api);
    for (const [body, field] of [
      [{}, 'confirm: required'],
      [{ confirm: 'erase' }, 'confirm: invalid_value'],
      [{ confirm: true }, 'confirm: invalid_type'],
      [{ confirm: 'ERASE', now: true }, 'now: unknown_field'],
    ] as const) {
      const answer = await send('POST', '/erase', tokens.accessToken, body);
      expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]]);
    }
  });

  it('there is one at a time, also in parallel, and a key replays its answer', async () => {
    const { tokens } = await newClient(api);
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('POST', '/erase', tokens.accessToken, { confirm: 'ERASE' })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([202, ...Array.from({ length: 19 }, () => 409)]);
    expect(new Set(answers.filter((answer) => answer.status === 409).map(refusal))).toEqual(new Set(['409 erase_in_progress']));
    const other = await newClient(api, { email: freshEmail() });
    const post = () => send('POST', '/erase', other.tokens.accessToken, { confirm: 'ERASE' }, { 'Idempotency-Key': 'erase-once-1' });
    const [first, replay] = [await post(), await post()];
    expect([first.status, replay.status, replay.text]).toEqual([202, 202, first.text]);
  });

  it('can be called off until it is carried out, approval and all; the person is told, and may ask again', async () => {
    const { email, tokens } = await newClient(api);
    expect(refusal(await read(tokens.accessToken))).toBe('404 not_found');
    expect(refusal(await send('DELETE', '/erase', tokens.accessToken))).toBe('404 not_found');
    const { requestId } = await ask(tokens.accessToken);
    const { approvalId } = await propose(tokens.user.id);
    await approve(approvalId);
    await work();
    expect((await send('DELETE', '/erase', tokens.accessToken)).status).toBe(204);
    expect(refusal(await read(tokens.accessToken))).toBe('404 not_found');
    await tellAll(requestId);
    expect(await templatesTo(email)).toContain('erase_cancelled');
    expect(await api.app.deps.database.prisma.approvalRequest.findUniqueOrThrow({ where: { id: approvalId } })).toMatchObject({
      status: 'cancelled',
    });
    api.app.clock.advance(grace);
    await work();
    expect((await api.post('/auth/login', { email, password: goodPassword })).status).toBe(200);
    expect((await send('POST', '/erase', await signIn(email), { confirm: 'ERASE' })).status).toBe(202);
  });

  it('called off after the receipt, nothing is erased', async () => {
    const { email, tokens } = await newClient(api);
    const { requestId } = await ask(tokens.accessToken);
    await approve((await propose(tokens.user.id)).approvalId);
    api.app.clock.advance(grace);
    await work();
    await work();
    await tellAll(requestId);
    expect((await send('DELETE', '/erase', await signIn(email))).status).toBe(204);
    await work();
    expect((await api.post('/auth/login', { email, password: goodPassword })).status).toBe(200);
  });

  it('a legal hold blocks the asking, and one placed later the carrying out', async () => {
    const hold = {
      actor: staffActor({ role: 'auditor', isLead: false }, api.app.clock.now()),
      envelope: { reason: { code: 'legal', text: 'A dispute in court' } },
    };
    const held = await newClient(api);
    await run(api.app, staffCommands.placeLegalHold, { id: held.tokens.user.id }, hold);
    expect(refusal(await send('POST', '/erase', held.tokens.accessToken, { confirm: 'ERASE' }))).toBe('409 erase_blocked');
    const later = await newClient(api, { email: freshEmail() });
    const { requestId } = await ask(later.tokens.accessToken);
    await approve((await propose(later.tokens.user.id)).approvalId);
    const actor = () => staffActor({ role: 'auditor', isLead: false }, api.app.clock.now());
    await run(api.app, staffCommands.placeLegalHold, { id: later.tokens.user.id }, { ...hold, actor: actor() });
    api.app.clock.advance(grace);
    await work();
    await work();
    expect(await requestOf(requestId)).toMatchObject({ status: 'approved' });
    await run(api.app, staffCommands.releaseLegalHold, { id: later.tokens.user.id }, { ...hold, actor: actor() });
    await work();
    await tellAll(requestId);
    await run(api.app, staffCommands.placeLegalHold, { id: later.tokens.user.id }, { ...hold, actor: actor() });
    await work();
    expect(await requestOf(requestId)).toMatchObject({ status: 'processing' });
  });

  it('a denied one is refused and told; one that lapsed or was taken back waits for another pair', async () => {
    const { email, tokens } = await newClient(api);
    const { requestId } = await ask(tokens.accessToken);
    const first = await propose(tokens.user.id);
    expect(await refusalCode(propose(tokens.user.id, admin))).toBe('in_progress');
    await run(api.app, decisions.cancel, { id: first.approvalId }, { actor: staff('support', support) });
    await work();
    expect(await requestOf(requestId)).toMatchObject({ status: 'identity_verified', approvalId: null });
    const second = await propose(tokens.user.id);
    api.app.clock.advance(49 * 3600);
    await run(api.app, supportSystem.expireApprovals, {}, { actor: system });
    await work();
    expect(await requestOf(requestId)).toMatchObject({ approvalId: null });
    const third = await propose(tokens.user.id);
    expect(third.approvalId).not.toBe(second.approvalId);
    await run(api.app, decisions.deny, { id: third.approvalId }, { actor: staff('admin', admin), envelope: { reason } });
    await work();
    expect(await requestOf(requestId)).toMatchObject({ status: 'refused', refusalCode: 'denied', handledBy: admin });
    await tellAll(requestId);
    expect(await templatesTo(email)).toContain('privacy_refused');
    expect(refusal(await read(await signIn(email)))).toBe('404 not_found');
  });

  it('whose right ended meanwhile does not erase: the approval fails, another pair may be asked', async () => {
    const leaving = await addStaff(api.app, 'admin');
    const { tokens } = await newClient(api);
    const { requestId } = await ask(tokens.accessToken);
    const { approvalId } = await propose(tokens.user.id);
    await approve(approvalId, leaving);
    const superAdmin = staffActor({ role: 'super_admin', isLead: false }, api.app.clock.now());
    await run(
      api.app,
      staffCommands.disableStaff,
      { id: leaving },
      { actor: superAdmin, envelope: { reason: { code: 'other', text: 'Leaves the company today' } } },
    );
    api.app.clock.advance(grace);
    await work();
    await work();
    await tellAll(requestId);
    await work();
    expect(await api.app.deps.database.prisma.approvalRequest.findUniqueOrThrow({ where: { id: approvalId } })).toMatchObject({
      status: 'failed',
      errorCode: 'forbidden',
    });
    expect(await requestOf(requestId)).toMatchObject({ status: 'processing', approvalId: null });
    await approve((await propose(tokens.user.id)).approvalId);
    await work();
    expect(await requestOf(requestId)).toMatchObject({ status: 'completed' });
  });

  it('staff can put forward only what its owner asked for, and only who may', async () => {
    const { tokens } = await newClient(api);
    expect(await refusalCode(propose(tokens.user.id))).toBe('not_found');
    await ask(tokens.accessToken);
    const assistant = {
      actor: staffActor({ role: 'assistant', isLead: false }, api.app.clock.now()),
      envelope: { reason, ticketId: newId() },
    };
    expect(await refusalCode(run(api.app, commands.askErasureApproval, { id: tokens.user.id }, assistant))).toBe('forbidden');
  });

  it('each step does nothing where it is not its turn', async () => {
    const system_ = { actor: system };
    expect(await run(api.app, advanceErasure, { id: newId() }, system_)).toEqual({ progress: 'waiting' });
    expect(await refusalCode(run(api.app, carryOutErasure, { id: newId() }, system_))).toBe('not_found');
    const { email, tokens } = await newClient(api);
    const { requestId } = await ask(tokens.accessToken);
    expect(await run(api.app, advanceErasure, { id: requestId }, system_)).toEqual({ progress: 'waiting' });
    const { approvalId } = await propose(tokens.user.id);
    expect(await run(api.app, advanceErasure, { id: requestId }, system_)).toEqual({ progress: 'waiting' });
    await approve(approvalId);
    expect(await run(api.app, advanceErasure, { id: requestId }, system_)).toEqual({ progress: 'approved' });
    expect(await run(api.app, advanceErasure, { id: requestId }, system_)).toEqual({ progress: 'approved' });
    expect(await refusalCode(run(api.app, carryOutErasure, { id: requestId }, system_))).toBe('transition_not_allowed');
    api.app.clock.advance(grace);
    expect(await run(api.app, advanceErasure, { id: requestId }, system_)).toEqual({ progress: 'telling' });
    expect(await run(api.app, advanceErasure, { id: requestId }, system_)).toEqual({ progress: 'telling' });
    const broken = { wasTold: () => Promise.reject(new Error('the delivery log is away')) };
    await expect(work(broken)).rejects.toThrow(/erasure\(s\) failed/);
    expect((await send('DELETE', '/erase', await signIn(email))).status).toBe(204);
  });

  it('staff see beforehand that a second person decides, and when it happens at the earliest', async () => {
    const { tokens } = await newClient(api);
    await ask(tokens.accessToken);
    const ticketId = await ticketAbout(api.app, tokens.user.id);
    const lines = await api.app.as(staff('support', support), () =>
      previewCommand(api.app.deps, commands.askErasureApproval, { input: { id: tokens.user.id }, reason, ticketId }),
    );
    expect(lines).toEqual([expect.stringMatching(/^A second person decides\. Carried out after \d{4}-\d\d-\d\d at the earliest\.$/)]);
  });

  it('the job is the same loop, every minute and at each decision', async () => {
    const job = executeErasuresJob({ wasTold });
    expect([job.queue, job.policy, job.schedule]).toEqual(['support.execute-erasures', 'exclusive', '* * * * *']);
    await inWorker(() => job.handle({}, api.app.deps, jobRun()));
  });
});

describe('the states of a privacy request', () => {
  const states = ['received', 'identity_verified', 'approved', 'processing', 'completed', 'refused', 'withdrawn'] as const;
  const allowed: Record<keyof typeof privacySteps, string> = {
    verify: 'received',
    approve: 'identity_verified',
    process: 'approved',
    complete: 'processing',
    refuse: 'received identity_verified approved',
    fail: 'approved processing',
    withdraw: 'received identity_verified approved processing',
  };
  it.each(Object.entries(allowed))('%s starts from %s and from nowhere else', (step, from) => {
    const known = z.enum(['verify', 'approve', 'process', 'complete', 'refuse', 'fail', 'withdraw']).parse(step);
    expect(states.filter((status) => mayStep({ status }, known)).join(' ')).toBe(from);
  });
});
