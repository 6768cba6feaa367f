import type React from 'react';
import type { RecordPageProps } from '../../admin/components/admin-types.component.tsx';
import { RecordHistory } from '../../admin/components/record-history.component.tsx';
import { RecordFacts } from '../../admin/components/record-screen.component.tsx';
import { type Tab, Tabs } from '../../admin/components/tabs.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { BankTab } from './bank-tab.component.tsx';
import { DocumentsTab } from './documents-tab.component.tsx';
import { ProductsTab } from './products-tab.component.tsx';
import { SetupTab } from './setup-tab.component.tsx';
import { SignalsTab } from './signals-tab.component.tsx';
import { StatusTab } from './status-tab.component.tsx';
import { StoreTickets } from './store-tickets.component.tsx';
import { VendorStrip } from './vendor-strip.component.tsx';
import type { VendorExtra, VendorTabProps } from './vendor-types.component.tsx';

/** One page per store: what it is, how far it came, who decided what, where it is paid and what it shares with others. */
export default function VendorPage({ resource, answer, reload }: RecordPageProps): React.ReactElement {
  const extra = answer.extra as VendorExtra;
  const props = { answer, extra, reload };
  const profile: Tab = {
    id: 'profile',
    label: t('Profile'),
    content: () => <RecordFacts fields={resource.fields} answer={answer} />,
  };
  return (
    <>
      <VendorStrip {...props} />
      <Tabs label={t('About this store')} tabs={[profile, ...tabsOf(props).filter((tab) => tab !== null)]} />
    </>
  );
}

function tabsOf(props: VendorTabProps): (Tab | null)[] {
  const { answer, extra, reload } = props;
  const { bankAccounts, signals, kyc, products, tickets } = extra;
  const of = `record=${encodeURIComponent(`identity.vendor:${answer.record.id}`)}`;
  return [
    { id: 'status', label: t('Status'), content: () => <StatusTab extra={extra} /> },
    { id: 'setup', label: t('Setup'), content: () => <SetupTab extra={extra} /> },
    kyc ? { id: 'documents', label: t('Documents'), count: kyc.documents.length, content: () => <DocumentsTab kyc={kyc} /> } : null,
    bankAccounts
      ? { id: 'bank', label: t('Bank accounts'), count: bankAccounts.length, content: () => <BankTab accounts={bankAccounts} /> }
      : null,
    products
      ? {
          id: 'products',
          label: t('Products'),
          count: products.reduce((sum, { count }) => sum + count, 0),
          content: () => <ProductsTab vendorId={answer.record.id} products={products} />,
        }
      : null,
    tickets
      ? {
          id: 'tickets',
          label: t('Tickets'),
          count: tickets.filter((ticket) => ticket.isLive).length,
          content: () => <StoreTickets tickets={tickets} />,
        }
      : null,
    { id: 'signals', label: t('Signals'), count: signals.length, content: () => <SignalsTab signals={signals} /> },
    extra.hasHistory ? { id: 'history', label: t('History'), content: () => <RecordHistory of={of} onChanged={reload} /> } : null,
  ];
}
