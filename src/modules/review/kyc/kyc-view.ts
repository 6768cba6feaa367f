import type { KycDocument, KycSubmission } from '@prisma/client';
import { documentLabels } from './document-words.ts';
import type { KycRecord } from './kyc-record.ts';

/** `Kyc` of auth-api.md 2.7, for the owner. `id` is null and `version` 0 while nothing was ever handed in. */
export type KycView = {
  id: string | null;
  status: KycSubmission['status'];
  reviewNotes: string | null;
  documents: { id: string; type: KycDocument['type']; last4: string | null; status: KycDocument['status'] }[];
  version: number;
};

export const nothingSent: KycView = { id: null, status: 'draft', reviewNotes: null, documents: [], version: 0 };

export function kycView(record: KycRecord): KycView {
  const { id, status, version, documents } = record;
  return {
    id,
    status,
    reviewNotes: notesOf(record),
    documents: documents.map((document) => ({
      ...{ id: document.id, type: document.type, last4: document.numberLast4?.trim() ?? null, status: document.status },
    })),
    version,
  };
}

/** What the reviewer wrote about all of it, then document by document. */
function notesOf({ notesToVendor, documents }: KycRecord): string | null {
  const single = documents.flatMap(({ type, note }) => (note ? [`${documentLabels[type]}: ${note}`] : []));
  return [...(notesToVendor ? [notesToVendor] : []), ...single].join('\n') || null;
}
