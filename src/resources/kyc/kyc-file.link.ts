import { defineFileLink } from '../../admin/index.ts';
import { documentLabels, markLines, shownKycDocument, type ViewedDocument, viewKycDocument } from '../../modules/review/index.ts';

/** What a link of the action `open` shows: a picture with the viewer's name burnt in, or the pages of a PDF below it. */
export const kycFileLink = defineFileLink<ViewedDocument>({
  id: 'kyc-document',
  noun: 'kyc_document',
  permission: 'kyc_document.view',
  command: viewKycDocument,
  isOutput: (output): output is ViewedDocument => typeof output === 'object' && output !== null && 'fileId' in output && 'part' in output,
  recordsRead: ({ documentId, submissionId, ownerUserId }) => [documentId, submissionId, ownerUserId],
  async show(viewed, { staff, deps }) {
    const viewer = { name: staff.displayName, id: staff.id };
    if (viewed.pagesToken) {
      return {
        kind: 'framed',
        title: documentLabels[viewed.type],
        src: `/admin/files/kyc-document/${viewed.pagesToken}`,
        marks: markLines(viewer, deps.clock.now()),
      };
    }
    const { type, bytes } = await shownKycDocument(deps, viewed, viewer);
    return { kind: viewed.part === 'pages' ? 'pages' : 'picture', type, bytes };
  },
});
