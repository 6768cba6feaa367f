import type { ProofAnswer } from '../../admin/history/history-answers.ts';
import type { LastVerify, RowProof } from '../../audit/index.ts';

type Words = Pick<ProofAnswer, 'state' | 'sentences' | 'facts' | 'canDownload'>;

/** What a proof says, for somebody who has never heard of a Merkle tree. */
export function proofWords(proof: RowProof, lastVerify: LastVerify): Words {
  switch (proof.state) {
    case 'waiting':
      return {
        state: 'waiting',
        sentences: ['This row is recorded and not sealed yet. Sealing follows within seconds; look again in a moment.'],
        facts: [],
        canDownload: false,
      };
    case 'absent':
      return {
        state: 'absent',
        sentences: [
          'This row is sealed, and is no longer in the database: its month was archived.',
          'Verify checks it against the archive file of that month.',
        ],
        facts: [numberFact(proof.sealed.seq)],
        canDownload: false,
      };
    case 'broken':
      return {
        state: 'broken',
        sentences: [
          'This row does not fit its seal. It, its leaf or the checkpoint was changed after sealing.',
          'Do not rely on what it says. Start a verification now and tell whoever answers for the platform.',
        ],
        facts: [numberFact(proof.sealed.seq)],
        canDownload: false,
      };
    case 'sealed':
      return sealedWords(proof, lastVerify);
    default:
      return proof satisfies never;
  }
}

function sealedWords({ checkpoint, sealed, row }: Extract<RowProof, { state: 'sealed' }>, lastVerify: LastVerify): Words {
  const { anchored } = checkpoint;
  const isCovered = lastVerify !== null && lastVerify.from <= sealed.seq && sealed.seq < lastVerify.to;
  return {
    state: 'sealed',
    sentences: [
      'This row is sealed: a signed checkpoint covers it, and changing a letter of it would show.',
      anchored
        ? 'The checkpoint was copied to a place outside this database: whoever holds the database cannot take the row back.'
        : 'The checkpoint has not been copied outside yet. That happens every five minutes; until then the proof rests on the signature alone.',
      ...(isCovered ? [verifiedSentence(lastVerify)] : []),
      ...(isErased(row.value) || isErased(row.snapshot)
        ? ['What it held was erased at the request of the person. That it happened, and when, stays proved.']
        : []),
    ],
    facts: [
      numberFact(sealed.seq),
      { label: 'Sealed', text: checkpoint.at, isTime: true },
      ...(anchored ? [{ label: `Anchored (${anchored.target})`, text: anchored.at.toISOString(), isTime: true }] : []),
      ...(isCovered ? [{ label: 'Last verified', text: lastVerify.at.toISOString(), isTime: true }] : []),
      { label: 'Checkpoint of', text: `${new Intl.NumberFormat('en').format(checkpoint.size)} rows` },
      { label: 'Root', text: checkpoint.root.toString('base64') },
      { label: 'Signed with key', text: checkpoint.keyId },
    ],
    canDownload: true,
  };
}

function verifiedSentence({ isValid }: NonNullable<LastVerify>): string {
  return isValid
    ? 'The history around it was verified since, row by row, and was sound.'
    : 'The last verification of the history found faults. See the state of the audit before you rely on this row.';
}

function isErased(part: { salt: string; body: string } | { absent: string } | null): boolean {
  return part !== null && 'absent' in part;
}

function numberFact(seq: number): ProofAnswer['facts'][number] {
  return { label: 'Number in the history', text: new Intl.NumberFormat('en').format(seq) };
}
