import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import { z } from 'zod';

/** A node of the syntax tree, as far as anybody here looks into it. */
export type Node = { type: string; start: number; end: number; [field: string]: unknown };

const node = z.looseObject({ type: z.string(), start: z.number(), end: z.number() });

export function isNode(value: unknown): value is Node {
  return node.safeParse(value).success;
}

/** Every node with its ancestors, nearest last. `visit` answers false to leave out what is inside. */
export function walk(root: unknown, visit: (node: Node, above: readonly Node[]) => boolean | undefined): void {
  const above: Node[] = [];
  const enter = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) enter(item);
      return;
    }
    if (typeof value !== 'object' || value === null || !('type' in value) || !isNode(value)) return;
    if (visit(value, above) === false) return;
    above.push(value);
    for (const [field, inner] of Object.entries(value)) if (field !== 'parent') enter(inner);
    above.pop();
  };
  enter(root);
}

export type Source = { path: string; text: string; program: unknown };

/** A component as written, and its syntax tree. Throws when it is no TypeScript. */
export function readSource(path: string): Source {
  return parseSource(path, readFileSync(path, 'utf8'));
}

export function parseSource(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  return { path, text, program };
}

export function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
