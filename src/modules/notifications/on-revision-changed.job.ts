import { z } from 'zod';
import { revisionNotice } from '../catalog/index.ts';
import { defineNotice } from './notice.ts';

/**
 * Tells the owner of a product of a suggestion that waits for them, and of the decision about an edit of their own. Enhancers hear of
 * theirs in the inbox of staff.
 */
export const onRevisionChanged = defineNotice({
  queue: 'notifications.on-revision-changed',
  events: ['catalog.revision.proposed', 'catalog.revision.accepted', 'catalog.revision.rejected'],
  payload: z.object({ revisionId: z.uuid(), productId: z.uuid() }),
  async plan({ name, payload: { revisionId, productId } }, deps) {
    const revision = await revisionNotice(deps, revisionId);
    if (!revision) return null;
    const facts = { recipient: { userId: revision.ownerUserId }, productId };
    const isProposal = name === 'catalog.revision.proposed';
    if (revision.kind === 'suggestion') return isProposal ? { template: 'suggestion_proposed', facts } : null;
    if (isProposal) return null;
    const template = name === 'catalog.revision.accepted' ? 'product_published' : 'product_rejected';
    return { template, facts: { ...facts, revisionId, isChange: true } };
  },
});
