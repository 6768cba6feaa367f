/**
 * Parses UTF-8 JSON whose root is an object and in which no object names a member twice. Undefined for everything else:
 * a duplicate member means one thing to one reader and another to the next (RFC 8725 section 2.6).
 */
export function parseStrictObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return isObject(value) && !hasDuplicateMember(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads strings and brackets only; `json` has already parsed, so anything else between them is of no interest. */
const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;

function hasDuplicateMember(json: string): boolean {
  const open: Set<unknown>[] = [];
  for (const [text, colon] of json.matchAll(token)) {
    if (text === '{' || text === '[') open.push(new Set());
    else if (text === '}' || text === ']') open.pop();
    else if (colon !== undefined) {
      const names = open.at(-1);
      // Decoded, because "a" and "\u0061" are one name.
      const name: unknown = JSON.parse(text.slice(0, text.length - colon.length));
      if (names?.has(name)) return true;
      names?.add(name);
    }
  }
  return false;
}
