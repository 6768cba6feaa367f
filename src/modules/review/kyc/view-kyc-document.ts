import { z } from 'zod';
import { decide } from '../../../foundation/access/evaluate.ts';
import { defineCommand } from '../../../foundation/command/command.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { issueSingleUse, privateFileFacts, redeemSingleUse } from '../../identity/index.ts';
import type { DocumentType } from '../case-rules.ts';
import { staffIn } from '../cases/case-record.ts';
import { documentSubject, loadDocument } from './load-document.ts';

const input = z.strictObject({ token: z.string().min(1).max(100) });

/** `whole`: what a link gives out. `pages`: the PDF itself, inside the page that a link to a PDF gives out. */
const payload = z.object({ id: z.uuid(), documentId: z.uuid(), part: z.enum(['whole', 'pages']) });

/** A page that loads what is in it at once. */
const pagesSeconds = 60;

export type ViewedDocument = {
  documentId: string;
  submissionId: string;
  ownerUserId: string;
  fileId: string;
  type: DocumentType;
  contentType: string;
  part: z.infer<typeof payload>['part'];
  /** For the page around a PDF: the token of its pages. */
  pagesToken: string | null;
};

/** The session that a link belongs to: SHA-256 of its id, of which nobody else has the other half. */
export function linkSession({ sessionHash }: Pick<StaffActor, 'sessionHash'>): string {
  return sessionHash.toString('base64url');
}

/**
 * Uses a link of openKycDocument() up: once, within its minute, in the session that asked, and only while its maker could still open
 * the document: the case theirs, nothing that ties them to the owner. Of parallel calls one gets the document.
 * @throws AppError 410 `token_expired` for a link that is unknown, used, over-age or of another session; 403 `forbidden` where the case
 *   is not the caller's any more or something ties them to the owner
 */
export const viewKycDocument = defineCommand<z.infer<typeof input>, ViewedDocument>({
  name: 'view-kyc-document',
  resource: 'kyc_document',
  access: 'kyc_document.view',
  input,
  isIdempotent: false,
  async run(scope, { token }) {
    const staff = staffIn(scope);
    const whose = { kind: 'file_link', clientId: linkSession(staff), userId: staff.id } as const;
    const redeemed = await redeemSingleUse(scope, { ...whose, token });
    const link = payload.safeParse(redeemed?.payload);
    if (!link.success) return { refused: 'token_expired', details: { status: 410 } };
    const { id, documentId, part } = link.data;
    scope.touched(documentId, id);
    const reached = await loadDocument(scope, { id, documentId });
    const asked = { actor: staff, permission: 'kyc_document.open', subject: documentSubject(reached), now: scope.now } as const;
    const decision = decide(asked);
    if (!decision.isAllowed) {
      const { rule, sentence } = decision;
      scope.note(`rule ${rule}`);
      return { refused: 'forbidden', details: { extra: { rule, sentence } } };
    }
    const { submission, document } = reached;
    const file = (await privateFileFacts(scope.tx, [document.fileId])).get(document.fileId);
    if (!file || file.isDeleted) return { refused: 'not_found' };
    const isPage = part === 'whole' && file.mime === 'application/pdf';
    const pagesToken = isPage
      ? await issueSingleUse(scope, { ...whose, lifeSeconds: pagesSeconds, payload: { id, documentId, part: 'pages' } })
      : null;
    scope.touched(submission.ownerUserId);
    scope.note(`${document.type}, ${part}`);
    const { ownerUserId } = submission;
    return {
      documentId,
      submissionId: id,
      ownerUserId,
      fileId: document.fileId,
      type: document.type,
      contentType: file.mime,
      part,
      pagesToken,
    };
  },
});
