import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { erasureReceipt, indexAll, runRetention } from '../../src/audit/index.ts';
import { archiveLine, erasureBody } from '../../src/audit/proof/archive-format.ts';
import { retentionJob } from '../../src/audit/retain/retention.job.ts';
import { openContent } from '../../src/audit/retain/seal-content.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { commands, dataKeysOf, personBox, staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { commands as supportCommands } from '../../src/modules/support/index.ts';
import {
  actorOf,
  addPasskey,
  arrange,
  caller,
  type Person,
  password,
  refusalCode,
  registerPerson,
  run,
  tokensOf,
} from '../modules/identity/people.ts';
import { staffActor, startTestApp, type TestApp } from '../support/app.ts';
import { createInbox } from '../support/inbox.ts';
import { type Keeper, openKeeper, writeOldRows } from './support/keeper.ts';
import { addStaff, system } from './support/staff.ts';

/** Each is nowhere else in the run. What the test plants where is in `plant`. */
const planted = {
  email: 'zuriplanted.quill@vanishing-harbour.example',
  firstName: 'Zuriplanted',
  lastName: 'Quillfaraway',
  browser: 'PlantedBrowser',
  ip: '203.0.113.77',
  bio: 'Paints wallflower lanterns',
  city: 'Plantedville',
  street: '4711 Wallflower Close',
  store: 'Wallflower Atelier',
  slug: 'wallflower-atelier',
  taxMask: 'TX-wallf••71',
  accountName: 'Z. Quillfaraway Ventures',
  device: 'Zuris wallflower phone',
  passkey: 'Wallflower laptop',
  reason: 'Zuriplanted called about the wallflower order',
  note: 'Wallflower note about the caller',
  old: 'Zuri of the old wallflower days',
  answer: 'wallflower answer kept for a repeat',
  body: 'wallflower body of a refused call',
  job: 'wallflower text in a dead letter',
} as const;

let app: TestApp & { stop(): Promise<void> };
let keeper: Keeper;
let person: Person;
beforeAll(async () => {
  app = await startTestApp({ AUDIT_IP_MODE: 'full' });
  keeper = await openKeeper(app);
  await app.startWorker();
});
afterAll(async () => {
  await keeper.close();
  await app.stop();
});

const fromTheirs = { ip: planted.ip, userAgent: `${planted.browser}/1.0` };
const archiveFolder = () => app.deps.config.auditArchiveDir;

test('P9: a person is erased: no planted value is left in any table, queue or archive, verify is green, and the receipt says why what stays stays', {
  timeout: 120_000,
}, async () => {
  person = await registerPlanted();
  const { id } = person.actor;
  await plantRows(id);
  await plantStaffWork(id);
  await plantShortLived(id);
  await plantExport();
  await archiveOldMonth(id);
  await createInbox(app.deps).wait(planted.email, { atLeast: 2 });
  const before = await searchEverywhere();
  // The search is worth something only if it finds what is there.
  expect(new Set(before.map(({ value }) => value))).toEqual(new Set(openlyPlanted()));
  expect(readArchives(await dataKeysOf(keeper.deps, [id]))).toContain(planted.old);

  const [requestedBy, approvedBy] = [await addStaff(app, 'support'), await addStaff(app, 'admin')];
  const approvalId = newId();
  const outcome = await run(app, systemCommands.executeErasure, { id, requestedBy, approvedBy, approvalId }, { actor: system });
  expect(outcome.rows).toMatchObject({
    'identity.user': 1,
    'identity.vendor': 1,
    'identity.passkey': 1,
    'identity.vendor_bank_account': 1,
  });
  await expect.poll(async () => (await receipt(id))?.finishedAt, { timeout: 60_000 }).toBeTruthy();

  expect(await searchEverywhere()).toEqual([]);
  const archive = readArchives(await dataKeysOf(keeper.deps, [id]));
  expect(archive.length).toBeGreaterThan(100);
  for (const value of Object.values(planted)) expect(archive).not.toContain(value);
  await expectReceipt(id, approvalId);
  await sweep(id);
  await leftovers(id);
  await keeper.sealAndAnchor();
  expect(await keeper.verify({ archiveFolder: archiveFolder() })).toMatchObject({ outcome: 'valid', faults: [] });
  await goneForGood(id);
});

const receipt = (id: string) => erasureReceipt(app.deps.database.prisma, id);

async function registerPlanted(): Promise<Person> {
  const { email, firstName, lastName } = planted;
  const theirs = { request: fromTheirs };
  const terms = { termsVersion: app.deps.config.termsVersion, marketingConsent: true };
  const input = { email, password, role: 'vendor', firstName, lastName, ...terms, ...caller };
  const { flowId } = await run(app, commands.startRegistration, input, theirs);
  expect(await refusalCode(run(app, commands.verifyRegistration, { flowId, code: '000000', ...caller }, theirs))).toBe('otp_invalid');
  const code = app.deps.keyring.otpCode(flowId, 1);
  await run(app, commands.verifyRegistration, { flowId, code, ...caller }, theirs);
  expect(await refusalCode(run(app, commands.logIn, { email, password: 'wrong wallflower', ...caller }, theirs))).toBe(
    'invalid_credentials',
  );
  const tokens = tokensOf(await run(app, commands.logIn, { email, password, ...caller }, theirs));
  return { email, tokens, actor: actorOf(tokens), deviceToken: tokens.deviceToken ?? '' };
}

/** Every kind of column that may tell of somebody. */
async function plantRows(id: string): Promise<void> {
  await run(
    app,
    commands.updateAccount,
    { bio: planted.bio, city: planted.city, address: planted.street },
    { actor: person.actor, request: fromTheirs },
  );
  await addPasskey(app, id, planted.passkey);
  await arrange(app, async (prisma) => {
    const box = await personBox(app.deps, prisma, id);
    const sealed = (place: string, clear: string) => new Uint8Array(box?.seal(place, clear) ?? []);
    const vendor = await prisma.vendor.findUniqueOrThrow({ where: { userId: id } });
    const tax = {
      taxIdEnc: sealed('vendor.tax', '12345678-0001'),
      taxIdBidx: new Uint8Array(randomBytes(32)),
      taxIdMasked: planted.taxMask,
    };
    await prisma.vendor.updateMany({
      where: { id: vendor.id },
      data: { storeName: planted.store, storeSlug: planted.slug, storeNameFolded: planted.store.toLowerCase(), ...tax },
    });
    await prisma.vendorBankAccount.createMany({
      data: {
        vendorId: vendor.id,
        bankCode: '044',
        bankName: 'Access',
        accountNameEnc: sealed('bank.name', planted.accountName),
        accountNameMasked: 'Z. Q•••',
        accountNumberEnc: sealed('bank.number', '0123456789'),
        accountNumberBidx: new Uint8Array(randomBytes(32)),
        accountLast4: '6789',
      },
    });
    await prisma.session.updateMany({ where: { userId: id }, data: { deviceName: planted.device } });
    await prisma.loginEvent.createMany({
      data: {
        userId: id,
        surface: 'api',
        method: 'password',
        outcome: 'success',
        ip: planted.ip,
        city: planted.city,
        deviceName: planted.device,
      },
    });
    const file = {
      ownerUserId: id,
      storageKey: 'kyc/1',
      sha256: new Uint8Array(32),
      mime: 'image/png',
      bytes: 7,
      purpose: 'avatar' as const,
    };
    await prisma.privateFile.createMany({ data: file });
  });
}

/** What colleagues wrote about the person. */
async function plantStaffWork(id: string): Promise<void> {
  const actor = staffActor({ role: 'admin', isLead: false }, app.clock.now());
  const by = { actor, envelope: { reason: { code: 'fraud', text: planted.reason } } };
  await run(app, staffCommands.suspendUser, { id }, by);
  expect(await refusalCode(run(app, staffCommands.suspendUser, { id }, by))).toBe('transition_not_allowed');
  await run(app, staffCommands.reactivateUser, { id }, { actor: { ...actor, id: newId() }, envelope: by.envelope });
  await run(app, staffCommands.placeLegalHold, { id }, by);
  await run(app, staffCommands.releaseLegalHold, { id }, by);
  await run(app, supportCommands.addNote, { id, body: planted.note }, by);
  const { id: vendorId } = await app.deps.database.prisma.vendor.findUniqueOrThrow({ where: { userId: id } });
  await run(app, supportCommands.addNote, { id: vendorId, subjectType: 'vendor', body: planted.note }, by);
}

/** Rows that live for hours or weeks, as a careless release might have written them. */
async function plantShortLived(id: string): Promise<void> {
  const { admin } = keeper;
  const text = (value: string) => JSON.stringify({ text: value, userId: id });
  await admin.rows(
    `INSERT INTO platform.idempotency_key (scope, key, body_hash, state, status, response, locked_until, expires_at)
     VALUES ('api:public:' || $1 || ':register', 'k1', $2, 'done', 200, $3, now(), now() + interval '1 day')`,
    [id, randomBytes(32), text(planted.answer)],
  );
  await admin.rows(
    `INSERT INTO platform.api_log (request_id, actor_id, status, ms, method, path_template, door, headers, body)
     VALUES ('r-1', $1, 422, 3, 'POST', '/x', 'api', '{}', $2)`,
    [id, text(planted.body)],
  );
  await admin.rows(
    `INSERT INTO platform.outbox_event (name, payload, aggregate_id, published_at) VALUES ('identity.user.profile_changed', $2, $1, now())`,
    [id, text(planted.answer)],
  );
  await admin.rows(`INSERT INTO pgboss.job (name, data, state) VALUES ('notifications.deliver.dead', $1, 'created')`, [text(planted.job)]);
}

/** A file of the history that somebody asked for and did not fetch yet. */
async function plantExport(): Promise<void> {
  const { admin } = keeper;
  const [row] = await admin.rows<{ id: string }>(
    `INSERT INTO audit.export (actor_id, action_id, actor_name, format, filter, rows_wanted, row_cap, status, wrapped_key, expires_at)
     VALUES ($1, $1, 'x', 'csv', '{}', 1, 1, 'ready', '\\x01', now() + interval '1 day') RETURNING id`,
    [newId()],
  );
  await admin.rows('INSERT INTO audit.export_part (export_id, position, box) VALUES ($1, 0, $2)', [row?.id, Buffer.from(planted.body)]);
}

async function archiveOldMonth(id: string): Promise<void> {
  await writeOldRows(keeper.admin, {
    month: '2018-03',
    subjectId: id,
    bodies: [`{"first_name":["${planted.old}",null]}`],
    snapshot: `{"first_name":"${planted.old}"}`,
  });
  await keeper.sealAndAnchor();
  await keeper.noteVerify();
  await retain('archived');
  await keeper.sealAndAnchor();
  await retain('dropped');
}

async function retain(state: string): Promise<void> {
  const seen = await keeper.asJob('audit.retention', () => runRetention(keeper.deps, { dataKeysOf }));
  expect(seen.filter(({ part }) => part === 'history')).toEqual([{ part: 'history', month: '2018-03', state }]);
}

/** Values that stand in clear somewhere; the others are encrypted or keyed from the first moment. */
function openlyPlanted(): string[] {
  const { email: _email, street: _street, accountName: _account, note: _note, old: _old, ...open } = planted;
  return Object.values(open);
}

/** Every column of every table as text, bytes also as the text they may hold, in clear or base64; the archives as they are. */
async function searchEverywhere(): Promise<{ table: string; value: string }[]> {
  const { admin } = keeper;
  const tables = await admin.rows<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  );
  expect(tables.length).toBeGreaterThan(60);
  const values = Object.values(planted);
  const patterns = values.map((value) => likeAny(value));
  const found: { table: string; value: string }[] = [];
  for (const { name } of tables) {
    const rows = await admin.rows<{ at: number }>(
      `SELECT DISTINCT p.at::int FROM ${name} t JOIN jsonb_array_elements($1::jsonb) WITH ORDINALITY AS p (list, at)
         ON t::text ILIKE ANY (ARRAY(SELECT jsonb_array_elements_text(p.list)))`,
      [JSON.stringify(patterns)],
    );
    found.push(...rows.map(({ at }) => ({ table: name, value: values[at - 1] ?? '' })));
  }
  const files = readdirSync(archiveFolder()).map((file) => ({ file, text: archiveText(file) }));
  for (const { file, text } of files)
    found.push(...values.filter((value) => text.includes(value)).map((value) => ({ table: file, value })));
  return found;
}

function likeAny(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  return [value, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, '').slice(0, -1)].map(
    (text) => `%${text.replace(/[\\%_]/g, '\\$&')}%`,
  );
}

function archiveText(file: string): string {
  const content = readFileSync(join(archiveFolder(), file));
  return file.endsWith('.zst') ? zstdDecompressSync(content).toString('utf8') : content.toString('utf8');
}

/** Everything the archives hold that opens with these keys, one after another. */
function readArchives(keys: ReadonlyMap<string, Buffer | null>): string {
  const archives = readdirSync(archiveFolder()).filter((file) => file.endsWith('.zst'));
  const lines = archives.flatMap((file) => archiveText(file).trimEnd().split('\n'));
  const rows = lines.map((line) => archiveLine.parse(JSON.parse(line))).filter((line) => line.k === 'row');
  const open = rows.flatMap(({ leaf: { id }, value, snapshot }) => [
    openContent(keeper.deps.keyring, value, { place: { part: 'value', rowId: id }, keys }),
    openContent(keeper.deps.keyring, snapshot, { place: { part: 'snapshot', rowId: id }, keys }),
  ]);
  return [...lines, ...open.map((content) => content?.body ?? '')].join('\n');
}

/** What jobs wrote of the person while the erasure ran goes with the nightly sweep, which leaves a sealed row of its own. */
async function sweep(id: string): Promise<void> {
  const { admin, deps } = keeper;
  await keeper.sealAndAnchor();
  const job = retentionJob({ dataKeysOf, forgetters: [] });
  const run0 = { id: '', attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };
  const left = async () => {
    await indexAll(deps);
    await keeper.asJob('audit.retention', () => job.handle({}, deps, run0));
    const [row] = await admin.rows<{ n: number; waiting: number }>(
      `SELECT (SELECT count(*)::int FROM audit.search WHERE subject_id = $1) AS n,
              (SELECT count(*)::int FROM audit.leaf WHERE seq >= (SELECT next_seq FROM audit.progress WHERE job = 'index')) AS waiting`,
      [id],
    );
    return row;
  };
  await expect.poll(left, { timeout: 30_000 }).toEqual({ n: 0, waiting: 0 });
}

/** The history still says what happened; what it said of the person is gone. */
async function leftovers(id: string): Promise<void> {
  const { admin } = keeper;
  const [left] = await admin.rows<Record<string, number>>(
    `SELECT (SELECT count(*) FROM audit.event WHERE subject_id = $1)::int > 20 AS events,
            (SELECT count(*) FROM audit.value WHERE subject_id = $1)::int AS "values",
            (SELECT count(*) FROM audit.snapshot WHERE subject_id = $1)::int AS snapshots,
            (SELECT count(*) FROM audit.search WHERE subject_id = $1)::int AS search,
            (SELECT count(*) FROM audit.enrichment n JOIN audit.action a ON a.id = n.row_id WHERE a.actor_id = $1 AND n.country IS NOT NULL)::int AS enriched,
            (SELECT count(*) FROM identity.session WHERE user_id = $1)::int AS sessions,
            (SELECT count(*) FROM identity.login_event WHERE user_id = $1)::int > 2 AS logins,
            (SELECT count(*) FROM identity.consent WHERE user_id = $1)::int > 0 AS consents,
            (SELECT count(*) FROM notifications.delivery WHERE user_id = $1)::int > 0 AS messages`,
    [id],
  );
  expect(left).toEqual({
    events: true,
    values: 0,
    snapshots: 0,
    search: 0,
    enriched: 0,
    sessions: 0,
    logins: true,
    consents: true,
    messages: true,
  });
}

async function expectReceipt(id: string, approvalId: string): Promise<void> {
  const told = await receipt(id);
  expect(told?.rows).toMatchObject({
    'identity.user_key': 1,
    'notifications.delivery': expect.any(Number),
    'support.note': 2,
    'platform.api_log': 1,
  });
  expect(told?.history.value).toBeGreaterThan(20);
  expect(told?.kept).toContainEqual({ what: 'User: memberId', why: 'the member id is never reused (product.md section 3.2)' });
  expect(told?.kept.every(({ why }) => why.length > 10)).toBe(true);
  const [control] = await keeper.admin.rows<{ body: string }>(`SELECT body FROM audit.control WHERE type = 'erasure'`);
  const body = erasureBody.parse(JSON.parse(control?.body ?? '{}'));
  expect(body).toMatchObject({ subject: id, approval: approvalId, history: { value: String(told?.history.value) } });
  expect(body.rows['identity.session']).toBe(String(told?.rows['identity.session']));
}

/** What a person who comes back finds: nothing, and a free address. */
async function goneForGood(id: string): Promise<void> {
  const { email, firstName, lastName } = planted;
  expect(await refusalCode(run(app, commands.logIn, { email, password, ...caller }))).toBe('invalid_credentials');
  expect(await personBox(app.deps, app.deps.database.prisma, id)).toBeNull();
  const again = await registerPerson(app, 'client', email);
  expect(again.actor.id).not.toBe(id);
  expect(firstName + lastName).not.toBe('');
  const user = await app.deps.database.prisma.user.findUniqueOrThrow({ where: { id } });
  expect(user).toMatchObject({ status: 'erased', firstName: null, emailBidx: null, memberId: expect.stringMatching(/^FASTAR/) });
}
