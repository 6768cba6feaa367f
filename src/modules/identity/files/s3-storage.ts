import { AppError } from '../../../foundation/errors/app-error.ts';
import { systemClock } from '../../../foundation/runtime/clock.ts';
import { type FileStorage, storagePath } from './file-storage.ts';
import { signS3Request } from './sigv4.ts';

export type S3Settings = Readonly<{
  /** For example `https://s3.eu-west-1.amazonaws.com`; the bucket is the first part of the path. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}>;

const timeoutMs = 15_000;
const nothing = new Uint8Array(0);

/** Any store that speaks S3 with path-style addresses. A redirect is refused: it would take signed bytes somewhere else. */
export function createS3Storage(settings: S3Settings): FileStorage {
  const base = `${settings.endpoint.replace(/\/+$/, '')}/${settings.bucket}`;
  const call = async (method: 'GET' | 'PUT' | 'DELETE', key: string, body: Uint8Array = nothing): Promise<Response> => {
    const url = new URL(`${base}/${storagePath(key)}`);
    const headers = signS3Request(settings, { method, url, body, now: systemClock.now() });
    try {
      return await fetch(url, {
        method,
        headers,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        ...(method === 'PUT' ? { body: new Uint8Array(body) } : {}),
      });
    } catch (cause) {
      throw new AppError('unavailable', { cause });
    }
  };
  return {
    async write(key, bytes) {
      await requireOk(await call('PUT', key, bytes));
    },
    async read(key) {
      const answer = await call('GET', key);
      if (answer.status === 404) return null;
      await requireOk(answer, 'keep');
      return bytesOf(answer);
    },
    async remove(key) {
      const answer = await call('DELETE', key);
      if (answer.status !== 404) await requireOk(answer);
    },
  };
}

async function requireOk(answer: Response, body: 'keep' | 'drop' = 'drop'): Promise<void> {
  if (!answer.ok) throw new AppError('unavailable', { cause: new Error(`The file store answered ${answer.status}`) });
  if (body === 'drop') await answer.body?.cancel();
}

async function bytesOf(answer: Response): Promise<Buffer> {
  try {
    return Buffer.from(await answer.arrayBuffer());
  } catch (cause) {
    throw new AppError('unavailable', { cause });
  }
}
