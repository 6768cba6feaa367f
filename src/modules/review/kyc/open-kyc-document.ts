import type { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { useDailyQuota } from '../../../foundation/command/daily-quota.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { issueSingleUse, personBox, privateFileFacts } from '../../identity/index.ts';
import { staffIn } from '../cases/case-record.ts';
import { legalNameBox } from './kyc-fields.ts';
import { documentInput, documentSubject, loadDocument, type ReachedDocument, renewClaim } from './load-document.ts';
import { linkSession } from './view-kyc-document.ts';

export const linkSeconds = 60;

export type OpenedDocument = {
  documentId: string;
  /** On our own origin; serves once, to this session, for `linkSeconds`. An image can stand in the page; a PDF opens in a tab of its own. */
  link: string;
  linkSeconds: number;
  contentType: string;
  /** To compare with what the document says; shown as long as the document, kept nowhere. */
  legalName: string | null;
  quotaLeft: number;
};

/**
 * A link to one document of the case somebody holds, or gives the second answer to (F106): reason and fresh factor by the matrix, one
 * of the day's reveals here. The action row names document and case, never what is on it.
 * @throws AppError 403 `quota_exceeded`, 404 `not_found` also for a document whose file is gone
 */
export const openKycDocument = defineCommand<z.infer<typeof documentInput>, OpenedDocument, undefined, ReachedDocument>({
  name: 'open-kyc-document',
  resource: 'kyc_document',
  access: 'kyc_document.open',
  input: documentInput,
  isIdempotent: false,
  load: loadDocument,
  subject: documentSubject,
  async preview() {
    return [
      `Opens one document, once, within ${linkSeconds} seconds. Your name is written across it.`,
      "Uses one of today's reveals. Your name, the reason and the document are recorded.",
    ];
  },
  async run(scope, { id, documentId }, { submission, document, caseId }) {
    const { ownerUserId } = submission;
    const file = (await privateFileFacts(scope.tx, [document.fileId])).get(document.fileId);
    if (!file || file.isDeleted) fail('not_found');
    const quotaLeft = await useDailyQuota(scope, 'reveals');
    const staff = staffIn(scope);
    const token = await issueSingleUse(scope, {
      kind: 'file_link',
      clientId: linkSession(staff),
      userId: staff.id,
      lifeSeconds: linkSeconds,
      payload: { id, documentId, part: 'whole' },
    });
    await renewClaim(scope, caseId);
    scope.touched(documentId, id, ownerUserId);
    scope.note(`${document.type}${caseId ? `, case ${caseId}` : ', without a case'}`);
    scope.emit({
      name: 'identity.pii.revealed',
      aggregateId: ownerUserId,
      payload: { actorId: actorIdOf(scope.actor), userId: ownerUserId, field: `kyc_document.${document.type}`, quotaLeft },
    });
    const box = await personBox(scope.deps, scope.tx, ownerUserId);
    const legalName = box && submission.legalNameEnc ? box.open(legalNameBox(id), submission.legalNameEnc) : null;
    return { documentId, link: `/admin/files/kyc-document/${token}`, linkSeconds, contentType: file.mime, legalName, quotaLeft };
  },
});
