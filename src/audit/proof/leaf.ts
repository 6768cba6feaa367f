import { byCodePoint } from './canonical-json.ts';
import { sha256 } from './sha256.ts';

/**
 * The rows of which leaves are made, as leaf-columns.ts selects them: ids as text, times as YYYY-MM-DDTHH:MM:SS.ffffffZ,
 * xid8 as decimal text, bytes as lower-case hex. The names are those of the leaf object in audit.md section 7.
 */
export type EventRow = {
  id: string;
  at: string;
  txid: string;
  epoch: number;
  action: string | null;
  actor: string | null;
  actorType: string;
  db: string;
  op: number;
  tbl: string;
  rec: string;
  subject: string | null;
  changed: readonly string[];
  value: string | null;
  snap: string | null;
};

export type ActionRow = {
  id: string;
  at: string;
  txid: string;
  epoch: number;
  req: string;
  door: string;
  res: string;
  act: string;
  out: string;
  err: string | null;
  recs: readonly string[];
  n: number;
  ms: number;
  actor: string | null;
  actorType: string;
  roles: readonly string[];
  sess: string | null;
  mfa: boolean;
  reverts: string | null;
  ticket: string | null;
  approval: string | null;
  value: string;
};

export type ControlRow = { id: string; at: string; txid: string; epoch: number; type: string; body: string };

export type EventLeaf = { v: 1; k: 'event' } & EventRow;
export type ActionLeaf = { v: 1; k: 'action' } & ActionRow;
export type ControlLeaf = { v: 1; k: 'control' } & ControlRow;
export type Leaf = EventLeaf | ActionLeaf | ControlLeaf;

/** `audit.leaf.kind`, which is also the order of rows within a transaction. */
export const leafKinds = { event: 1, action: 2, control: 3 } as const;

/** The leaf object of an event row. Written out member by member: a column that a query adds must not change the proof. */
export function eventLeaf(row: EventRow): EventLeaf {
  const { id, at, txid, epoch, action, actor, actorType, db, op, tbl, rec, subject, value, snap } = row;
  const changed = sorted(row.changed);
  return { action, actor, actorType, at, changed, db, epoch, id, k: 'event', op, rec, snap, subject, tbl, txid, v: 1, value };
}

/** The leaf object of an action row. `recs` keeps its stored order. */
export function actionLeaf(row: ActionRow): ActionLeaf {
  const { act, actor, actorType, approval, at, door, epoch, err, id, mfa, ms, n, out, recs } = row;
  const { req, res, reverts, sess, ticket, txid, value } = row;
  const roles = sorted(row.roles);
  const first = { act, actor, actorType, approval, at, door, epoch, err, id, k: 'action', mfa, ms, n, out, recs } as const;
  return { ...first, req, res, reverts, roles, sess, ticket, txid, v: 1, value };
}

/** The leaf object of a control row; `body` is the stored text itself. */
export function controlLeaf({ at, body, epoch, id, txid, type }: ControlRow): ControlLeaf {
  return { at, body, epoch, id, k: 'control', txid, type, v: 1 };
}

/**
 * Canonical JSON of a leaf. The three builders above name the members in canonical order, so that the platform's own
 * serialiser, several times as fast as canonicalJson, writes the same text; a property test holds the two together.
 */
export function leafText(leaf: Leaf): string {
  switch (leaf.k) {
    case 'event':
      return JSON.stringify(eventLeaf(leaf));
    case 'action':
      return JSON.stringify(actionLeaf(leaf));
    case 'control':
      return JSON.stringify(controlLeaf(leaf));
    default:
      return leaf satisfies never;
  }
}

/** The 32 bytes that stand for a row in the tree. */
export function leafHash(leaf: Leaf): Buffer {
  return leafHashOfText(leafText(leaf));
}

/** SHA-256(0x00 ‖ text) of a canonical text. */
export function leafHashOfText(text: string): Buffer {
  return sha256(`\0${text}`);
}

/** Rows are stored sorted; looking is cheaper than sorting again. */
function sorted(names: readonly string[]): readonly string[] {
  for (let at = 1; at < names.length; at += 1) {
    if (byCodePoint(names[at - 1] ?? '', names[at] ?? '') > 0) return [...names].sort(byCodePoint);
  }
  return names;
}
