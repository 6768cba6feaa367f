import { createHash, createHmac } from 'node:crypto';

export type SigningKeys = { region: string; accessKeyId: string; secretAccessKey: string };

const hexSha256 = (value: string | Uint8Array) => createHash('sha256').update(value).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text, 'utf8').digest();

/**
 * The headers of a request to an S3-compatible store (AWS Signature Version 4, one chunk, service `s3`). The path is signed as it is
 * sent: our names need no escaping. Pure: the time is handed in.
 */
export function signS3Request(
  { region, accessKeyId, secretAccessKey }: SigningKeys,
  request: { method: string; url: URL; body: Uint8Array; now: Date },
): Record<string, string> {
  const { method, url, body, now } = request;
  const stamp = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = stamp.slice(0, 8);
  const payload = hexSha256(body);
  const signed = { host: url.host, 'x-amz-content-sha256': payload, 'x-amz-date': stamp };
  const names = Object.keys(signed).join(';');
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const canonical = [method, url.pathname, url.searchParams.toString(), lines.join(''), names, payload].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, hexSha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, day), region), 's3'), 'aws4_request');
  const signature = hmac(key, toSign).toString('hex');
  return {
    'x-amz-content-sha256': payload,
    'x-amz-date': stamp,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
