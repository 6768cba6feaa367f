import type React from 'react';
import { type FilterKind, Filters, type FilterWay } from '../../admin/components/filters.component.tsx';
import { sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';

const roles = [
  ...['assistant', 'support', 'support_lead', 'reviewer', 'reviewer_lead', 'enhancer', 'moderator', 'finance', 'auditor', 'admin'],
  'super_admin',
];

const optionWords: Readonly<Record<string, string>> = {
  ok: t('Done'),
  error: t('Failed'),
  direct: t('Past the application'),
  cli: t('Command line'),
};

const presets = [
  { label: t('Last 24 hours'), hours: 24 },
  { label: t('Last 7 days'), hours: 168 },
  { label: t('Last 30 days'), hours: 720 },
  { label: t('Last 12 months'), hours: 8760 },
];

function kindOf(name: string, label: string, way: Partial<FilterWay> & { words?: readonly string[] } = {}): FilterKind {
  const { words, ...rest } = way;
  const options = words?.map((value) => ({ value, label: optionWords[value] ?? sentenceCase(value) }));
  const control = options ? 'choice' : 'text';
  return { id: name, label, ways: [{ id: 'equals', label: t('is'), params: [name], control, ...(options ? { options } : {}), ...rest }] };
}

/** Everything that narrows the history, in the order of the drawer. */
const kinds: readonly FilterKind[] = [
  { ...kindOf('q', t('Words')), isHidden: true },
  kindOf('outcome', t('Outcome'), { words: ['ok', 'denied', 'error', 'read'] }),
  kindOf('time', t('Time'), { params: ['from', 'to'], control: 'date', presets }),
  kindOf('verb', t('Action'), { help: t('As in the list, for example unlock-user') }),
  kindOf('resource', t('Resource'), { help: t('For example user, staff_grant, session') }),
  kindOf('role', t('Role'), { words: roles }),
  kindOf('actor', t('Actor'), { help: t('Id of the person; a name in the list sets it too') }),
  kindOf('about', t('Record'), { help: t('Id of a record that was touched, or of the person it is about') }),
  kindOf('field', t('Field changed'), { help: t('For example store_name, or identity.vendor.store_name') }),
  kindOf('country', t('Country'), { help: t('Two letters, for example NG'), isUpper: true }),
  kindOf('score', t('Score at least'), { words: ['70', '80', '90'] }),
  kindOf('ticket', t('Ticket'), { help: t('Its number, for example T-100042, or its id') }),
  kindOf('request', t('Request'), { help: t('Id of the request') }),
  kindOf('tx', t('Transaction'), { help: t('Number of the database transaction') }),
  kindOf('type', t('Kind of actor'), { words: ['staff', 'client', 'vendor', 'anonymous'] }),
  kindOf('door', t('Door'), { words: ['admin', 'api', 'worker', 'cli', 'direct'] }),
];

/** What narrows the history: the filter bar of every list, over the explorer's own table. */
export function AuditFilters(props: {
  params: URLSearchParams;
  actorName: string | null;
  onChange: (next: URLSearchParams) => void;
}): React.ReactElement | null {
  const { params, actorName, onChange } = props;
  const actor = params.get('actor');
  const hasTime = params.has('from') || params.has('to');
  return (
    <Filters
      kinds={kinds}
      params={params}
      names={new Map(actor === null ? [] : [[actor, actorName ?? actor.slice(0, 8)]])}
      note={hasTime ? null : t('Last 30 days')}
      onChange={onChange}
    />
  );
}
