import type { ReviewCase } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import type { CaseKind } from '../checklists.ts';
import type { CaseDecision, FieldNote } from './case-shapes.ts';
import { noteFields } from './note-fields.ts';

type Said = {
  decision: CaseDecision;
  text?: string | undefined;
  fieldNotes?: readonly FieldNote[] | undefined;
};

/** What follows from a decision, in words, and below it exactly what the vendor will read. For the confirmation form. */
export async function messageTo(
  _scope: Pick<CommandScope, 'tx'>,
  { kind, needsSecond, sampleOfId, status }: ReviewCase,
  { decision, text, fieldNotes = [] }: Said,
): Promise<readonly string[]> {
  if (sampleOfId) return ['Kept as a second look for the quality page. Nothing moves, and the vendor is told nothing.'];
  if (decision === 'approve' && needsSecond && status === 'claimed')
    return ['Nothing moves yet and the vendor is told nothing: a second person, who does not see your answer, decides as well.'];
  const words = text?.trim() ? [`They read: “${text.trim()}”`] : [];
  return [effects[kind][decision], ...words, ...fieldNotes.map((said) => noteWords(kind, said))];
}

function noteWords(kind: CaseKind, { field, note }: FieldNote): string {
  const label = noteFields[kind].find((known) => known.field === field)?.label ?? field;
  return `On ${label}: “${note}”`;
}

const effects: Readonly<Record<CaseKind, Readonly<Record<CaseDecision, string>>>> = {
  vendor: {
    approve: 'The store is approved and its published products are sold. The vendor is told.',
    reject: 'The store is rejected; only an administrator can accept an appeal. The vendor is told.',
    request_changes: 'The store goes back to the vendor, who can change it and hand it in again. The vendor is told.',
  },
  kyc: {
    approve: 'The proofs are accepted and kept for seven years. The vendor is told.',
    reject: 'The proofs are refused for good; only an administrator can open them again. The vendor is told.',
    request_changes: 'The vendor is asked for the proofs again, with your notes on each document.',
  },
  product: {
    approve: 'The product is published and sold from now on. The vendor is told.',
    reject: 'The product is rejected. The vendor is told.',
    request_changes: 'The product goes back to the vendor, who can change it and hand it in again. The vendor is told.',
  },
  product_revision: {
    approve: 'What you accept replaces what is live, at once. The author is told.',
    reject: 'The live product stays as it is. The author is told.',
    request_changes: 'A proposed change is accepted or declined; it is not sent back.',
  },
};
