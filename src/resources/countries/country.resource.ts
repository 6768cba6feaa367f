import { z } from 'zod';
import { commandAction, defineResource, type Row, type Where } from '../../admin/index.ts';
import { refreshCountriesByStaff, setCountryActive, setCountryOrder } from '../../modules/reference/index.ts';

const activity = { true: { label: 'Open', tone: 'ok' }, false: { label: 'Closed', tone: 'neutral' } } as const;

/** The countries people may choose, from the bundled list; staff open and close them, order them, and bring them up to date. */
export const countryResource = defineResource({
  id: 'Country',
  noun: 'country',
  title: 'Countries',
  singular: 'country',
  icon: 'globe',
  navigationGroup: 'System',
  model: 'Country',
  columns: {
    name: { type: 'text', label: 'Name', isKey: true },
    flag: { type: 'text', label: 'Flag', in: ['list'] },
    iso2: { type: 'text', label: 'Code', isKey: true },
    iso3: { type: 'text', label: 'Long code', in: ['show'] },
    region: { type: 'text', label: 'Region' },
    capital: { type: 'text', label: 'Capital', in: ['show'] },
    currency: { type: 'text', label: 'Currency' },
    callingCode: { type: 'text', label: 'Calling code' },
    isActive: { type: 'enum', label: 'Sign-up', value: (row) => String(row.isActive === true), states: activity, isKey: true },
    sortOrder: { type: 'integer', label: 'Order', in: ['show'] },
    updatedAt: { type: 'datetime', label: 'Changed', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    name: { type: 'text', label: 'Name', operators: ['starts', 'equals'] },
    iso2: { type: 'text', label: 'Code', operators: ['equals', 'in'] },
    region: { type: 'text', label: 'Region', operators: ['equals', 'in', 'isEmpty'] },
    currency: { type: 'text', label: 'Currency', operators: ['equals', 'in', 'isEmpty'] },
    callingCode: { type: 'text', label: 'Calling code', operators: ['equals', 'starts', 'isEmpty'] },
    isActive: { type: 'boolean', label: 'Open for sign-up', operators: ['equals'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { name: { index: 'country_name_key' }, iso2: { index: 'country_iso2_key' }, sortOrder: { index: 'country_sort_order_name_idx' } },
  defaultSort: { field: 'name', direction: 'asc' },
  search: searchCountries,
  scope: null,
  permissions: { list: 'country.list', show: 'country.list', search: 'country.list' },
  recordTitle: { from: ['name'], of: (row) => String(row.name ?? '') },
  hidden: ['version'],
  actions: [
    commandAction(setCountryActive, {
      name: 'openCountry',
      label: 'Open for sign-up',
      effect: 'New people may choose this country',
      placement: ['record'],
      group: 'careful',
      isVisible: (row) => row.isActive === false,
      toInput: (_form, target) => ({ id: target.recordId, isActive: true }),
      message: (_output, row) => `Opened. People may choose ${nameOf(row)} from now on.`,
    }),
    commandAction(setCountryActive, {
      name: 'closeCountry',
      label: 'Close for sign-up',
      effect: 'Nobody new may choose this country; people who have it keep it',
      placement: ['record'],
      group: 'careful',
      isVisible: (row) => row.isActive === true,
      toInput: (_form, target) => ({ id: target.recordId, isActive: false }),
      message: (_output, row) => `Closed. Nobody new may choose ${nameOf(row)}; people who have it keep it.`,
    }),
    commandAction(setCountryOrder, {
      label: 'Change order',
      effect: 'Where it stands in lists: lower comes first',
      placement: ['record'],
      group: 'everyday',
      form: [
        { name: 'sortOrder', label: 'Order', type: 'number', isRequired: true, help: 'A whole number from 0; equal ones stand by name.' },
      ],
      message: (_output, row) => `Moved. ${nameOf(row)} stands where you put it.`,
    }),
    commandAction(refreshCountriesByStaff, {
      name: 'refreshCountries',
      label: 'Refresh from bundled list',
      effect: 'Adds what is missing and corrects what differs; nothing is deleted or opened',
      placement: ['resource'],
      group: 'careful',
      reasonCodes: ['error_correction', 'policy', 'other'],
      toInput: () => ({}),
      message: refreshedWords,
    }),
  ],
  components: {},
  historyTable: 'reference.country',
  isPersonalData: false,
});

function refreshedWords(output: unknown): string {
  const counts = z.object({ added: z.number(), changed: z.number() }).safeParse(output);
  if (!counts.success || counts.data.added + counts.data.changed === 0) return 'Nothing differed: the list stays as it is.';
  return `Refreshed. ${counts.data.added} added, ${counts.data.changed} changed.`;
}

function nameOf(row: Row | null): string {
  return typeof row?.name === 'string' ? row.name : 'this country';
}

/** A code, or part of a name; the table has some 250 rows. */
function searchCountries(text: string): Where | null {
  const typed = text.trim();
  if (/^[a-z]{2}$/i.test(typed)) return { iso2: { equals: typed.toUpperCase() } };
  if (/^\+\d{1,4}$/.test(typed)) return { callingCode: { equals: typed } };
  if (typed.length < 2) return null;
  return { name: { contains: typed.replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' } };
}
