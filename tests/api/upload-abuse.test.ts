import { type ClientRequest, request } from 'node:http';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, bearer, fieldsOf, refusal, startApi } from './support/api.ts';
import { filesOnDisk, filesPath, formOf, formType, packedObjects, pdf, picture, upload } from './support/files.ts';
import { newVendor } from './support/privacy.ts';

let api: Api;
let token = '';
let other = '';
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
  token = (await newVendor(api)).accessToken;
  other = (await newVendor(api)).accessToken;
});
afterAll(() => api.stop());

const rows = () => api.app.deps.database.prisma.privateFile.count();
const noted = () => api.app.deps.database.prisma.fileRemoval.count();
const left = async () => [await rows(), await noted(), filesOnDisk(api).length];

const pack = (objects: string) => deflateSync(Buffer.from(objects, 'latin1')).toString('latin1');
const script = pack('4 0 << /OpenAction << /S /JavaScript >> >>');
const harmless = pack('4 0 << /Type /Page >>');
const objects = (dictionary: string, body: string, word = 'stream\n') =>
  `9 0 obj\n<< /Type /ObjStm /N 1 /First 4 ${dictionary} >>\n${word}${body}\nendstream\nendobj\n`;

describe('a PDF that hides a script', () => {
  it.each([
    ['behind a dictionary of many blanks', objects(`/Filter /FlateDecode ${' '.repeat(5000)}`, script)],
    ['behind a remark', objects('/Filter /FlateDecode %obj\n /Length 9', script)],
    ['in objects that do not say so', objects('/Filter /FlateDecode', script).replace('/Type /ObjStm', '').replace('/First', '/Fi#72st')],
    ['behind a line that ends in another way', objects('/Filter /FlateDecode', script, 'stream  \r')],
    ['behind other objects in a string', objects(`/Filter /FlateDecode /X (stream\n${harmless} obj)`, script)],
    ['in a packing that is not looked into', objects('/Filter /LZWDecode', 'abc')],
    ['in objects that are not named', `9 0 obj\n<< /Filter /FlateDecode >>\nstream\n${script}\nendstream\nendobj\n`],
  ])('%s is refused and leaves nothing', async (_where, extra) => {
    const before = await left();
    expect(refusal(await upload(api, token, pdf({ extra })))).toBe('422 file_unsafe');
    expect(await left()).toEqual(before);
  });

  it('is told from one with packed objects, packed text and an outline, which is kept', async () => {
    const outline = '7 0 obj\n<< /Type /Outlines /First 8 0 R /Count 1 >>\nendobj\n';
    const words = `8 0 obj\n<< /Filter /FlateDecode >>\nstream\n${pack('BT (Hello) Tj ET')}\nendstream\nendobj\n`;
    const extra = `${packedObjects('4 0 << /Type /Page >>')}${words}${outline}`;
    expect((await upload(api, token, pdf({ extra }))).status).toBe(201);
  });

  it.each([
    ['stream\n', 4_900_000],
    ['stream\nx\u009c', 4_900_000],
    ['/ObjStm ', 4_900_000],
  ])('of nothing but %j does not keep the process from its work', async (unit, bytes) => {
    const file = pdf({ extra: unit.repeat(Math.floor(bytes / unit.length)) });
    const began = performance.now();
    expect(refusal(await upload(api, token, file))).toBe('422 file_unsafe');
    expect(performance.now() - began).toBeLessThan(8_000);
  });
});

/** An upload that sends its head and the beginning of a file, and then nothing. */
async function slowUpload(bearerToken: string): Promise<ClientRequest> {
  const open = request({
    ...{ host: '127.0.0.1', port: api.port, method: 'POST', path: filesPath, agent: false },
    headers: { ...bearer(bearerToken), 'Content-Type': formType, 'Content-Length': '100000' },
  });
  open.on('error', () => undefined);
  await new Promise<void>((resolve) => open.write(formOf([{ fileName: 'a.jpg', bytes: 'abc' }]).subarray(0, 80), () => resolve()));
  return open;
}

describe('uploads that never end', () => {
  it('take the places of their sender only, and leave nothing when they break off', async () => {
    const before = await left();
    const open = await Promise.all(Array.from({ length: 30 }, () => slowUpload(token)));
    expect((await upload(api, other, await picture())).status).toBe(201);
    for (const each of open) each.destroy();
    expect((await upload(api, token, await picture())).status).toBe(201);
    expect(await left()).toEqual(before.map((count, index) => (index === 1 ? count : count + 2)));
  });

  it('of a thousand parts are refused at the second', async () => {
    const parts = Array.from({ length: 1_000 }, (_, n) => ({ fileName: `${n}.jpg`, bytes: 'x' }));
    const answer = await api.call('POST', filesPath, { raw: formOf(parts), headers: { ...bearer(token), 'Content-Type': formType } });
    expect(fieldsOf(answer)).toEqual(['file: invalid_value']);
  });

  it('twenty at once of one person are all kept', async () => {
    const pictures = await Promise.all(Array.from({ length: 20 }, () => picture()));
    const answers = await Promise.all(pictures.map((bytes) => upload(api, token, bytes)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201));
  });
});
