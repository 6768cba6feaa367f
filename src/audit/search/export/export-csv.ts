import { csvLine as lineOf } from '../../../foundation/runtime/csv.ts';
import { isEncrypted } from '../../history/shown-value.ts';
import { isObject, pairOf, reasonOf } from '../../history/stored-bodies.ts';
import type { ExportRow } from '../../proof/export-manifest.ts';

/** `rows.csv`: the same rows for a spreadsheet. What is proved is rows.ndjson; the manifest names the SHA-256 of both. */
export const csvFileName = 'rows.csv';

const columns = [
  ...['seq', 'time', 'kind', 'actor', 'actor_type', 'roles', 'did', 'to', 'record', 'outcome', 'error', 'reason', 'fields', 'details'],
  ...['subject', 'action', 'request', 'ticket', 'transaction', 'leaf', 'export'],
] as const;

export const csvHeading = `${columns.join(',')}\r\n`;

const operations: Readonly<Record<number, string>> = { 1: 'insert', 2: 'update', 3: 'delete', 4: 'truncate', 5: 'baseline' };

/**
 * A line of the CSV (RFC 4180, every cell quoted). Encrypted values are masked; the export's id stands in each line, so that a cut
 * sheet still tells where it came from.
 */
export function csvLine(row: ExportRow, leafHash: string, exportId: string): string {
  const cells = {
    ...cellsOf(row),
    seq: row.seq,
    time: row.leaf.at,
    kind: row.kind,
    transaction: row.leaf.txid,
    leaf: leafHash,
    export: exportId,
  };
  return lineOf(columns.map((column) => Reflect.get(cells, column)));
}

type Cells = Partial<Record<(typeof columns)[number], unknown>>;

function cellsOf({ leaf, value }: ExportRow): Cells {
  const body: unknown = value && 'body' in value ? JSON.parse(value.body) : null;
  const isErased = value !== null && 'absent' in value;
  switch (leaf.k) {
    case 'event':
      return {
        actor: leaf.actor,
        actor_type: leaf.actorType,
        did: operations[leaf.op],
        to: leaf.tbl,
        record: leaf.rec,
        fields: leaf.changed.join(' '),
        details: isErased ? 'erased' : leaf.changed.map((field) => detailOf(body, field)).join('; '),
        subject: leaf.subject,
        action: leaf.action,
      };
    case 'action':
      return {
        actor: leaf.actor,
        actor_type: leaf.actorType,
        roles: leaf.roles.join(' '),
        did: leaf.act,
        to: leaf.res,
        record: leaf.recs.join(' '),
        outcome: leaf.out,
        error: leaf.err,
        reason: isErased ? 'erased' : reasonOf(body),
        action: leaf.id,
        request: leaf.req,
        ticket: leaf.ticket ?? (isObject(body) ? body['ticket'] : null),
      };
    case 'control':
      return { did: leaf.type, details: leaf.body };
    default:
      return leaf satisfies never;
  }
}

function detailOf(body: unknown, field: string): string {
  const pair = pairOf(body, field);
  if (!pair) return `${field}: changed, value never stored`;
  return `${field}: ${shown(field, pair[0])} -> ${shown(field, pair[1])}`;
}

function shown(field: string, value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (isEncrypted(field)) return '••• encrypted';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
