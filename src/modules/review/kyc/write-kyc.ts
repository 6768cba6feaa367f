import type { KycDocument } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { deletePrivateFile, type PersonBox, personBox } from '../../identity/index.ts';
import { kycStates } from '../case-states.ts';
import type { GivenDocument, GivenKyc } from './given-documents.ts';
import { legalNameBox, maskedName, numberBox } from './kyc-fields.ts';
import type { KycRecord } from './kyc-record.ts';

type Target = { ownerUserId: string; vendorId: string; submission: KycRecord | null };

/** A copy as Prisma takes it for a bytea column. */
const column = (value: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(value);

/**
 * Writes a submission that was found in order. A document of which type, file and number are the ones before stays the row it was; the
 * others are replaced, and files that nothing names any more are deleted.
 */
export async function writeKyc(
  scope: CommandScope,
  given: GivenKyc,
  { ownerUserId, vendorId, submission }: Target,
): Promise<{ id: string; version: number }> {
  const { tx, now, deps } = scope;
  const box = (await personBox(deps, tx, ownerUserId)) ?? fail('not_found');
  const id = submission?.id ?? newId();
  const columns = {
    legalNameEnc: column(box.seal(legalNameBox(id), given.legalName)),
    legalNameMasked: maskedName(given.legalName),
    status: kycStates.steps.submit.to,
    notesToVendor: null,
    submittedAt: now,
    retentionUntil: null,
  };
  if (submission) {
    // Compare-and-set: the row is locked, so only SQL from outside could have been faster.
    const where = { id, version: submission.version, status: submission.status };
    const { count } = await tx.kycSubmission.updateMany({ where, data: { ...columns, version: { increment: 1 } } });
    if (count === 0) fail('transition_not_allowed');
  } else {
    await tx.kycSubmission.createMany({ data: { id, createdAt: now, vendorId, ownerUserId, ...columns } });
  }
  await replaceDocuments(scope, given.documents, { id, ownerUserId, box, before: submission?.documents ?? [] });
  return { id, version: (submission?.version ?? 0) + 1 };
}

type Place = { id: string; ownerUserId: string; box: PersonBox; before: readonly KycDocument[] };

async function replaceDocuments(scope: CommandScope, given: readonly GivenDocument[], place: Place): Promise<void> {
  const { tx, now, deps } = scope;
  const kept = new Set<string>();
  const added: GivenDocument[] = [];
  for (const document of given) {
    const same = place.before.find((row) => isSame(row, document, deps.keyring.blindIndex));
    if (same) kept.add(same.id);
    else added.push(document);
  }
  const gone = place.before.filter(({ id }) => !kept.has(id));
  await tx.kycDocument.deleteMany({ where: { id: { in: gone.map(({ id }) => id) } } });
  await tx.kycDocument.updateMany({
    where: { id: { in: [...kept] } },
    data: { status: 'uploaded', note: null, version: { increment: 1 } },
  });
  if (added.length > 0) await tx.kycDocument.createMany({ data: added.map((document) => rowOf(document, place, { now, deps })) });
  const named = new Set(given.map(({ fileId }) => fileId));
  for (const { fileId } of gone) if (!named.has(fileId)) await deletePrivateFile(scope, fileId);
}

/** A number that is left out stays what it was: the owner is shown its last four characters only. */
function isSame(
  row: KycDocument,
  { type, fileId, number }: GivenDocument,
  blindIndex: CommandScope['deps']['keyring']['blindIndex'],
): boolean {
  if (row.type !== type || row.fileId !== fileId) return false;
  return number === null || (row.numberBidx !== null && blindIndex('document', number).equals(row.numberBidx));
}

function rowOf(
  { type, number, fileId }: GivenDocument,
  { id, ownerUserId, box }: Place,
  { now, deps }: Pick<CommandScope, 'now' | 'deps'>,
) {
  const documentId = newId();
  const numberColumns =
    number === null
      ? {}
      : {
          numberEnc: column(box.seal(numberBox(documentId), number)),
          numberBidx: column(deps.keyring.blindIndex('document', number)),
          numberLast4: number.slice(-4),
        };
  return { id: documentId, createdAt: now, submissionId: id, ownerUserId, type, fileId, ...numberColumns };
}
