/** A name for a statement text that is worth preparing; empty, which is PostgreSQL's own unnamed one, for the rest. */
export type StatementNames = (query: { sql: string; args: readonly unknown[] }) => string;

const unnamed = '';
const mostNames = 200;
const mostRemembered = 2_000;

/**
 * Named statements are parsed once per connection and planned a handful of times, which for the joins of a sign-in or a
 * refresh costs more than running them. A text gets its name when it comes a second time, and only so many texts get one:
 * lists of changing length (`IN ($1, $2, ...)`) would otherwise fill the memory of every connection.
 * Statements without parameters stay unnamed: they go by the simple protocol, several in one message.
 */
export function createStatementNames(): StatementNames {
  const named = new Map<string, string>();
  const seenOnce = new Set<string>();
  return ({ sql, args }) => {
    if (args.length === 0) return unnamed;
    const known = named.get(sql);
    if (known !== undefined) return known;
    if (named.size >= mostNames) return unnamed;
    if (!seenOnce.delete(sql)) {
      if (seenOnce.size >= mostRemembered) seenOnce.clear();
      seenOnce.add(sql);
      return unnamed;
    }
    const name = `app_${named.size + 1}`;
    named.set(sql, name);
    return name;
  };
}
