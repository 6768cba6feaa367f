import { commandAction, defineResource, type Row, type Where } from '../../admin/index.ts';
import { categoryCommands } from '../../modules/catalog/index.ts';

const activity = { true: { label: 'Open', tone: 'ok' }, false: { label: 'Closed', tone: 'neutral' } } as const;
const { editCategory, setCategoryActive, refreshMediansByStaff } = categoryCommands;

/** What products are filed under, whether vendors may choose it, and what things there usually cost. */
export const categoryResource = defineResource({
  id: 'Category',
  noun: 'category',
  title: 'Categories',
  singular: 'category',
  icon: 'tag',
  navigationGroup: 'System',
  model: 'Category',
  columns: {
    name: { type: 'text', label: 'Name', isKey: true },
    code: { type: 'text', label: 'Code', isKey: true },
    parentCode: { type: 'text', label: 'Below' },
    isActive: { type: 'enum', label: 'For products', value: (row) => String(row.isActive === true), states: activity, isKey: true },
    medianPrice: {
      type: 'decimal',
      label: 'Median price',
      value: (row) => (row.medianPrice === null ? null : Number(row.medianPrice).toLocaleString('en', { minimumFractionDigits: 2 })),
    },
    createdAt: { type: 'datetime', label: 'Since', in: ['show'] },
    updatedAt: { type: 'datetime', label: 'Changed', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    code: { type: 'text', label: 'Code', operators: ['equals', 'in', 'starts'] },
    name: { type: 'text', label: 'Name', operators: ['starts', 'equals'] },
    parentCode: { type: 'text', label: 'Below', operators: ['equals', 'isEmpty'] },
    isActive: { type: 'boolean', label: 'Open for products', operators: ['equals'] },
    medianPrice: { type: 'decimal', label: 'Median price', operators: ['between', 'isEmpty'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { code: { index: 'category_code_key' } },
  defaultSort: { field: 'code', direction: 'asc' },
  search: searchCategories,
  scope: null,
  permissions: { list: 'category.list', show: 'category.list', search: 'category.list' },
  recordTitle: { from: ['name'], of: (row) => String(row.name ?? '') },
  hidden: ['version'],
  actions: [
    commandAction(setCategoryActive, {
      name: 'openCategory',
      label: 'Open for products',
      effect: 'Vendors may choose it',
      placement: ['record'],
      group: 'careful',
      isVisible: (row) => row.isActive === false,
      toInput: (_form, target) => ({ id: target.recordId, isActive: true }),
      message: (_output, row) => `Opened. Vendors may choose ${nameOf(row)} from now on.`,
    }),
    commandAction(setCategoryActive, {
      name: 'closeCategory',
      label: 'Close for products',
      effect: 'Nothing new can be handed in under it; what is live stays',
      placement: ['record'],
      group: 'careful',
      isVisible: (row) => row.isActive === true,
      toInput: (_form, target) => ({ id: target.recordId, isActive: false }),
      message: (_output, row) => `Closed. Nothing new can be handed in under ${nameOf(row)}; what is live stays.`,
    }),
    commandAction(editCategory, {
      name: 'rename',
      label: 'Rename',
      effect: 'Its code, which products and links carry, stays',
      placement: ['record'],
      group: 'everyday',
      isEdit: true,
      form: [{ name: 'name', label: 'Name', type: 'text', isRequired: true, maxLength: 120 }],
      toInput: ({ name }, target) => ({ id: target.recordId, name: name ?? nameOf(target.row) }),
      message: () => 'Renamed.',
    }),
    commandAction(refreshMediansByStaff, {
      name: 'refreshMedians',
      label: 'Refresh medians',
      effect: 'From the prices of what is live; otherwise done every hour',
      placement: ['resource'],
      group: 'everyday',
      reasonCodes: ['error_correction', 'quality', 'other'],
      toInput: () => ({}),
      message: refreshedWords,
    }),
  ],
  components: {},
  historyTable: 'catalog.category',
  isPersonalData: false,
});

function refreshedWords(output: unknown): string {
  const changed: unknown = typeof output === 'object' && output !== null ? Reflect.get(output, 'changed') : 0;
  if (changed === 0) return 'Nothing differed: the medians stay as they are.';
  return changed === 1 ? 'Refreshed. 1 median changed.' : `Refreshed. ${String(changed)} medians changed.`;
}

function nameOf(row: Row | null): string {
  return typeof row?.name === 'string' ? row.name : 'this category';
}

/** A code, or the beginning of a name; the table has some hundred rows. */
function searchCategories(text: string): Where | null {
  const typed = text.trim();
  if (typed.length < 2) return null;
  const escaped = typed.replaceAll(/[\\%_]/g, '\\$&');
  return { OR: [{ code: { equals: typed.toLowerCase() } }, { name: { contains: escaped, mode: 'insensitive' } }] };
}
