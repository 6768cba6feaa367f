/** What the record page of a submission gets beside its row; times as ISO 8601. */
export type KycDocumentJson = {
  id: string;
  label: string;
  status: 'uploaded' | 'accepted' | 'refused';
  note: string | null;
  hasNumber: boolean;
  numberLast4: string | null;
  contentType: string | null;
  isPdf: boolean;
  handedInAt: string;
  isNew: boolean;
  sameNumberAt: readonly { vendorId: string; storeName: string | null }[];
};

export type KycExtra = {
  documents: readonly KycDocumentJson[];
  required: readonly { label: string; isGiven: boolean }[];
  cases: readonly { id: string; round: number; status: string; createdAt: string; decidedAt: string | null }[];
  mayOpen: boolean;
  quotaLeft: number | null;
};
