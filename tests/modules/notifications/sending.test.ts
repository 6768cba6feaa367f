import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import { listDeadLetters } from '../../../src/foundation/jobs/dead-letters.ts';
import { redriveRequested } from '../../../src/foundation/jobs/redrive-job.ts';
import { runInContext } from '../../../src/foundation/runtime/request-context.ts';
import { commands } from '../../../src/modules/identity/index.ts';
import { deliveryFailed, notificationJobs, notificationSubscriptions } from '../../../src/modules/notifications/index.ts';
import { requestContext } from '../../support/app.ts';
import { createInbox } from '../../support/inbox.ts';
import { createJobBench, type JobBench } from '../../support/job-bench.ts';

const password = 'blue okra sings late';
const caller = { client: { clientId: 'public', mode: 'body' as const }, device: { token: null } };

type Mail = { to: string; raw: Buffer };
type Sms = { to: string; text: string; key: string | undefined };
const mails: Mail[] = [];
const texts: Sms[] = [];
const outage = { smtp: null as number | null, sms: null as number | null };

let bench: JobBench;
let smtp: SMTPServer;
let gateway: Server;

beforeAll(async () => {
  smtp = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (address, _session, done) =>
      done(outage.smtp ? Object.assign(new Error(`trouble with ${address.address}`), { responseCode: outage.smtp }) : null),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map((rcpt) => rcpt.address).join(), raw: Buffer.concat(chunks) });
        done();
      });
    },
  });
  smtp.on('error', () => undefined);
  await new Promise<void>((resolve) => void smtp.listen(0, '127.0.0.1', resolve));
  gateway = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => {
      body += chunk;
    });
    req.on('end', () => {
      if (outage.sms) return void res.writeHead(outage.sms).end(`cannot reach ${body}`);
      const { to, text } = JSON.parse(body);
      texts.push({ to, text, key: req.headers['idempotency-key']?.toString() });
      res.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"m1"}');
    });
  });
  await new Promise<void>((resolve) => void gateway.listen(0, '127.0.0.1', resolve));
  const smtpAddress = smtp.server.address();
  const gatewayAddress = gateway.address() as AddressInfo;
  bench = await createJobBench({
    // One retry instead of five: the test waits for the end of them.
    jobs: notificationJobs.map((job) => (job.queue === 'notifications.deliver' ? { ...job, retryLimit: 1, retryDelaySeconds: 1 } : job)),
    subscriptions: notificationSubscriptions,
    env: {
      MAIL_DRIVER: 'smtp',
      SMTP_URL: `smtp://127.0.0.1:${typeof smtpAddress === 'object' && smtpAddress ? smtpAddress.port : 0}`,
      MAIL_FROM: 'Fashionistar <no-reply@fashionistar.ng>',
      SMS_DRIVER: 'http',
      SMS_HTTP_URL: `http://127.0.0.1:${gatewayAddress.port}/`,
      SMS_HTTP_TOKEN: 'gateway-token',
    },
  });
  await bench.runtime().start();
});
afterAll(async () => {
  await bench.stop();
  await new Promise<void>((resolve) => void smtp.close(resolve));
  gateway.closeAllConnections();
  await new Promise((resolve) => gateway.close(resolve));
});

const register = (identifier: { email: string } | { phone: string }) =>
  runInContext(requestContext({ kind: 'anonymous' }), () =>
    runCommand(bench.deps, commands.startRegistration, { input: { ...identifier, password, firstName: 'Ngozichukwuka', ...caller } }),
  );

const deliveryOf = (masked: string, status: 'sent' | 'failed' | 'bounced') =>
  bench.until(() => bench.deps.database.prisma.delivery.findFirst({ where: { recipientMasked: masked, status } }), 25_000);

const mailTo = (to: string) => bench.until(async () => mails.find((mail) => mail.to === to), 20_000);

/** Everything every table holds, as text. */
async function wholeDatabase(): Promise<string> {
  const { rows } = await bench.admin.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`,
  );
  const texts: string[] = [];
  for (const { name } of rows) {
    const content = await bench.admin.query<{ line: string }>(`SELECT t::text AS line FROM ${name} AS t`);
    texts.push(...content.rows.map((row) => row.line));
  }
  return texts.join('\n');
}

describe('real providers', () => {
  it('mail goes out over SMTP with code and link, and the delivery says so', async () => {
    const { output } = await register({ email: 'ada@fashion-mail.ng' });
    const parsed = await PostalMime.parse((await mailTo('ada@fashion-mail.ng')).raw);
    const code = bench.deps.keyring.otpCode(output.flowId, 1);
    expect(parsed.subject).toBe(`${code} is your Fashionistar sign-up code`);
    expect(parsed.text).toContain(`/verify#t=${bench.deps.keyring.linkToken(output.flowId, 1)}`);
    const delivery = await deliveryOf('a•••@f•••.ng', 'sent');
    expect(delivery).toMatchObject({ provider: 'smtp', attempts: 1, errorCode: null });
    expect(parsed.messageId).toBe(`<${delivery.eventId}.otp_register@fashionistar.ng>`);
  });

  it('SMS goes out over HTTP with the event id as idempotency key', async () => {
    const { output } = await register({ phone: '+2348021234567' });
    const sms = await bench.until(async () => texts.find((one) => one.to === '+2348021234567'));
    expect(sms.text).toContain(bench.deps.keyring.otpCode(output.flowId, 1));
    const delivery = await deliveryOf('+234 ••• ••• 4567', 'sent');
    expect(delivery).toMatchObject({ provider: 'sms-http', providerRef: 'm1', eventId: sms.key });
  });

  it('demo numbers are captured although a gateway is configured', async () => {
    await register({ phone: '+2347000000077' });
    await createInbox(bench.deps).wait('+2347000000077', { template: 'otp_register' });
    expect(texts.some((one) => one.to === '+2347000000077')).toBe(false);
  });
});

describe('a provider that is down', () => {
  it('costs the caller nothing; after the retries the delivery has failed, an event says so, and a person can try again', async () => {
    outage.sms = 503;
    const started = performance.now();
    await register({ phone: '+2348030000001' });
    expect(performance.now() - started).toBeLessThan(1_500);
    const failed = await deliveryOf('+234 ••• ••• 0001', 'failed');
    expect(failed).toMatchObject({ errorCode: 'sms_http_503', attempts: 2 });
    const { rows } = await bench.admin.query('SELECT payload FROM platform.outbox_event WHERE name = $1', [deliveryFailed]);
    expect(rows.map((row) => row.payload)).toEqual([expect.objectContaining({ deliveryId: failed.id, template: 'otp_register' })]);
    const [letter] = await bench.until(async () => {
      const letters = await listDeadLetters(bench.deps.database, { queue: 'notifications.deliver' });
      return letters.length > 0 ? letters : null;
    });
    expect(letter).toMatchObject({ attempts: 2, error: 'sms-http: sms_http_503' });
    outage.sms = null;
    await bench.emit({
      name: redriveRequested,
      aggregateId: null,
      payload: { queue: 'notifications.deliver', jobId: letter?.id ?? '' },
    });
    expect(await deliveryOf('+234 ••• ••• 0001', 'sent')).toMatchObject({ errorCode: null, attempts: 3 });
    expect(texts.filter((one) => one.to === '+2348030000001')).toHaveLength(1);
  });

  it('for a moment only delays the message', async () => {
    outage.smtp = 451;
    await register({ email: 'delayed@fashion-mail.ng' });
    await bench.until(() =>
      bench.deps.database.prisma.delivery.findFirst({ where: { recipientMasked: 'd•••@f•••.ng', errorCode: 'smtp_451' } }),
    );
    outage.smtp = null;
    await mailTo('delayed@fashion-mail.ng');
    expect((await deliveryOf('d•••@f•••.ng', 'sent')).attempts).toBe(2);
  });

  it('an address that is refused for good bounces at once, without a dead letter', async () => {
    outage.smtp = 550;
    await register({ email: 'bounced@fashion-mail.ng' });
    expect(await deliveryOf('b•••@f•••.ng', 'bounced')).toMatchObject({ errorCode: 'smtp_550', attempts: 1 });
    outage.smtp = null;
    expect(await listDeadLetters(bench.deps.database, { queue: 'notifications.deliver' })).toEqual([]);
  });
});

it('no table, queue or log line holds a contact, a code, a token, a name or a password of all this', async () => {
  const { output } = await register({ email: 'planted.person@fashion-mail.ng' });
  const { output: captured } = await register({ phone: '+2347000000088' });
  await mailTo('planted.person@fashion-mail.ng');
  await createInbox(bench.deps).wait('+2347000000088', { template: 'otp_register' });
  await deliveryOf('p•••@f•••.ng', 'sent');
  const { keyring } = bench.deps;
  const planted = [
    'planted.person',
    '2347000000088',
    '8021234567',
    '8030000001',
    'Ngozichukwuka',
    password,
    ...[output.flowId, captured.flowId].flatMap((flowId) => [keyring.otpCode(flowId, 1), keyring.linkToken(flowId, 1)]),
  ];
  const stored = await wholeDatabase();
  expect(stored).toContain(output.flowId);
  expect(planted.filter((secret) => containsWord(stored, secret))).toEqual([]);
  const logged = bench.logs.join('\n');
  expect(logged).toContain('job.failed');
  expect(planted.filter((secret) => containsWord(logged, secret))).toEqual([]);
});

/** Six digits turn up inside longer numbers and hex by chance; only a code that stands alone counts. */
function containsWord(haystack: string, needle: string): boolean {
  if (!/^\d{6}$/.test(needle)) return haystack.includes(needle);
  return new RegExp(`(?<![0-9a-f.])${needle}(?![0-9a-f])`).test(haystack);
}
