import type React from 'react';
import type { RecordPageProps } from '../../admin/components/admin-types.component.tsx';
import { RecordHistory } from '../../admin/components/record-history.component.tsx';
import { type Tab, Tabs } from '../../admin/components/tabs.component.tsx';
import type { CustomerExtra } from './customer-types.component.tsx';
import { DeliveriesTab } from './deliveries-tab.component.tsx';
import { NotesTab } from './notes-tab.component.tsx';
import { OverviewTab } from './overview-tab.component.tsx';
import { RoleTab } from './role-tab.component.tsx';
import { SecurityTab } from './security-tab.component.tsx';
import { StatusStrip } from './status-strip.component.tsx';

/** One page per customer: who they are, whether they can sign in and why not, what was done and by whom. */
export default function CustomerPage({ answer, reload }: RecordPageProps): React.ReactElement {
  const extra = answer.extra as CustomerExtra;
  const { record, version } = answer;
  const actionOf = (name: string) => answer.actions.find((action) => action.name === name) ?? null;
  const { profile, notes } = extra;
  const tabs: (Tab | null)[] = [
    {
      id: 'overview',
      label: 'Overview',
      content: () => <OverviewTab extra={extra} record={record} version={version} reveal={actionOf('revealContact')} />,
    },
    {
      id: 'security',
      label: 'Security',
      content: () => <SecurityTab extra={extra} record={record} version={version} end={actionOf('revokeSession')} reload={reload} />,
    },
    { id: 'role', label: profile.kind === 'vendor' ? 'Vendor' : 'Client', content: () => <RoleTab extra={extra} /> },
    extra.hasDeliveries ? { id: 'deliveries', label: 'Deliveries', content: () => <DeliveriesTab userId={profile.id} /> } : null,
    notes
      ? {
          id: 'notes',
          label: 'Notes',
          count: notes.length,
          content: () => <NotesTab notes={notes} record={record} version={version} add={actionOf('addNote')} reload={reload} />,
        }
      : null,
    extra.hasHistory
      ? { id: 'history', label: 'History', content: () => <RecordHistory of={`subject=${profile.id}`} onChanged={reload} /> }
      : null,
  ];
  return (
    <>
      <StatusStrip extra={extra} />
      <Tabs label="About this customer" tabs={tabs.filter((tab) => tab !== null)} />
    </>
  );
}
