import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '../../../src/foundation/config/config.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { chooseDriver } from '../../../src/modules/notifications/drivers/choose-driver.ts';
import { type OutgoingMessage, SendError } from '../../../src/modules/notifications/drivers/message-sender.ts';
import { createSmsSender } from '../../../src/modules/notifications/drivers/sms-sender.ts';
import { createSmtpSender } from '../../../src/modules/notifications/drivers/smtp-sender.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-drivers-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
const configWith = (env: Record<string, string> = {}): Config => loadConfig({ NODE_ENV: 'test', DATA_DIR: dataDir, ...env });

const open: { close(done: () => void): unknown }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise<void>((resolve) => void server.close(resolve));
});

const outgoing = (overrides: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  eventId: newId(),
  template: 'otp_login',
  to: 'ada@mail.fashion.ng',
  subject: '042817 is your Fashionistar sign-in code',
  text: 'Enter 042817',
  html: '<p>Enter <b>042817</b></p>',
  ...overrides,
});

async function caught(work: Promise<unknown>): Promise<SendError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SendError) return error;
  throw new Error(`Expected a SendError, got ${String(error)}`);
}

type Mail = { to: string[]; raw: Buffer };

async function smtpServer(refuse?: { at: 'rcpt' | 'data'; code: number }): Promise<{ url: string; mails: Mail[] }> {
  const mails: Mail[] = [];
  const refusal = (quoted: string) => Object.assign(new Error(`no such user ${quoted}`), { responseCode: refuse?.code });
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (address, _session, done) => done(refuse?.at === 'rcpt' ? refusal(address.address) : null),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refuse?.at === 'data') return done(refusal('body'));
        mails.push({ to: session.envelope.rcptTo.map((rcpt) => rcpt.address), raw: Buffer.concat(chunks) });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `smtp://127.0.0.1:${port}`, mails };
}

describe('mail over SMTP', () => {
  it('carries both texts, one recipient, and the event id as identity', async () => {
    const server = await smtpServer();
    const sender = createSmtpSender(configWith({ SMTP_URL: server.url, MAIL_FROM: 'Fashionistar <no-reply@fashionistar.ng>' }));
    const message = outgoing();
    const receipt = await sender.send(message);
    const [mail] = server.mails;
    expect(mail?.to).toEqual(['ada@mail.fashion.ng']);
    const parsed = await PostalMime.parse(mail?.raw ?? '');
    expect(parsed).toMatchObject({
      subject: message.subject,
      messageId: `<${message.eventId}.otp_login@fashionistar.ng>`,
      to: [{ address: message.to }],
    });
    expect(parsed.text?.trim()).toBe(message.text);
    expect(parsed.html?.trim()).toBe(message.html);
    const header = (key: string) => parsed.headers.find((one) => one.key === key)?.value;
    expect(header('x-idempotency-key')).toBe(message.eventId);
    expect(header('auto-submitted')).toBe('auto-generated');
    expect(receipt).toEqual({ provider: 'smtp', providerRef: `<${message.eventId}.otp_login@fashionistar.ng>` });
  });

  it('gives the same message the same identity when it is sent again', async () => {
    const server = await smtpServer();
    const sender = createSmtpSender(configWith({ SMTP_URL: server.url }));
    const message = outgoing({ html: null });
    await sender.send(message);
    await sender.send(message);
    const ids = await Promise.all(server.mails.map(async (mail) => (await PostalMime.parse(mail.raw)).messageId));
    expect(new Set(ids).size).toBe(1);
  });

  it('reaches one mailbox even when the stored address looks like a list', async () => {
    const server = await smtpServer();
    const sender = createSmtpSender(configWith({ SMTP_URL: server.url }));
    await sender.send(outgoing({ to: '"ada@fashion.ng, eve@evil.ng" <x@y.ng>' })).catch(() => undefined);
    for (const mail of server.mails) expect(mail.to).toHaveLength(1);
  });

  it.each([
    ['rcpt', 550, true],
    ['rcpt', 451, false],
    ['data', 554, true],
    ['data', 452, false],
  ] as const)('a refusal at %s with %i is final: %s; no word of the provider is kept', async (at, code, isPermanent) => {
    const server = await smtpServer({ at, code });
    const error = await caught(createSmtpSender(configWith({ SMTP_URL: server.url })).send(outgoing()));
    expect(error).toMatchObject({ provider: 'smtp', errorCode: `smtp_${code}`, isPermanent });
    expect(JSON.stringify(error) + error.message + error.stack).not.toContain('ada@');
  });

  it('a sender address without a host is identified as of this machine', async () => {
    const server = await smtpServer();
    const message = outgoing();
    const receipt = await createSmtpSender({ smtpUrl: server.url, mailFrom: 'postmaster' }).send(message);
    expect(receipt.providerRef).toBe(`<${message.eventId}.otp_login@localhost>`);
  });

  it('a server that is down may come back', async () => {
    const error = await caught(createSmtpSender(configWith({ SMTP_URL: 'smtp://127.0.0.1:1' })).send(outgoing()));
    expect(error).toMatchObject({ provider: 'smtp', isPermanent: false });
  });
});

type Hit = { headers: IncomingHttpHeaders; body: string };

async function gateway(answer: { status: number; body?: string } | 'hang'): Promise<{ url: string; hits: Hit[] }> {
  const hits: Hit[] = [];
  const server: Server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => {
      body += chunk;
    });
    req.on('end', () => {
      hits.push({ headers: req.headers, body });
      if (answer === 'hang') return;
      res.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body ?? '{}');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  open.push({
    close(done) {
      server.closeAllConnections();
      server.close(done);
    },
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/messages`, hits };
}

const sms = () => outgoing({ to: '+2348021234567', text: '042817 is your code', html: null });

describe('SMS over HTTP', () => {
  it('posts recipient, sender and text with the token and the event id as idempotency key', async () => {
    const primary = await gateway({ status: 202, body: '{"id":"msg-1"}' });
    const message = sms();
    const receipt = await createSmsSender(configWith({ SMS_HTTP_URL: primary.url, SMS_HTTP_TOKEN: 'gateway-token' })).send(message);
    expect(receipt).toEqual({ provider: 'sms-http', providerRef: 'msg-1' });
    const [hit] = primary.hits;
    expect(JSON.parse(hit?.body ?? '')).toEqual({ to: '+2348021234567', from: 'FASHIONSTAR', text: '042817 is your code' });
    expect(hit?.headers).toMatchObject({ authorization: 'Bearer gateway-token', 'idempotency-key': message.eventId });
  });

  it.each([
    { what: 'an error', answer: { status: 503 } },
    { what: 'a refused token', answer: { status: 401 } },
    { what: 'silence', answer: 'hang' as const },
  ])('asks the second gateway after $what', async ({ answer }) => {
    const primary = await gateway(answer);
    const fallback = await gateway({ status: 200, body: 'not json' });
    const sender = createSmsSender(
      configWith({
        SMS_HTTP_URL: primary.url,
        SMS_FALLBACK_HTTP_URL: fallback.url,
        SMS_FALLBACK_HTTP_TOKEN: 'other',
        SMS_TIMEOUT_MS: '150',
      }),
    );
    expect(await sender.send(sms())).toEqual({ provider: 'sms-fallback', providerRef: null });
    expect(fallback.hits[0]?.headers.authorization).toBe('Bearer other');
  });

  it('does not ask the second gateway when the first read the message and refused it', async () => {
    const primary = await gateway({ status: 422 });
    const fallback = await gateway({ status: 200 });
    const error = await caught(createSmsSender(configWith({ SMS_HTTP_URL: primary.url, SMS_FALLBACK_HTTP_URL: fallback.url })).send(sms()));
    expect(error).toMatchObject({ errorCode: 'sms_http_422', isPermanent: true });
    expect(fallback.hits).toHaveLength(0);
  });

  it('says that it may pass when all are down', async () => {
    const primary = await gateway({ status: 500, body: '{"error":"+2348021234567 unreachable"}' });
    const error = await caught(
      createSmsSender(configWith({ SMS_HTTP_URL: primary.url, SMS_FALLBACK_HTTP_URL: 'http://127.0.0.1:1/' })).send(sms()),
    );
    expect(error).toMatchObject({ provider: 'sms-fallback', errorCode: 'sms_unreachable', isPermanent: false });
    expect(JSON.stringify(error) + error.message).not.toContain('+234');
  });

  it('names silence as such', async () => {
    const primary = await gateway('hang');
    const error = await caught(createSmsSender(configWith({ SMS_HTTP_URL: primary.url, SMS_TIMEOUT_MS: '80' })).send(sms()));
    expect(error).toMatchObject({ errorCode: 'sms_timeout', isPermanent: false });
  });

  it.each(['"accepted"', 'null', '{}', '{"id":5}', '[7]', ''])(
    'an answer %j has no reference, and is a success all the same',
    async (body) => {
      const primary = await gateway({ status: 200, body });
      expect(await createSmsSender(configWith({ SMS_HTTP_URL: primary.url })).send(sms())).toEqual({
        provider: 'sms-http',
        providerRef: null,
      });
    },
  );

  it('reads a reference under either usual name', async () => {
    const primary = await gateway({ status: 200, body: '{"messageId":"m-9"}' });
    expect(await createSmsSender(configWith({ SMS_HTTP_URL: primary.url })).send(sms())).toMatchObject({ providerRef: 'm-9' });
  });
});

describe('the way a message goes', () => {
  const real = () =>
    configWith({ MAIL_DRIVER: 'smtp', SMTP_URL: 'smtp://127.0.0.1:1', SMS_DRIVER: 'http', SMS_HTTP_URL: 'http://127.0.0.1:1/' });

  it('is the dev inbox unless a driver is configured', () => {
    expect(chooseDriver(configWith(), 'email', 'ada@fashion.ng').kind).toBe('capture');
    expect(chooseDriver(configWith(), 'sms', '+2348021234567').kind).toBe('capture');
  });

  it('is the provider for real contacts, one sender per configuration', () => {
    const config = real();
    const first = chooseDriver(config, 'email', 'ada@fashion.ng');
    expect(first.kind).toBe('send');
    expect(chooseDriver(config, 'email', 'eve@fashion.ng')).toEqual(first);
    expect(chooseDriver(config, 'sms', '+2348021234567').kind).toBe('send');
  });

  it.each(['+2347000000000', '+2347000009999'])('never leaves the house for demo number %s', (number) => {
    expect(chooseDriver(real(), 'sms', number).kind).toBe('capture');
    expect(chooseDriver({ ...real(), mode: 'production' }, 'sms', number).kind).toBe('refuse');
  });

  it.each(['demo-ada@example.com', 'x@mail.example.org', 'x@y.test', 'x@localhost'])('never leaves the house for %s', (address) => {
    expect(chooseDriver(real(), 'email', address).kind).toBe('capture');
  });

  it.each(['x@notexample.com', 'x@example.com.ng'])('leaves for %s', (address) => {
    expect(chooseDriver(real(), 'email', address).kind).toBe('send');
  });

  it('the numbers beside the demo range are real', () => {
    expect(chooseDriver(real(), 'sms', '+2347000010000').kind).toBe('send');
  });
});
