import type { DocumentType } from '../case-rules.ts';

export const documentTypes = [
  ...(['nin_card', 'bvn_slip', 'passport', 'drivers_licence', 'voters_card', 'selfie', 'cac_certificate', 'utility_bill'] as const),
] as const satisfies readonly DocumentType[];

/** What people call a document. */
export const documentLabels: Readonly<Record<DocumentType, string>> = {
  nin_card: 'NIN card',
  bvn_slip: 'BVN slip',
  passport: 'Passport',
  drivers_licence: "Driver's licence",
  voters_card: "Voter's card",
  selfie: 'Selfie',
  cac_certificate: 'CAC certificate',
  utility_bill: 'Utility bill',
};

export function isDocumentType(text: string): text is DocumentType {
  return Object.hasOwn(documentLabels, text);
}
