import { join } from 'node:path';
import { defineResource, type ResourceActor, type Row, type Where } from '../../admin/index.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { revisionKinds, revisionStatuses } from './product-words.ts';
import { revisionActions } from './revision-actions.ts';
import { revisionJson } from './revision-json.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What vendors changed of live products, and what enhancers proposed. */
export const revisionResource = defineResource({
  id: 'ProductRevision',
  noun: 'product',
  title: 'Changes and suggestions',
  singular: 'proposed change',
  icon: 'scroll',
  navigationGroup: 'Marketplace',
  model: 'ProductRevision',
  related: { product: { select: { title: true } } },
  columns: {
    productTitle: { type: 'text', label: 'Product', from: [], value: (row) => titleIn(row), isKey: true, in: ['list'] },
    productId: { type: 'reference', label: 'Product', reference: 'Product', in: ['show'] },
    kind: { type: 'enum', label: 'Kind', states: revisionKinds, isKey: true },
    status: { type: 'enum', label: 'Status', states: revisionStatuses, isKey: true },
    authorId: { type: 'reference', label: 'Author', reference: 'Staff', orReference: 'User' },
    createdAt: { type: 'datetime', label: 'Written' },
    decidedAt: { type: 'datetime', label: 'Decided' },
    decidedBy: { type: 'reference', label: 'Decided by', reference: 'Staff', orReference: 'User', in: ['show'] },
    note: { type: 'text', label: 'Note', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    status: { type: 'enum', label: 'Status', operators: ['equals', 'in'] },
    kind: { type: 'enum', label: 'Kind', operators: ['equals'] },
    authorId: { type: 'uuid', label: 'Author', operators: ['equals', 'in'] },
    productId: { type: 'uuid', label: 'Product', operators: ['equals', 'in'] },
    createdAt: { type: 'datetime', label: 'Written', operators: ['between'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { createdAt: { index: 'product_revision_created_at_id_idx' } },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  search: (text) => (uuid.test(text.trim()) ? { OR: [{ id: { equals: text.trim() } }, { productId: { equals: text.trim() } }] } : null),
  scope: readable,
  permissions: { list: 'product.list', show: 'product.show', search: 'product.list' },
  recordTitle: { from: ['kind'], of: (row) => `${row.kind === 'suggestion' ? 'Suggestion' : 'Change'} for ${titleIn(row)}` },
  names: (ids, { deps }) => actorNames(deps, [...ids]),
  subject: (row, { staff }) => ({
    userId: String(row.ownerUserId),
    kind: 'vendor',
    rank: 0,
    // A reviewer decides in the case that they hold, not here.
    isOwn: false,
    isAuthor: row.authorId === staff.id,
  }),
  hidden: ['version', 'ownerUserId'],
  actions: revisionActions,
  components: { show: join(import.meta.dirname, 'revision-page.component.tsx') },
  extra: async (row, actor) => ({ revision: await revisionJson(actor, String(row.id)) }),
  historyTable: 'catalog.product_revision',
  isPersonalData: false,
});

/** What somebody has not proposed yet is theirs alone. */
function readable({ staff }: ResourceActor): Where {
  return { OR: [{ status: { not: 'draft' } }, { authorId: staff.id }], product: { deletedAt: null } };
}

function titleIn({ product }: Row): string {
  const title: unknown = typeof product === 'object' && product !== null ? Reflect.get(product, 'title') : null;
  return typeof title === 'string' ? title : 'a product';
}
