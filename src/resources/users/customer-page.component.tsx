import type React from 'react';
import type { RecordPageProps } from '../../admin/components/admin-types.component.tsx';
import { RecordHistory } from '../../admin/components/record-history.component.tsx';
import { type Tab, Tabs } from '../../admin/components/tabs.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { CallerCheck } from './caller-check.component.tsx';
import type { CustomerExtra, TabProps } from './customer-types.component.tsx';
import { DeliveriesTab } from './deliveries-tab.component.tsx';
import { NotesTab } from './notes-tab.component.tsx';
import { OrdersTab } from './orders-tab.component.tsx';
import { OverviewTab } from './overview-tab.component.tsx';
import { RequestsTab } from './requests-tab.component.tsx';
import { RevealsProvider } from './reveal.component.tsx';
import { RoleTab } from './role-tab.component.tsx';
import { SecurityTab } from './security-tab.component.tsx';
import { StatusStrip } from './status-strip.component.tsx';
import { TicketsTab } from './tickets-tab.component.tsx';

/** One page per customer: who they are, whether they can sign in and why not, what was done and by whom. */
export default function CustomerPage({ answer, reload }: RecordPageProps): React.ReactElement {
  const extra = answer.extra as CustomerExtra;
  const props = { answer, extra, reload };
  return (
    <RevealsProvider extra={extra}>
      <StatusStrip extra={extra} />
      <CallerCheck {...props} />
      <Tabs label={t('About this customer')} tabs={tabsOf(props).filter((tab) => tab !== null)} />
    </RevealsProvider>
  );
}

function tabsOf(props: TabProps): (Tab | null)[] {
  const { extra, reload } = props;
  const { profile, notes, tickets, approvals, privacy, consents } = extra;
  const waiting = (approvals?.length ?? 0) + (privacy?.length ?? 0);
  const orders = profile.client?.totalOrders ?? null;
  return [
    { id: 'overview', label: t('Overview'), content: () => <OverviewTab {...props} /> },
    { id: 'security', label: t('Security'), content: () => <SecurityTab {...props} /> },
    { id: 'role', label: profile.kind === 'vendor' ? t('Vendor') : t('Client'), content: () => <RoleTab {...props} /> },
    tickets
      ? {
          id: 'tickets',
          label: t('Tickets'),
          count: tickets.filter((ticket) => ticket.isLive).length,
          content: () => <TicketsTab tickets={tickets} />,
        }
      : null,
    orders === null
      ? null
      : { id: 'orders', label: t('Orders'), count: orders, content: () => <OrdersTab total={orders} tickets={tickets ?? []} /> },
    extra.hasDeliveries ? { id: 'deliveries', label: t('Deliveries'), content: () => <DeliveriesTab {...props} /> } : null,
    notes ? { id: 'notes', label: t('Notes'), count: notes.length, content: () => <NotesTab {...props} notes={notes} /> } : null,
    approvals || privacy || consents
      ? { id: 'requests', label: t('Requests'), count: waiting, content: () => <RequestsTab extra={extra} /> }
      : null,
    extra.hasHistory
      ? { id: 'history', label: t('History'), content: () => <RecordHistory of={`subject=${profile.id}`} onChanged={reload} /> }
      : null,
  ];
}
