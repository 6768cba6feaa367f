import type { DocumentType } from '../case-rules.ts';

const elevenDigits = /^\d{11}$/;
const company = /^(?:RC|BN|IT)\d{5,8}$/;
const anyNumber = /^(?=.*\d)[A-Z0-9/]{4,20}$/;

/**
 * The number of a document as it is compared and stored: without blanks and hyphens, upper case. NIN and BVN have 11 digits, a CAC
 * number its letters and 5 to 8 digits. Null for what is no number of such a document; a selfie has none.
 */
export function documentNumber(type: DocumentType, typed: string): string | null {
  const number = typed.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
  switch (type) {
    case 'nin_card':
    case 'bvn_slip':
      return elevenDigits.test(number) ? number : null;
    case 'cac_certificate':
      return company.test(number) ? number : null;
    case 'passport':
    case 'drivers_licence':
    case 'voters_card':
    case 'utility_bill':
      return anyNumber.test(number) ? number : null;
    case 'selfie':
      return null;
    default:
      return type satisfies never;
  }
}

/** Letters of any script, digits and what stands in names of people and companies; at least one letter. */
const legalNameForm = /^[\p{L}\p{M}\p{N} '.,&()/-]{2,150}$/u;

/** A legal name, trimmed, single blanks, straight apostrophes; null for what is none. */
export function legalNameOf(typed: string): string | null {
  const name = typed.normalize('NFC').trim().replace(/\s+/gu, ' ').replaceAll('\u2019', "'");
  return legalNameForm.test(name) && /\p{L}/u.test(name) ? name : null;
}

/** `A••• O•••`: enough to tell two people of one list apart. */
export function maskedName(name: string): string {
  const words = name.split(' ').slice(0, 6);
  return words.map((word) => `${[...word][0] ?? ''}•••`).join(' ');
}

/** Where the boxes of a submission belong; each opens in its own place only. */
export const legalNameBox = (submissionId: string): string => `kyc_submission.legal_name_enc:${submissionId}`;
export const numberBox = (documentId: string): string => `kyc_document.number_enc:${documentId}`;
