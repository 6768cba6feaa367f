import { isNode, lineOf, type Node, type Source, walk } from './syntax.ts';

/** A sentence that goes through t(), with the names of its values. */
export type Key = { sentence: string; line: number };

/** Words a person would read that are written into a component outside t(). */
export type Loose = { text: string; line: number; start: number; end: number; kind: 'jsx' | 'string' | 'template' };

/** Sentences of a component: the first argument of every call of t(). Throws where that is not a plain string. */
export function keysOf({ path, text, program }: Source): Key[] {
  const keys: Key[] = [];
  walk(program, (node) => {
    if (!isTextCall(node)) return undefined;
    const [sentence] = argumentsOf(node);
    const value = sentence?.type === 'Literal' ? sentence['value'] : undefined;
    if (typeof value !== 'string') throw new Error(`${path}:${lineOf(text, node.start)}: t() takes a plain string first`);
    keys.push({ sentence: value, line: lineOf(text, node.start) });
    return undefined;
  });
  return keys;
}

/** Lines with a sentence that has a place, such as `{count}`, for which no value of that name is given. */
export function unfilledOf({ text, program }: Source): number[] {
  const lines: number[] = [];
  walk(program, (node) => {
    if (!isTextCall(node)) return undefined;
    const [sentence, values] = argumentsOf(node);
    const places = [...String(sentence?.['value'] ?? '').matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const given = values?.type === 'ObjectExpression' && Array.isArray(values['properties']) ? values['properties'].filter(isNode) : [];
    // Values that are made elsewhere cannot be seen from here.
    const isOpaque = values !== undefined && (values.type !== 'ObjectExpression' || given.some(({ type }) => type === 'SpreadElement'));
    const names = new Set(given.map((property) => nameOf(property['key'])));
    if (!isOpaque && places.some((name) => !names.has(name ?? null))) lines.push(lineOf(text, node.start));
    return undefined;
  });
  return lines;
}

/** Properties and attributes whose value a person reads or hears, whatever it looks like. */
const spoken = new Set(['aria-label', 'aria-description', 'placeholder', 'title', 'label', 'alt']);
/** Attributes and properties that no person reads. */
const silent = new Set([
  'className',
  'id',
  'name',
  'type',
  'href',
  'key',
  'icon',
  'path',
  'htmlFor',
  'keys',
  'resource',
  'kind',
  'view',
  'tone',
  'role',
  'method',
  'action',
  'headers',
  'code',
]);
/** Words with a capital that are names of a machine: keys of the keyboard, heads of a request. */
const machineWords = new Set([
  'Enter', 'Escape', 'Tab', 'Home', 'End', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Backspace', 'Delete',
  'Accept', 'Content-Type', 'AbortError', 'Fashionistar', 'Africa/Lagos', 'SHA-256', 'Google',
]); // biome-ignore format: one list reads best as a block

/** Literals of a component that a person reads and that do not go through t(). */
export function looseTextsOf({ text, program }: Source): Loose[] {
  const found: Loose[] = [];
  const note = (node: Node, words: string, kind: Loose['kind']) =>
    found.push({ text: words.trim(), line: lineOf(text, node.start), start: node.start, end: node.end, kind });
  walk(program, (node, above) => {
    if (isTextCall(node) || isUnread(node)) return node.type === 'CallExpression' ? enterValues(node) : false;
    if (node.type === 'JSXText' && hasWord(textIn(node)) && !machineWords.has(textIn(node).trim()) && !isInCode(above))
      note(node, textIn(node), 'jsx');
    if (node.type === 'Literal' && typeof node['value'] === 'string' && !isKey(node, above) && isRead(node['value'], above))
      note(node, node['value'], 'string');
    if (node.type === 'TemplateLiteral' && isRead(quasisOf(node), above)) note(node, quasisOf(node), 'template');
    return undefined;
  });
  return found;

  /** The values of a call of t() may hold loose texts of their own; its sentence is the text. */
  function enterValues(call: Node): false {
    for (const value of argumentsOf(call).slice(1)) {
      walk(value, (inner) => {
        if (inner.type === 'Literal' && typeof inner['value'] === 'string' && looksRead(inner['value']))
          note(inner, inner['value'], 'string');
        return !isTextCall(inner);
      });
    }
    return false;
  }
}

function isRead(words: string, above: readonly Node[]): boolean {
  if (!hasWord(words) || machineWords.has(words) || isTechnical(above.at(-1))) return false;
  const place = placeOf(above);
  if (place.name !== null && silent.has(place.name)) return false;
  if (place.name !== null && spoken.has(place.name)) return true;
  return place.isChild ? !/^\s*$/.test(words) : looksRead(words);
}

/** Calls whose plain words are names: of resources, components, elements. */
const technical = new Set(['recordHref', 'registeredComponent', 'createElement', 'getElementById', 'querySelector', 'Event', 'Set', 'Map']);

function isTechnical(parent: Node | undefined): boolean {
  if (parent?.type !== 'CallExpression' && parent?.type !== 'NewExpression') return false;
  const { callee } = parent;
  return technical.has(nameOf(isNode(callee) && callee.type === 'MemberExpression' ? callee['property'] : callee) ?? '');
}

/** `Everyday`, `Nothing matches`: a capital, then small letters. */
function looksRead(words: string): boolean {
  return /^\s*[A-Z][a-z]+(?:[\s'.,:;?]|$)/.test(words) && !machineWords.has(words.trim());
}

/** `'aria-label'` in `{ 'aria-label': t('Loading') }`. */
function isKey(node: Node, above: readonly Node[]): boolean {
  const parent = above.at(-1);
  return parent?.type === 'Property' && parent['key'] === node;
}

type Place = { name: string | null; isChild: boolean };

/** Which attribute or property a literal is the value of, through conditions and fallbacks. */
function placeOf(above: readonly Node[]): Place {
  for (let at = above.length - 1; at >= 0; at -= 1) {
    const node = above[at];
    if (!node) break;
    if (node.type === 'JSXAttribute') return { name: nameOf(node['name']), isChild: false };
    if (node.type === 'Property') return { name: nameOf(node['key']), isChild: false };
    if (node.type === 'JSXExpressionContainer' && above[at - 1]?.type !== 'JSXAttribute') return { name: null, isChild: true };
    if (!['ConditionalExpression', 'LogicalExpression', 'JSXExpressionContainer', 'TemplateLiteral'].includes(node.type)) break;
  }
  return { name: null, isChild: false };
}

/** Types, imports, comparisons, errors for programmers and the words of `as const` unions are not read by staff. */
function isUnread(node: Node): boolean {
  if (/^(TS|Import|Export(All|Named)Declaration$)/.test(node.type)) {
    return !['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'ExportNamedDeclaration'].includes(node.type);
  }
  if (node.type === 'BinaryExpression') return ['===', '!==', '==', '!=', 'in'].includes(String(node['operator']));
  if (node.type === 'SwitchCase' || node.type === 'MemberExpression') return false;
  return node.type === 'NewExpression' && /Error$/.test(nameOf(node['callee']) ?? '');
}

function isInCode(above: readonly Node[]): boolean {
  const element = above.at(-1);
  const opening = element && isNode(element['openingElement']) ? element['openingElement'] : null;
  return opening !== null && ['code', 'kbd'].includes(nameOf(opening['name']) ?? '');
}

function isTextCall(node: Node): boolean {
  return node.type === 'CallExpression' && nameOf(node['callee']) === 't';
}

function argumentsOf(call: Node): Node[] {
  const given = call['arguments'];
  return Array.isArray(given) ? given.filter(isNode) : [];
}

function nameOf(value: unknown): string | null {
  if (!isNode(value)) return null;
  const name = value['name'] ?? value['value'];
  return typeof name === 'string' ? name : null;
}

function textIn(node: Node): string {
  const { value } = node;
  return typeof value === 'string' ? value : '';
}

function quasisOf(node: Node): string {
  const quasis = Array.isArray(node['quasis']) ? node['quasis'].filter(isNode) : [];
  return quasis
    .map(({ value }) => (typeof value === 'object' && value !== null && 'cooked' in value ? String(value.cooked) : ''))
    .join('{}');
}

function hasWord(words: string): boolean {
  return /\p{L}{2}/u.test(words);
}
