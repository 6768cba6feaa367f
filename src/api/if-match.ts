import type { IncomingMessage } from 'node:http';
import { fail } from '../foundation/errors/app-error.ts';

/** A version as a strong entity tag (RFC 9110 section 8.8.3). */
export function etagOf(version: number): string {
  return `"${version}"`;
}

const tagForm = /^"(\d{1,9})"$/;

/**
 * The version that the caller means to change. A tag that we never gave out cannot match.
 * @throws AppError `if_match_required`, `version_conflict`
 */
export function ifMatchVersion(req: IncomingMessage): number {
  const header = req.headers['if-match'];
  if (header === undefined) fail('if_match_required');
  const version = tagForm.exec(header.trim())?.[1] ?? fail('version_conflict');
  return Number(version);
}

/**
 * The same for routes whose command asks for it, after it asked whether the caller has such a record at all: nothing where there is no
 * header, and 0, which no record has, for a tag that we never gave out.
 */
export function ifMatchOf(req: IncomingMessage): { expectedVersion?: number } {
  const header = req.headers['if-match'];
  return header === undefined ? {} : { expectedVersion: Number(tagForm.exec(header.trim())?.[1] ?? 0) };
}

/** Whether If-None-Match names this tag; weak and strong forms are equal here (RFC 9110 section 13.1.2). */
export function isNoneMatch(req: IncomingMessage, etag: string): boolean {
  const header = req.headers['if-none-match'];
  if (header === undefined) return false;
  const bare = etag.replace(/^W\//, '');
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === bare);
}
