import { type AboutWhom, type ErasureBody, erasureBody, erasureCovers } from '../proof/archive-format.ts';
import type { FaultLog } from './faults.ts';
import type { ReadSession } from './read-session.ts';
import type { SealedRow } from './sealed-row.ts';
import { whereOf } from './tree-check.ts';

type Erasure = { body: ErasureBody; gone: { value: number; snapshot: number } };

/** Whose content was erased, by the control rows that say so; those are leaves themselves and are checked as such. */
export class Erasures {
  readonly #bySubject = new Map<string | null, Erasure[]>();
  erased = 0;

  static async read(session: ReadSession, faults: FaultLog): Promise<Erasures> {
    const erasures = new Erasures();
    for (const { id, body } of await session.rows<{ id: string; body: string }>(
      "SELECT id, body FROM audit.control WHERE type = 'erasure'",
    )) {
      erasures.#add(id, body, faults);
    }
    return erasures;
  }

  #add(id: string, text: string, faults: FaultLog): void {
    const body = parsed(text);
    if (!body) {
      faults.add('control_unreadable', 'the body is not that of an erasure', { table: 'audit.control', id });
      return;
    }
    const known = this.#bySubject.get(body.subject) ?? [];
    known.push({ body, gone: { value: 0, snapshot: 0 } });
    this.#bySubject.set(body.subject, known);
  }

  /** Counts the missing contents of a row as erased, or reports them. */
  explain(row: SealedRow, about: AboutWhom, faults: FaultLog): void {
    const covering = this.#covering(about);
    for (const part of ['value', 'snapshot'] as const) {
      if (row[part] !== 'missing') continue;
      if (!covering) faults.add(`${part}_missing`, `${row.subject}: no erasure covers it`, { ...whereOf(row), table: `audit.${part}` });
      else {
        covering.gone[part] += 1;
        this.erased += 1;
      }
    }
  }

  /** The person's own erasures first: others cover a row only by naming it. */
  #covering(about: AboutWhom): Erasure | undefined {
    const covers = (one: Erasure) => erasureCovers(one.body, about);
    const own = about.k === 'event' ? about.subject : about.actor;
    return this.#bySubject.get(own)?.find(covers) ?? [...this.#bySubject.values()].flat().find(covers);
  }

  /** After all rows were seen: an erasure explains as many absences as it says it made, and no more. */
  compareCounts(faults: FaultLog): void {
    for (const [subject, erasures] of this.#bySubject) {
      for (const part of ['value', 'snapshot'] as const) {
        const gone = erasures.reduce((sum, one) => sum + one.gone[part], 0);
        const said = erasures.reduce((sum, one) => sum + Number(one.body.history[part]), 0);
        if (gone > said)
          faults.add('erasure_exceeded', `${gone} ${part} rows of subject ${subject} are gone; its erasures deleted ${said}`, {
            table: `audit.${part}`,
          });
      }
    }
  }
}

function parsed(text: string): ErasureBody | null {
  try {
    return erasureBody.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
