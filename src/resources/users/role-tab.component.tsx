import type React from 'react';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { ClientParts } from './client-parts.component.tsx';
import type { Profile, TabProps } from './customer-types.component.tsx';
import { Fact } from './overview-tab.component.tsx';

/** What the customer is to the marketplace: a shopper or the owner of a store. */
export function RoleTab(props: TabProps): React.ReactElement {
  const { extra } = props;
  const { client, vendor } = extra.profile;
  if (vendor && extra.hasVendor) return <VendorFacts vendor={vendor} />;
  if (client && extra.hasClient) {
    return (
      <>
        <ClientFacts client={client} />
        <ClientParts {...props} client={client} />
      </>
    );
  }
  return <p className="fs-muted">{t('Nothing is kept here yet.')}</p>;
}

function VendorFacts({ vendor }: { vendor: NonNullable<Profile['vendor']> }): React.ReactElement {
  const yesNo = (value: boolean | null) => (value === null ? t('Not set') : value ? t('On') : t('Off'));
  return (
    <section className="fs-card">
      <h2>
        <Link href={recordHref('Vendor', vendor.id)}>{vendor.storeName ?? t('Store without a name')}</Link>
      </h2>
      <dl className="fs-facts">
        <Fact label={t('Status')}>{sentenceCase(vendor.status)}</Fact>
        <Fact label={t('Address of the shop')}>{vendor.storeSlug ? <code>{vendor.storeSlug}</code> : t('Not given')}</Fact>
        <Fact label={t('Business')}>{vendor.businessType ? sentenceCase(vendor.businessType) : t('Not given')}</Fact>
        <Fact label={t('Tier')}>{sentenceCase(vendor.subscriptionTier)}</Fact>
        <Fact label={t('Sent for review')}>{vendor.submittedAt ? <Time value={vendor.submittedAt} /> : t('Not yet')}</Fact>
        <Fact label={t('Approved')}>{vendor.verifiedAt ? <Time value={vendor.verifiedAt} /> : t('Not yet')}</Fact>
        <Fact label={t('Takes orders')}>{vendor.orderMode ? sentenceCase(vendor.orderMode) : t('Not set')}</Fact>
        <Fact label={t('Told of orders')}>{yesNo(vendor.notifyOrders)}</Fact>
        <Fact label={t('Told of reviews')}>{yesNo(vendor.notifyReviews)}</Fact>
      </dl>
    </section>
  );
}

function ClientFacts({ client }: { client: NonNullable<Profile['client']> }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>
        <Link href={recordHref('Client', client.id)}>{t('Shopping')}</Link>
      </h2>
      <dl className="fs-facts">
        <Fact label={t('Loyalty')}>{sentenceCase(client.loyaltyTier)}</Fact>
        <Fact label={t('Size')}>{client.preferredSize ?? t('Not given')}</Fact>
        <Fact label={t('Last active')}>{client.lastActiveAt ? <Time value={client.lastActiveAt} /> : t('Never')}</Fact>
      </dl>
    </section>
  );
}
