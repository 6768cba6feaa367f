import { Frontier } from '../proof/merkle.ts';
import type { FaultLog } from './faults.ts';
import { kindNames, type SealedRow } from './sealed-row.ts';

/** A row that does not give its stored leaf: one of the two was changed. */
type Suspect = { row: SealedRow; recomputed: Buffer };

/** Up to so many disagreements between two checkpoints, every combination is tried to tell rows from leaves. */
const suspectsTried = 6;
/** Leaves kept for that, 32 bytes each. */
const leavesKept = 65_536;

/**
 * Grows the tree from the stored leaves and compares it with signed roots. Where a row disagrees with its leaf, the signed
 * root tells which of the two is the sealed one. After a break the tree goes on from the next checkpoint that can be trusted,
 * so that one fault does not hide the next.
 */
export class TreeCheck {
  readonly #faults: FaultLog;
  /** Null while it is broken: by a missing leaf, or by a beginning that cannot be trusted. */
  #tree: Frontier | null;
  #size: number;
  /** Of the window, which begins at the last root that fitted: its tree, its leaves, what is wrong in it. */
  #start: Frontier | null;
  #leaves: Buffer[] = [];
  #suspects: Suspect[] = [];
  #gaps = 0;
  #from: number;

  /** Begins after `size` leaves with their tree; null where it is not known. */
  constructor(size: number, start: Frontier | null, faults: FaultLog) {
    this.#faults = faults;
    this.#size = size;
    this.#from = size;
    this.#start = start;
    this.#tree = copyOf(start);
  }

  /** The next leaf in the order of seq, null where there is none; `row` where row and leaf disagree. */
  add(leaf: Buffer | null, row: SealedRow | undefined): void {
    const seq = this.#size;
    this.#size += 1;
    if (!leaf) {
      this.#gaps += 1;
      this.#tree = null;
      this.#faults.add('leaf_missing', 'no leaf has this number', { seq, table: 'audit.leaf' });
      return;
    }
    if (row?.recomputed && !row.recomputed.equals(leaf)) this.#suspects.push({ row, recomputed: row.recomputed });
    this.#tree?.append(leaf);
    if (this.#leaves.length < leavesKept) this.#leaves.push(leaf);
  }

  /** Root of the leaves so far; null where a missing leaf broke the tree. */
  root(): Buffer | null {
    return this.#tree?.root() ?? null;
  }

  /** Compares with the signed root of the size reached, then begins a new window there. `resume`: the tree that root stands for. */
  close(signedRoot: Buffer, resume: Frontier | null): void {
    const isFitting = this.#tree?.root().equals(signedRoot) ?? false;
    if (isFitting) this.#blame((suspect) => this.#rowAltered(suspect));
    else this.#explain(signedRoot);
    if (!isFitting && resume) this.#tree = new Frontier(resume.size, resume.roots);
    this.#begin(this.#tree);
  }

  /** After the last checkpoint: nothing signed can tell rows from leaves there. */
  finish(): void {
    this.#blame((suspect) => this.#undecided(suspect));
  }

  #begin(tree: Frontier | null): void {
    this.#start = copyOf(tree);
    this.#from = this.#size;
    this.#leaves = [];
    this.#suspects = [];
    this.#gaps = 0;
  }

  /** The stored leaves do not give the signed root: which of them were changed? */
  #explain(signedRoot: Buffer): void {
    const changed = this.#changedLeaves(signedRoot);
    if (changed) {
      this.#blame((suspect) => (changed.has(suspect) ? this.#leafAltered(suspect) : this.#rowAltered(suspect)));
      return;
    }
    this.#blame((suspect) => this.#undecided(suspect));
    // A gap, a disagreement or an unreliable beginning explains the root already; otherwise somebody replaced both sides.
    if (this.#gaps > 0 || this.#suspects.length > 0 || !this.#start) return;
    const span = `leaves ${this.#from} to ${this.#size - 1}`;
    this.#faults.add('root_mismatch', `${span} do not give the signed root of ${this.#size} leaves`, {
      seq: this.#from,
      table: 'audit.leaf',
    });
  }

  /** The suspects whose leaf, not row, was changed: those whose recomputed leaves make the signed root come out. */
  #changedLeaves(signedRoot: Buffer): ReadonlySet<Suspect> | null {
    const start = this.#start;
    const suspects = this.#suspects;
    if (!start || this.#gaps > 0 || suspects.length === 0 || this.#leaves.length !== this.#size - this.#from) return null;
    const all = new Set(suspects);
    const tries = suspects.length > suspectsTried ? [all] : subsetsOf(suspects).filter((one) => one.size > 0);
    return tries.find((changed) => this.#rootWith(start, changed).equals(signedRoot)) ?? null;
  }

  #rootWith(start: Frontier, changed: ReadonlySet<Suspect>): Buffer {
    const replaced = new Map([...changed].map((suspect) => [suspect.row.seq, suspect.recomputed]));
    const tree = new Frontier(start.size, start.roots);
    for (const [position, leaf] of this.#leaves.entries()) tree.append(replaced.get(this.#from + position) ?? leaf);
    return tree.root();
  }

  #blame(report: (suspect: Suspect) => void): void {
    for (const suspect of this.#suspects) report(suspect);
  }

  #rowAltered({ row }: Suspect): void {
    this.#faults.add(`${kindNames[row.kind]}_altered`, `the row (${row.subject}) is not the one that was sealed`, whereOf(row));
  }

  #leafAltered({ row }: Suspect): void {
    this.#faults.add('leaf_altered', `the leaf is not the one that was sealed; its row (${row.subject}) is`, {
      ...whereOf(row),
      table: 'audit.leaf',
    });
  }

  #undecided({ row }: Suspect): void {
    this.#faults.add(
      'row_or_leaf_altered',
      `row (${row.subject}) and leaf disagree, and no signed root tells which was changed`,
      whereOf(row),
    );
  }
}

function copyOf(tree: Frontier | null): Frontier | null {
  return tree && new Frontier(tree.size, tree.roots);
}

/** Where a fault of this row lies. */
export function whereOf(row: SealedRow): { seq: number; table: string; id: string; at: string } {
  return { seq: row.seq, table: `audit.${kindNames[row.kind]}`, id: row.rowId, at: row.at };
}

function subsetsOf<T>(items: readonly T[]): ReadonlySet<T>[] {
  return Array.from(
    { length: 2 ** items.length },
    (_, mask) => new Set(items.filter((_item, bit) => Math.floor(mask / 2 ** bit) % 2 === 1)),
  );
}
