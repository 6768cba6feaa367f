import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';

export type CaseKind = ReviewCase['kind'];
export const answers = ['pass', 'fail', 'na'] as const;
export type Answer = (typeof answers)[number];

export type ChecklistItem = Readonly<{ item: string; label: string; mayBeNa: boolean }>;

const item = (name: string, label: string, mayBeNa = false): ChecklistItem => ({ item: name, label, mayBeNa });

/** What a reviewer looks at, by kind of case (product.md 6.2), in the order of the screen. */
export const checklists: Readonly<Record<CaseKind, readonly ChecklistItem[]>> = {
  vendor: [
    item('name', 'The store name is neither offensive nor a duplicate'),
    item('description', 'The description says what the store sells'),
    item('logo', 'The logo fits and is their own', true),
    item('contact', 'The contact is verified'),
    item('place', 'The place is valid'),
    item('business_type', 'Business type and tax id agree'),
    item('kyc', 'KYC is approved'),
    item('bank_name', 'The bank account is in the legal name', true),
    item('suspended_match', 'No match with a suspended vendor (bank, phone, tax id, device)'),
    item('collections', 'The collections fit what is sold'),
  ],
  kyc: [
    item('readable', 'The documents are readable and whole'),
    item('current', 'The documents are current'),
    item('names', 'The names agree'),
    item('number', 'The numbers have the right form'),
    item('selfie', 'The selfie matches the document', true),
    item('cac', 'The CAC certificate belongs to the business', true),
  ],
  product: [
    item('title', 'Title and description are true and complete'),
    item('images', 'The images show the product and have an alternative text'),
    item('category', 'The category fits'),
    item('price', 'The price is plausible for the category'),
    item('counterfeit', 'Neither counterfeit nor prohibited'),
    item('size_guide', 'There is a size guide where measurements are needed', true),
    item('pre_order', 'The pre-order date is in the future', true),
    item('duplicate', 'Not a duplicate of another product'),
  ],
  product_revision: [
    item('true', 'The change is true'),
    item('category', 'The category still fits'),
    item('price', 'The price is plausible for the category', true),
    item('images', 'The images show the product and have an alternative text', true),
    item('counterfeit', 'Neither counterfeit nor prohibited'),
  ],
};

export const checklistAnswer = z.strictObject({
  item: z.string().max(40),
  answer: z.enum(answers),
  note: z.string().trim().max(500).optional(),
});
export type ChecklistAnswer = z.infer<typeof checklistAnswer>;

export type ChecklistFault = { path: string; code: 'required' | 'invalid_value' };

/**
 * What keeps a decision from being made with these answers: an item that does not exist, stands twice or may not be "not applicable".
 * An approval needs an answer to every item and no fail; other decisions may leave items open.
 */
export function checklistFaults(kind: CaseKind, given: readonly ChecklistAnswer[], decision: ReviewCase['decision']): ChecklistFault[] {
  const known = new Map(checklists[kind].map((entry) => [entry.item, entry]));
  const seen = new Set<string>();
  const faults: ChecklistFault[] = [];
  for (const { item: name, answer } of given) {
    const entry = known.get(name);
    const isWrong = !entry || seen.has(name) || (answer === 'na' && !entry.mayBeNa) || (decision === 'approve' && answer === 'fail');
    if (isWrong) faults.push({ path: `checklist.${name}`, code: 'invalid_value' });
    seen.add(name);
  }
  if (decision === 'approve') {
    for (const name of known.keys()) if (!seen.has(name)) faults.push({ path: `checklist.${name}`, code: 'required' });
  }
  return faults;
}
