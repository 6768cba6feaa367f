import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

export type AnsweredFile = {
  /** Plain ASCII, without a path. */
  name: string;
  /** Media type. */
  type: string;
  bytes: number;
  body: AsyncIterable<Buffer>;
};

/** What a command hands to the browser as a file to keep: streamed, never shown, never cached. */
export class FileAnswer {
  readonly file: AnsweredFile;

  constructor(file: AnsweredFile) {
    if (!/^[\w.-]{1,100}$/.test(file.name)) throw new Error(`${file.name} is no name for a download`);
    this.file = file;
  }
}

/** A connection that breaks half way ends the answer short of its length, which the browser notices. */
export async function answerFile(res: Response, { file }: FileAnswer): Promise<void> {
  res.status(200);
  res.setHeader('Content-Type', file.type);
  res.setHeader('Content-Length', String(file.bytes));
  res.setHeader('Content-Disposition', `attachment; filename="${file.name}"`);
  await pipeline(Readable.from(file.body), res);
}
