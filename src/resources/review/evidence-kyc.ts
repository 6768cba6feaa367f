import type { KycEvidence } from '../../modules/review/index.ts';
import { dayText, sentence, sizeText } from './evidence-words.ts';
import type { DocumentJson, Section } from './review-types.ts';

type Opening = Pick<Extract<Section, { kind: 'documents' }>, 'open' | 'quotaLeft'>;

/** Proofs of identity: which are there and which are new, never what is on them. */
export function kycSections(evidence: KycEvidence, opening: Opening, bankNames: readonly string[]): readonly Section[] {
  const missing = evidence.required.filter(({ isGiven }) => !isGiven);
  return [
    {
      kind: 'documents',
      title: `Documents, ${evidence.documents.length}`,
      submissionId: evidence.id,
      documents: evidence.documents.map(documentJson),
      ...opening,
    },
    {
      kind: 'facts',
      title: 'What is asked of this business type',
      facts: [
        { label: 'Business type', value: evidence.businessType ? sentence(evidence.businessType) : null },
        ...evidence.required.map(({ label, isGiven }) => ({
          label,
          value: isGiven ? 'Handed in' : 'Missing',
          ...(isGiven ? {} : { tone: 'danger' as const }),
        })),
      ],
    },
    {
      kind: 'compare',
      title: 'Names to compare',
      facts: [
        { label: 'Legal name', value: evidence.legalNameMasked, isCode: true, note: 'In clear beside an opened document' },
        { label: 'Store', value: evidence.storeName },
        { label: 'Bank account', value: bankNames.join(', ') || null, isCode: true },
      ],
      verdict: missing.length > 0 ? { tone: 'danger', text: `${missing.length} missing` } : null,
    },
  ];
}

function documentJson({
  id,
  label,
  status,
  note,
  numberLast4,
  contentType,
  bytes,
  isPdf,
  handedInAt,
  isNew,
}: KycEvidence['documents'][number]): DocumentJson {
  const file = contentType === null ? 'The file is gone' : `${isPdf ? 'PDF' : 'Picture'}, ${sizeText(bytes ?? 0)}`;
  return {
    id,
    label,
    number: numberLast4 ? `••• ${numberLast4}` : null,
    file: `${file}, handed in ${dayText(handedInAt)}`,
    state: isNew
      ? { label: 'New', tone: 'info' }
      : status === 'accepted'
        ? { label: 'Accepted', tone: 'ok' }
        : status === 'refused'
          ? { label: 'Refused', tone: 'danger' }
          : { label: 'Handed in', tone: 'neutral' },
    note,
  };
}
