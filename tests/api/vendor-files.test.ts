import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiClient } from '../../client/index.ts';
import { storedFile } from '../../src/api/shapes.ts';
import { readPrivateFile } from '../../src/modules/identity/index.ts';
import { type Api, bearer, fieldsOf, newClient, nowSeconds, refusal, shaped, signedClient, startApi, storefront } from './support/api.ts';
import { bombPng, filesOnDisk, filesPath, formOf, formType, packedObjects, pdf, picture, upload } from './support/files.ts';
import { newVendor } from './support/privacy.ts';

let api: Api;
let token = '';
let ownerId = '';
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
  const vendor = await newVendor(api);
  token = vendor.accessToken;
  ownerId = vendor.user.id;
});
afterAll(() => api.stop());

const rows = () => api.app.deps.database.prisma.privateFile.count();
const waiting = () => api.app.deps.database.prisma.fileRemoval.count();
const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD', 'ANTIVIRUS-TEST-FILE!$H+H*'].join('-');
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

describe('POST /account/vendor/files', () => {
  it('keeps a picture without its metadata, sealed, under a name that says nothing', async () => {
    const before = new Set(filesOnDisk(api));
    const tagged = await sharp(await picture())
      .withExif({ IFD0: { Artist: 'Adaobi Okafor', ImageDescription: '6.5244 N 3.3792 E' } })
      .toBuffer();
    expect(tagged.includes('Adaobi')).toBe(true);
    const stored = shaped(storedFile, await upload(api, token, tagged));
    expect(stored.contentType).toBe('image/jpeg');
    const kept = await readPrivateFile(api.app.deps, stored.fileId);
    expect(kept.bytes.includes('Adaobi')).toBe(false);
    expect((await sharp(kept.bytes).metadata()).exif).toBeUndefined();
    expect([stored.bytes, stored.sha256]).toEqual([kept.bytes.length, createHash('sha256').update(kept.bytes).digest('hex')]);
    const [path = ''] = filesOnDisk(api).filter((file) => !before.has(file));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(path).toMatch(/\/([0-9a-f]{2})\/([0-9a-f]{2})\/\1\2[0-9a-f]{60}$/);
    expect(
      readFileSync(path)
        .subarray(2)
        .includes(Buffer.from([0xff, 0xd8, 0xff])),
    ).toBe(false);
    expect(await waiting()).toBe(0);
  });

  it('keeps PNG, WebP and PDF by what they are, whatever they are called', async () => {
    const png = await sharp(await picture())
      .png()
      .toBuffer();
    const webp = await sharp(await picture())
      .webp()
      .toBuffer();
    for (const [bytes, type] of [
      [png, 'image/png'],
      [webp, 'image/webp'],
      [pdf(), 'application/pdf'],
    ] as const) {
      const answer = await upload(api, token, { bytes, fileName: 'holiday.exe', type: 'text/html' });
      expect([answer.status, shaped(storedFile, answer).contentType]).toEqual([201, type]);
    }
    const whole = pdf();
    const stored = shaped(storedFile, await upload(api, token, whole));
    expect(stored.sha256).toBe(createHash('sha256').update(whole).digest('hex'));
  });

  it('leaves nothing of a polyglot but its picture', async () => {
    const polyglot = Buffer.concat([await picture(), Buffer.from(`<script>alert(1)</script>PK\u0003\u0004 %PDF-1.7 ${svg}`)]);
    const { fileId } = shaped(storedFile, await upload(api, token, polyglot));
    const { bytes } = await readPrivateFile(api.app.deps, fileId);
    expect(['<script', 'PK\u0003\u0004', '%PDF', '<svg'].filter((text) => bytes.includes(text))).toEqual([]);
  });

  it('flattens an animated picture and turns it the way it was taken', async () => {
    const frames = await sharp([await picture(40, 20), await picture(40, 20)], { join: { animated: true } })
      .webp()
      .toBuffer();
    const flat = shaped(storedFile, await upload(api, token, frames));
    const turned = shaped(
      storedFile,
      await upload(
        api,
        token,
        await sharp(await picture(60, 30))
          .withMetadata({ orientation: 6 })
          .toBuffer(),
      ),
    );
    const seen = async (fileId: string) => sharp((await readPrivateFile(api.app.deps, fileId)).bytes).metadata();
    expect((await seen(flat.fileId)).pages ?? 1).toBe(1);
    expect(await seen(turned.fileId)).toMatchObject({ width: 30, height: 60 });
  });
});

describe('hostile uploads are refused with their code and leave no file and no row', () => {
  const cases: [string, () => Promise<Buffer> | Buffer, string][] = [
    ['an SVG with a script', () => Buffer.from(svg), '415 file_type_not_allowed'],
    ['HTML', () => Buffer.from('<!doctype html><script>alert(1)</script>'), '415 file_type_not_allowed'],
    [
      'a GIF',
      () =>
        sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
          .gif()
          .toBuffer(),
      '415 file_type_not_allowed',
    ],
    ['a program that is called a picture', () => Buffer.from('MZ\u0090\u0000'), '415 file_type_not_allowed'],
    ['the head of a picture and nothing behind it', () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), '415 file_type_not_allowed'],
    ['half a picture', async () => (await picture(900, 900)).subarray(0, 900), '415 file_type_not_allowed'],
    ['0 bytes', () => Buffer.alloc(0), '422 too_short'],
    ['a picture of 30,000 by 30,000 pixels in a few kilobytes', () => bombPng(30_000), '422 file_unsafe'],
    ['the EICAR string, which is text', () => Buffer.from(eicar), '415 file_type_not_allowed'],
    ['the EICAR string behind a picture', async () => Buffer.concat([await picture(), Buffer.from(eicar)]), '422 file_unsafe'],
    ['the EICAR string in a PDF', () => pdf({ extra: `% ${eicar}\n` }), '422 file_unsafe'],
    ['a PDF with a script', () => pdf({ extra: '4 0 obj\n<< /S /JavaScript /JS (app.alert\\(1\\)) >>\nendobj' }), '422 file_unsafe'],
    [
      'a PDF with a script in hidden letters',
      () => pdf({ extra: '4 0 obj\n<< /S /J#61vaScr#69pt /#4aS 5 0 R >>\nendobj' }),
      '422 file_unsafe',
    ],
    [
      'a PDF with a script in packed objects',
      () => pdf({ extra: packedObjects('4 0 << /OpenAction << /S /JavaScript >> >>') }),
      '422 file_unsafe',
    ],
    ['a PDF that starts a program', () => pdf({ extra: '4 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj' }), '422 file_unsafe'],
    [
      'a PDF that carries a file',
      () => pdf({ extra: '4 0 obj\n<< /Type /EmbeddedFile >>\nstream\n\nendstream\nendobj' }),
      '422 file_unsafe',
    ],
    ['a PDF with something behind its end', () => pdf({ after: 'PK\u0003\u0004<script>' }), '422 file_unsafe'],
    ['a PDF without its end', () => pdf().subarray(0, 120), '415 file_type_not_allowed'],
    ['a PDF that nobody can read', () => pdf({ extra: '4 0 obj\n<< /Encrypt 5 0 R >>\nendobj' }), '422 file_unsafe'],
    ['a file that only says it is a PDF further down', () => Buffer.concat([Buffer.from('GIF89a'), pdf()]), '415 file_type_not_allowed'],
  ];
  it.each(cases)('%s', async (_name, make, code) => {
    const before = [await rows(), await waiting(), filesOnDisk(api).length];
    expect(refusal(await upload(api, token, await make()))).toBe(code);
    expect([await rows(), await waiting(), filesOnDisk(api).length]).toEqual(before);
  });

  it('6 MB: told by its length before it is read, and while it arrives', async () => {
    const before = filesOnDisk(api).length;
    const large = Buffer.concat([await picture(), Buffer.alloc(6 * 1024 * 1024)]);
    expect(refusal(await upload(api, token, large))).toBe('413 body_too_large');
    const form = formOf([{ fileName: 'a.jpg', bytes: large }]);
    const chunked = await api.call('POST', filesPath, {
      raw: form,
      headers: { ...bearer(token), 'Content-Type': formType, 'Content-Length': [], 'Transfer-Encoding': 'chunked' },
    });
    expect(refusal(chunked)).toBe('413 body_too_large');
    expect(filesOnDisk(api).length).toBe(before);
  });

  it('exactly 5 MB is not too large', async () => {
    const head = pdf();
    const exact = Buffer.concat([head, Buffer.alloc(5 * 1024 * 1024 - head.length, '\n')]);
    expect(shaped(storedFile, await upload(api, token, exact)).bytes).toBe(5 * 1024 * 1024);
    expect(refusal(await upload(api, token, Buffer.concat([exact, Buffer.from('\n')])))).toBe('413 body_too_large');
  });

  it.each(['../../../../etc/cron.d/x.jpg', '..\\..\\boot.ini', '/etc/passwd', 'a\u0000.jpg', 'x'.repeat(300)])(
    'a path in the name (%s) is neither followed nor kept',
    async (fileName) => {
      const before = new Set(filesOnDisk(api));
      const stored = shaped(storedFile, await upload(api, token, { bytes: await picture(), fileName }));
      const [made = '', ...more] = filesOnDisk(api).filter((file) => !before.has(file));
      expect([made.startsWith(api.app.deps.config.dataDir), more]).toEqual([true, []]);
      const row = await api.app.deps.database.prisma.privateFile.findUniqueOrThrow({ where: { id: stored.fileId } });
      expect(JSON.stringify(row)).not.toContain('cron');
    },
  );
});

describe('the form', () => {
  const send = (raw: Buffer | string, headers: Record<string, string> = {}) =>
    api.call('POST', filesPath, { raw, headers: { ...bearer(token), 'Content-Type': formType, ...headers } });

  it('takes one file and nothing else', async () => {
    const bytes = await picture();
    expect(fieldsOf(await send(formOf([])))).toEqual(['file: required']);
    expect(
      fieldsOf(
        await send(
          formOf([
            { fileName: 'a', bytes },
            { fileName: 'b', bytes },
          ]),
        ),
      ),
    ).toEqual(['file: invalid_value']);
    expect(
      fieldsOf(
        await send(
          formOf([
            { fileName: 'a', bytes },
            { name: 'purpose', bytes: 'kyc' },
          ]),
        ),
      ),
    ).toEqual(['purpose: unknown_field']);
    expect(fieldsOf(await api.call('POST', filesPath, { headers: bearer(token) }))).toEqual(['file: required']);
  });

  it('is a form: JSON is 415, a broken form 400', async () => {
    expect(refusal(await api.call('POST', filesPath, { body: {}, headers: bearer(token) }))).toBe('415 unsupported_media_type');
    expect(refusal(await send(formOf([{ fileName: 'a', bytes: await picture() }]), { 'Content-Encoding': 'gzip' }))).toBe(
      '415 unsupported_media_type',
    );
    expect(refusal(await send('no form at all'))).toBe('400 bad_request');
    expect(refusal(await send(formOf([{ fileName: 'a', bytes: await picture() }]).subarray(0, 300)))).toBe('400 bad_request');
    expect(refusal(await send('x', { 'Content-Type': 'multipart/form-data; charset=utf-8' }))).toBe('400 bad_request');
  });

  it('is read only for somebody who is signed in, as a vendor', async () => {
    const raw = formOf([{ fileName: 'a', bytes: await picture() }]);
    expect(refusal(await api.call('POST', filesPath, { raw, headers: { 'Content-Type': formType } }))).toBe('401 token_missing');
    const { tokens } = await newClient(api);
    expect(refusal(await upload(api, tokens.accessToken, await picture()))).toBe('403 role_required');
  });

  it('is covered by the signature of a storefront', async () => {
    const raw = formOf([{ fileName: 'a', bytes: await picture() }]);
    const about = { method: 'POST', path: filesPath, raw, ip: '102.89.34.5', nowSeconds: nowSeconds(api) };
    expect((await send(raw, signedClient(about))).status).toBe(201);
    expect(refusal(await send(formOf([{ fileName: 'b', bytes: await picture() }]), signedClient(about)))).toBe('401 client_invalid');
  });

  it.each(['upload-0001-of-test', 'bad key'])(
    'does not look at Idempotency-Key "%s", like every route that is not named for it',
    async (key) => {
      const bytes = await picture();
      const send = () => upload(api, token, bytes, { 'Idempotency-Key': key });
      const [first, again] = [shaped(storedFile, await send()), await send()];
      expect(shaped(storedFile, again).fileId).not.toBe(first.fileId);
      expect(again.headers['idempotency-replayed']).toBeUndefined();
    },
  );

  it('is limited per person', async () => {
    const tight = await startApi();
    try {
      const vendor = await newVendor(tight);
      const codes = new Set<number>();
      for (let n = 0; n < 61; n += 1) codes.add((await upload(tight, vendor.accessToken, Buffer.from('no picture'))).status);
      expect([...codes]).toEqual([415, 429]);
    } finally {
      await tight.stop();
    }
  });
});

it('a file belongs to whoever handed it in', async () => {
  const stored = shaped(storedFile, await upload(api, token, await picture()));
  expect((await readPrivateFile(api.app.deps, stored.fileId)).ownerUserId).toBe(ownerId);
});

it('the client of the storefront hands a file in for a shopper, signed over its bytes', async () => {
  const { id, secret, forwardingSecret } = storefront;
  const client = createApiClient({
    baseUrl: `http://127.0.0.1:${api.port}`,
    identity: { kind: 'confidential', id, secret, forwardingSecret },
    now: () => nowSeconds(api),
  });
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(await picture())]), 'logo.jpg');
  const about = { accessToken: token, endUser: { ip: '102.89.34.6' } };
  const answer = await client.call('POST /account/vendor/files', { body: form }, about);
  expect(answer).toMatchObject({ kind: 'ok', status: 201, data: { contentType: 'image/jpeg' } });
});
