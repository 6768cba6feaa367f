import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/foundation/config/config.ts';
import { newStorageKey } from '../../../src/modules/identity/files/file-storage.ts';
import { createS3Storage } from '../../../src/modules/identity/files/s3-storage.ts';
import { signS3Request } from '../../../src/modules/identity/files/sigv4.ts';

const keys = { region: 'eu-west-1', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const stored = new Map<string, Buffer>();
let server: Server;
let endpoint = '';
let fault: number | null = null;
const seen: string[] = [];

/** A store that checks every signature the way the specification of Signature Version 4 says, from its own code. */
beforeAll(async () => {
  server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    seen.push(`${req.method} ${req.url}`);
    if (fault !== null) return void res.writeHead(fault).end();
    if (!isSigned(req, body)) return void res.writeHead(403).end('SignatureDoesNotMatch');
    const name = req.url ?? '';
    if (req.method === 'PUT') stored.set(name, body);
    if (req.method === 'DELETE') stored.delete(name);
    const found = stored.get(name);
    if (req.method === 'GET') return void res.writeHead(found ? 200 : 404).end(found);
    res.writeHead(req.method === 'DELETE' ? 204 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  endpoint = `http://127.0.0.1:${port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  fault = null;
});

function isSigned(req: IncomingMessage, body: Buffer): boolean {
  const form =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/s3\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/;
  const [, id, day = '', region = '', names = '', signature] = form.exec(req.headers.authorization ?? '') ?? [];
  const hash = createHash('sha256').update(body).digest('hex');
  if (id !== keys.accessKeyId || region !== keys.region || req.headers['x-amz-content-sha256'] !== hash) return false;
  const head = names
    .split(';')
    .map((name) => `${name}:${String(req.headers[name]).trim()}\n`)
    .join('');
  const canonical = `${req.method}\n${req.url}\n\n${head}\n${names}\n${hash}`;
  const text = `AWS4-HMAC-SHA256\n${String(req.headers['x-amz-date'])}\n${day}/${region}/s3/aws4_request\n${createHash('sha256').update(canonical).digest('hex')}`;
  const chain = [day, region, 's3', 'aws4_request'].reduce<Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${keys.secretAccessKey}`),
  );
  return createHmac('sha256', chain).update(text).digest('hex') === signature;
}

const storage = (more: Partial<typeof keys> = {}) => createS3Storage({ endpoint, bucket: 'proofs', ...keys, ...more });

describe('a store that speaks S3', () => {
  it('takes, gives and removes bytes under names that say nothing', async () => {
    const key = newStorageKey();
    const bytes = Buffer.from([0, 255, 1, 254]);
    await storage().write(key, bytes);
    expect([...stored.keys()]).toEqual([`/proofs/${key.slice(0, 2)}/${key.slice(2, 4)}/${key}`]);
    expect((await storage().read(key))?.equals(bytes)).toBe(true);
    await storage().remove(key);
    await storage().remove(key);
    expect(await storage().read(key)).toBeNull();
  });

  it.each([403, 500, 503, 302])('an answer of %i is a store that is not there', async (status) => {
    fault = status;
    const key = newStorageKey();
    for (const work of [() => storage().write(key, Buffer.from('x')), () => storage().read(key), () => storage().remove(key)]) {
      await expect(work()).rejects.toMatchObject({ code: 'unavailable' });
    }
  });

  it('a wrong secret stores nothing', async () => {
    await expect(storage({ secretAccessKey: 'another' }).write(newStorageKey(), Buffer.from('x'))).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(stored.size).toBe(0);
  });

  it('asks for no name that is not ours', async () => {
    const before = seen.length;
    for (const key of ['../../etc/passwd', '', 'A'.repeat(64), `${'a'.repeat(64)}/..`])
      await expect(storage().read(key)).rejects.toThrow('Not the name of a stored file');
    expect(seen.length).toBe(before);
  });
});

it('signs as the published example of Amazon does', () => {
  // "Signature Calculations for the Authorization Header", example "GET Bucket Lifecycle", without its query.
  const example = { region: 'us-east-1', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const headers = signS3Request(example, {
    method: 'GET',
    url: new URL('https://examplebucket.s3.amazonaws.com/?lifecycle='),
    body: Buffer.alloc(0),
    now: new Date('2013-05-24T00:00:00Z'),
  });
  expect(headers.authorization).toContain('Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543');
});

it('the settings name what is missing, and production wants https', () => {
  const env = { NODE_ENV: 'test', FILES_DRIVER: 's3' };
  expect(() => loadConfig(env)).toThrow(/FILES_S3_ENDPOINT is missing.*FILES_S3_SECRET_ACCESS_KEY is missing/s);
  const whole = {
    ...env,
    FILES_S3_ENDPOINT: 'http://127.0.0.1:9000',
    FILES_S3_BUCKET: 'proofs',
    FILES_S3_ACCESS_KEY_ID: 'a',
    FILES_S3_SECRET_ACCESS_KEY: 'b',
  };
  expect(loadConfig(whole).files).toMatchObject({ driver: 's3', s3: { bucket: 'proofs', region: 'us-east-1' } });
  expect(() => loadConfig({ ...whole, NODE_ENV: 'production' })).toThrow('FILES_S3_ENDPOINT must be https in production');
});
