import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { storedFile } from '../../../src/api/shapes.ts';
import { type Answer, type Api, bearer, shaped } from './api.ts';

export type Part = { name?: string; fileName?: string; type?: string; bytes: Buffer | string };

const boundary = 'fashionistar-test-boundary';
export const formType = `multipart/form-data; boundary=${boundary}`;

/** A form written by hand, so that a test can write what no browser would. */
export function formOf(parts: readonly Part[]): Buffer {
  const blocks = parts.flatMap(({ name = 'file', fileName, type, bytes }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n${
        type === undefined ? '' : `Content-Type: ${type}\r\n`
      }\r\n`,
    ),
    Buffer.from(bytes),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...blocks, Buffer.from(`--${boundary}--\r\n`)]);
}

export const filesPath = '/api/v1/account/vendor/files';

/** One file as a form sends it. */
export function upload(api: Api, token: string, part: Part | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  const whole = Buffer.isBuffer(part) ? { bytes: part } : part;
  return api.call('POST', filesPath, {
    raw: formOf([{ fileName: 'scan.jpg', type: 'image/jpeg', ...whole }]),
    headers: { ...bearer(token), 'Content-Type': formType, ...headers },
  });
}

/** The id of a file that was accepted. */
export async function fileFrom(api: Api, token: string, bytes: Buffer | Promise<Buffer> = picture()): Promise<string> {
  return shaped(storedFile, await upload(api, token, await bytes)).fileId;
}

let shade = 0;

/** A small picture; no two of one run are the same. */
export function picture(width = 120, height = 80): Promise<Buffer> {
  shade = (shade + 7) % 250;
  return sharp({ create: { width, height, channels: 3, background: { r: shade, g: 80, b: 120 } } })
    .jpeg()
    .toBuffer();
}

/** A PDF of one empty page, with further objects and whatever stands behind its end. */
export function pdf({ extra = '', after = '' } = {}): Buffer {
  const objects = [
    '1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n',
    '2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n',
    '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n',
  ];
  return Buffer.from(`%PDF-1.7\n${objects.join('')}${extra}\ntrailer\n<< /Root 1 0 R /Size 4 >>\nstartxref\n9\n%%EOF\n${after}`, 'latin1');
}

/** An object stream with the objects packed, as writers of PDFs do it. */
export function packedObjects(inner: string): string {
  const packed = deflateSync(Buffer.from(inner, 'latin1')).toString('latin1');
  return `9 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length ${packed.length} >>\nstream\n${packed}\nendstream\nendobj\n`;
}

/** A PNG of a few kilobytes that says it is so many pixels wide and high. */
export function bombPng(side: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE(crc32(body) >>> 0);
    return Buffer.concat([head, body, tail]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(1_000_000), { level: 9 });
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Every file that lies in the store, half written ones too. */
export function filesOnDisk(api: Api): string[] {
  const folder = join(api.app.deps.config.dataDir, 'files');
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
    );
  } catch {
    return [];
  }
}
