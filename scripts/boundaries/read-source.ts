import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { type CallExpression, type MemberExpression, parseSync, Visitor } from 'oxc-parser';

export type Import = {
  /** A path from the project root for our own files, else the specifier as written. */
  target: string;
  isOwn: boolean;
  /** Erased by type stripping: it makes a reader depend on the other file, not the running program. */
  isTypeOnly: boolean;
  /** import() at run time: it does not decide the order of loading. */
  isLazy: boolean;
  line: number;
};

/** Something in the code itself that a rule speaks about. */
export type Finding = {
  kind: 'process.env' | 'wall clock' | 'AdminJS router' | 'unresolvable import' | 'table access';
  /** For table access the Prisma delegate, for example `user`. */
  name: string;
  line: number;
};

export type SourceFile = { path: string; imports: readonly Import[]; findings: readonly Finding[] };

/** Parses every TypeScript file below `<root>/src`. Paths have forward slashes and start with `src/`. Throws for a file that does not parse. */
export function readSources(root: string): SourceFile[] {
  return globSync('src/**/*.{ts,tsx}', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => readSource(path, readFileSync(join(root, path), 'utf8')));
}

function readSource(path: string, text: string): SourceFile {
  const parsed = parseSync(path, text);
  const [broken] = parsed.errors;
  if (broken) throw new Error(`${path} does not parse: ${broken.message}`);
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  const imports: Import[] = [];
  const add = (specifier: string, start: number, kind: { isTypeOnly?: boolean; isLazy?: boolean } = {}) =>
    imports.push({ ...resolveImport(path, specifier), isTypeOnly: false, isLazy: false, ...kind, line: lineAt(start) });
  for (const { moduleRequest, entries, start } of parsed.module.staticImports) {
    add(moduleRequest.value, start, { isTypeOnly: entries.length > 0 && entries.every((entry) => entry.isType) });
  }
  for (const { entries, start } of parsed.module.staticExports) {
    for (const { moduleRequest, isType } of entries) if (moduleRequest) add(moduleRequest.value, start, { isTypeOnly: isType });
  }
  const findings: Finding[] = [];
  for (const { moduleRequest, start } of parsed.module.dynamicImports) {
    const literal = /^(['"`])([^'"`$]+)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    if (literal?.[2]) add(literal[2], start, { isLazy: true });
    else findings.push({ kind: 'unresolvable import', name: 'import()', line: lineAt(start) });
  }
  const find = (kind: Finding['kind'], name: string, start: number) => findings.push({ kind, name, line: lineAt(start) });
  new Visitor({
    Identifier(node) {
      if (node.name === 'buildAuthenticatedRouter') find('AdminJS router', node.name, node.start);
    },
    MemberExpression(node) {
      if (isNamed(node.object, 'process') && propertyOf(node) === 'env') find('process.env', 'process.env', node.start);
      if (isNamed(node.object, 'Date') && propertyOf(node) === 'now') find('wall clock', 'Date.now', node.start);
    },
    NewExpression(node) {
      if (isNamed(node.callee, 'Date') && node.arguments.length === 0) find('wall clock', 'new Date()', node.start);
    },
    CallExpression(node) {
      const [first] = node.arguments;
      if (isNamed(node.callee, 'require') && first?.type === 'Literal' && typeof first.value === 'string') add(first.value, node.start);
      const delegate = delegateOf(node);
      if (delegate) find('table access', delegate, node.start);
    },
  }).visit(parsed.program);
  return { path, imports, findings };
}

function resolveImport(from: string, specifier: string): Pick<Import, 'target' | 'isOwn'> {
  if (!specifier.startsWith('.')) return { target: specifier, isOwn: false };
  return { target: posix.normalize(posix.join(dirname(from), specifier)), isOwn: true };
}

function isNamed(node: { type: string }, name: string): boolean {
  return node.type === 'Identifier' && 'name' in node && node.name === name;
}

function propertyOf(node: MemberExpression): string | null {
  if (!node.computed && node.property.type === 'Identifier') return node.property.name;
  return node.property.type === 'Literal' && typeof node.property.value === 'string' ? node.property.value : null;
}

const prismaMethods = new Set([
  'findUnique',
  'findUniqueOrThrow',
  'findFirst',
  'findFirstOrThrow',
  'findMany',
  'create',
  'createMany',
  'createManyAndReturn',
  'update',
  'updateMany',
  'updateManyAndReturn',
  'upsert',
  'delete',
  'deleteMany',
  'count',
  'aggregate',
  'groupBy',
]);

/** `user` of `tx.user.findMany(...)`; null for a call that is not one of Prisma's. */
function delegateOf(call: CallExpression): string | null {
  if (call.callee.type !== 'MemberExpression' || !prismaMethods.has(propertyOf(call.callee) ?? '')) return null;
  return call.callee.object.type === 'MemberExpression' ? propertyOf(call.callee.object) : null;
}
