import type { Grade } from './roles.ts';

/** Legend of product.md section 5.2; `own` is `o` there. */
export type Cell = '-' | 'R' | 'Y' | 'Q' | 'P' | 'own' | 'team';

/** Which daily quota of product.md section 5.4 an action uses up. */
export type QuotaKind = 'people' | 'reveals';

/** What must be true besides the cell. The command runner checks reason, ticket, step-up and version; decide() the rest. */
export type Conditions = {
  /** r: a reason code and text. */
  reason: boolean;
  /** t: a ticket or case. */
  ticket: boolean;
  /** s5, s15: the last factor at most so many minutes ago; 0 asks nothing. */
  stepUpMinutes: 0 | 5 | 15;
  /** q */
  quota: QuotaKind | null;
  /** 2: one person asks, another decides. */
  twoPerson: boolean;
  /** v: the caller names the version they saw. */
  versioned: boolean;
  /** k: the rank rule counts and the subject's rank must be known. */
  rank: boolean;
  /** n: the customer is told. */
  notify: boolean;
};

export type MatrixEntry = Readonly<{
  resource: string;
  action: string;
  /** A command changes something or reveals a secret: `R` only shows its form. */
  kind: 'read' | 'command';
  /** Whose records it is aimed at: customer commands never apply to staff, nor staff commands to customers. */
  target: 'customer' | 'staff' | 'any';
  /** Judges somebody's work, so its author may not. */
  isDecision: boolean;
  /** About the actor's own things (preferences, own notes): the self rule does not apply. */
  isPersonal: boolean;
  conditions: Readonly<Conditions>;
  cells: Readonly<Record<Grade, Cell>>;
}>;

export type Row = readonly [
  assistant: Cell,
  support: Cell,
  supportLead: Cell,
  reviewer: Cell,
  reviewerLead: Cell,
  enhancer: Cell,
  moderator: Cell,
  finance: Cell,
  auditor: Cell,
  admin: Cell,
  superAdmin: Cell,
];

type Options = Partial<Conditions & Pick<MatrixEntry, 'target' | 'isDecision' | 'isPersonal'>>;
type EntryKey = `${string}.${string}`;

/** One row of actions that only show something. */
export function read<const Key extends EntryKey>(keys: readonly Key[], row: Row, options: Options = {}): Record<Key, MatrixEntry> {
  return entries(keys, (key) => entryOf(key, 'read', { row, options }));
}

/** One row of actions that change or reveal something. */
export function command<const Key extends EntryKey>(keys: readonly Key[], row: Row, options: Options = {}): Record<Key, MatrixEntry> {
  return entries(keys, (key) => entryOf(key, 'command', { row, options }));
}

function entryOf(key: EntryKey, kind: MatrixEntry['kind'], { row, options }: { row: Row; options: Options }): MatrixEntry {
  const { target = 'any', isDecision = false, isPersonal = false, ...conditions } = options;
  const dot = key.indexOf('.');
  return Object.freeze({
    resource: key.slice(0, dot),
    action: key.slice(dot + 1),
    kind,
    target,
    isDecision,
    isPersonal,
    conditions: Object.freeze({ ...noConditions, ...conditions }),
    cells: Object.freeze(cellsOf(row)),
  });
}

const noConditions: Conditions = {
  reason: false,
  ticket: false,
  stepUpMinutes: 0,
  quota: null,
  twoPerson: false,
  versioned: false,
  rank: false,
  notify: false,
};

function cellsOf(row: Row): Record<Grade, Cell> {
  const [assistant, support, support_lead, reviewer, reviewer_lead, enhancer, moderator, finance, auditor, admin, super_admin] = row;
  return { assistant, support, support_lead, reviewer, reviewer_lead, enhancer, moderator, finance, auditor, admin, super_admin };
}

function entries<Key extends string, Value>(keys: readonly Key[], make: (key: Key) => Value): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<Key, Value>;
}
