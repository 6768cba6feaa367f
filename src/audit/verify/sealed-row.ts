import { z } from 'zod';
import type { AboutWhom } from '../proof/archive-format.ts';
import { commitSnapshot, commitValue } from '../proof/commitment.ts';
import { actionLeaf, controlLeaf, eventLeaf, type Leaf, leafHashOfText } from '../proof/leaf.ts';
import type { TextRow } from './read-session.ts';

/** `none`: the row commits to nothing. */
export type ContentState = 'none' | 'fits' | 'altered' | 'missing';

/** A stored leaf, what its row gives today, and whether the row's content fits. */
export type SealedRow = {
  seq: number;
  kind: 1 | 2 | 3;
  rowId: string;
  /** Of the leaf; YYYY-MM-DDTHH:MM:SS.ffffffZ. */
  at: string;
  /** As stored in audit.leaf. */
  stored: Buffer;
  /** Null: there is no such row. */
  recomputed: Buffer | null;
  /** What the row is about, in words; null where it is gone. */
  subject: string | null;
  value: ContentState;
  snapshot: ContentState;
  /** Set where content is missing, for the question whether an erasure explains it. */
  about: AboutWhom | null;
};

/** Tables of schema audit by the kind of a leaf. */
export const kindNames = { 1: 'event', 2: 'action', 3: 'control' } as const;

/** Reads one row of the statements in read-chunk.ts: the kind, the leaf's columns, then the row's, then its contents'. */
export function sealedRowOf(columns: TextRow): SealedRow {
  const [kindText, seq, leaf, leafRowId, leafAt, id, rowAt] = columns;
  const kind = kindOf(kindText);
  const at = instantOf(textOf(rowAt ?? leafAt));
  const base = { seq: Number(seq), kind, rowId: textOf(id ?? leafRowId), at, stored: bytesOf(textOf(leaf)) };
  if (id === null) return { ...base, recomputed: null, subject: null, value: 'none', snapshot: 'none', about: null };
  if (kind === 1) return { ...base, ...eventOf(columns, at) };
  return { ...base, ...(kind === 2 ? actionOf(columns, at) : controlOf(columns, at)) };
}

/** Before the columns of the row: kind, seq and leaf; id and time of the leaf where there is no row. */
const headColumns = 5;

type Checked = Omit<SealedRow, 'seq' | 'kind' | 'rowId' | 'at' | 'stored'>;

const opNames: Record<string, string> = { 1: 'insert', 2: 'update', 3: 'delete', 4: 'truncate', 5: 'baseline' };

function eventOf(c: TextRow, at: string): Checked {
  const [id, , txid, epoch, action, actor, actorType, db, op, tbl, rec, subject, changed, value, snap] = c.slice(headColumns);
  const [salt, body, hasRightOwner, pictureSalt, picture, hasRightRecord] = c.slice(headColumns + 15);
  const leaf = eventLeaf({
    id: textOf(id),
    at,
    txid: textOf(txid),
    epoch: Number(epoch),
    action: nullable(action),
    actor: nullable(actor),
    actorType: textOf(actorType),
    db: textOf(db),
    op: Number(op),
    tbl: textOf(tbl),
    rec: textOf(rec),
    subject: nullable(subject),
    changed: namesOf(changed),
    value: hexOf(value),
    snap: hexOf(snap),
  });
  const states = {
    value: stateOf(leaf.value, { salt, body, isInPlace: hasRightOwner === 't' }, commitValue),
    snapshot: stateOf(leaf.snap, { salt: pictureSalt, body: picture, isInPlace: hasRightRecord === 't' }, commitSnapshot),
  };
  return checked(leaf, `${leaf.tbl} ${leaf.rec}, ${opNames[leaf.op] ?? leaf.op}`, states);
}

function actionOf(c: TextRow, at: string): Checked {
  const [id, , txid, epoch, req, door, res, act, out, err, recs, n, ms, actor, actorType, roles, sess, mfa, reverts, ticket, approval] =
    c.slice(headColumns);
  const [value, salt, body] = c.slice(headColumns + 21);
  const leaf = actionLeaf({
    id: textOf(id),
    at,
    txid: textOf(txid),
    epoch: Number(epoch),
    req: textOf(req),
    door: textOf(door),
    res: textOf(res),
    act: textOf(act),
    out: textOf(out),
    err: nullable(err),
    recs: namesOf(recs),
    n: Number(n),
    ms: Number(ms),
    actor: nullable(actor),
    actorType: textOf(actorType),
    roles: namesOf(roles),
    sess: hexOf(sess),
    mfa: mfa === 't',
    reverts: nullable(reverts),
    ticket: nullable(ticket),
    approval: nullable(approval),
    value: textOf(hexOf(value)),
  });
  return checked(leaf, `${leaf.res} ${leaf.act}, ${leaf.out}`, {
    value: stateOf(leaf.value, { salt, body, isInPlace: true }, commitValue),
    snapshot: 'none',
  });
}

function controlOf(c: TextRow, at: string): Checked {
  const [id, , txid, epoch, type, body] = c.slice(headColumns);
  const leaf = controlLeaf({ id: textOf(id), at, txid: textOf(txid), epoch: Number(epoch), type: textOf(type), body: textOf(body) });
  return { recomputed: leafHashOfText(JSON.stringify(leaf)), subject: leaf.type, value: 'none', snapshot: 'none', about: null };
}

/** The builders of proof/leaf.ts name the members in canonical order: their text is the canonical one. */
function checked(
  leaf: Extract<Leaf, { k: 'event' | 'action' }>,
  subject: string,
  states: { value: ContentState; snapshot: ContentState },
): Checked {
  const isIncomplete = states.value === 'missing' || states.snapshot === 'missing';
  return { recomputed: leafHashOfText(JSON.stringify(leaf)), subject, ...states, about: isIncomplete ? leaf : null };
}

type Stored = { salt: string | null | undefined; body: string | null | undefined; isInPlace: boolean };

function stateOf(commitment: string | null, stored: Stored, commit: (salt: Buffer, body: string) => Buffer): ContentState {
  const { salt, body, isInPlace } = stored;
  if (typeof salt !== 'string' || typeof body !== 'string') return commitment === null ? 'none' : 'missing';
  const saltBytes = bytesOf(salt);
  return isInPlace && saltBytes.length === 16 && commit(saltBytes, body).toString('hex') === commitment ? 'fits' : 'altered';
}

/** Of the kinds of leaves, as audit.leaf has them. */
export function kindOf(text: string | null | undefined): 1 | 2 | 3 {
  if (text === '1') return 1;
  return text === '2' ? 2 : 3;
}

/** Of a column that is NOT NULL. One that somebody emptied by force reads as empty: it gives another leaf, and is found by it. */
export function textOf(text: string | null | undefined): string {
  return text ?? '';
}

function nullable(text: string | null | undefined): string | null {
  return text ?? null;
}

/** `\x…` of PostgreSQL. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex');
}

function hexOf(text: string | null | undefined): string | null {
  return text ? text.slice(2) : null;
}

/** ISO text of a timestamptz in UTC as the leaf writes it: PostgreSQL leaves out zeros at the end. */
export function instantOf(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).padEnd(6, '0')}Z`;
}

/** Rows share few lists of names: the same text is parsed once. */
const lists = new Map<string, readonly string[]>();
const listsKept = 4_096;

function namesOf(json: string | null | undefined): readonly string[] {
  const text = textOf(json);
  const known = lists.get(text);
  if (known) return known;
  // No list at all is not an empty one.
  const names = text === '' ? [''] : z.array(z.coerce.string()).parse(JSON.parse(text));
  if (lists.size >= listsKept) lists.clear();
  lists.set(text, names);
  return names;
}
