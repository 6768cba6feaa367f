import { parseStrictObject } from '../foundation/crypto/strict-json.ts';
import { fail } from '../foundation/errors/app-error.ts';

const maxDepth = 20;

/**
 * Reads a JSON object more strictly than JSON.parse: no BOM, no invalid UTF-8, no duplicate member (two readers that pick
 * different ones are a hole), nesting of 20 at most. Empty means `{}`.
 * @throws AppError `malformed_json`
 */
export function parseJsonObject(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {};
  const value = parseStrictObject(bytes);
  if (value === undefined || isDeeperThan(value, maxDepth)) fail('malformed_json');
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Stops at the limit, so a hostile depth costs no more than an honest one. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}
