import type React from 'react';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { CustomerExtra } from './customer-types.component.tsx';

/** What the customer is to the marketplace: a shopper or the owner of a store. */
export function RoleTab({ extra }: { extra: CustomerExtra }): React.ReactElement {
  const { client, vendor } = extra.profile;
  if (vendor && extra.hasVendor) return <VendorFacts vendor={vendor} />;
  if (client && extra.hasClient) return <ClientFacts client={client} />;
  return <p className="fs-muted">Nothing is kept here yet.</p>;
}

function VendorFacts({ vendor }: { vendor: NonNullable<CustomerExtra['profile']['vendor']> }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>
        <Link href={recordHref('Vendor', vendor.id)}>{vendor.storeName ?? 'Store without a name'}</Link>
      </h2>
      <dl className="fs-facts">
        <Fact label="Status">{sentenceCase(vendor.status)}</Fact>
        <Fact label="Business">{vendor.businessType ? sentenceCase(vendor.businessType) : 'Not given'}</Fact>
        <Fact label="Tier">{sentenceCase(vendor.subscriptionTier)}</Fact>
        <Fact label="Sent for review">{vendor.submittedAt ? <Time value={vendor.submittedAt} /> : 'Not yet'}</Fact>
        <Fact label="Approved">{vendor.verifiedAt ? <Time value={vendor.verifiedAt} /> : 'Not yet'}</Fact>
      </dl>
    </section>
  );
}

function ClientFacts({ client }: { client: NonNullable<CustomerExtra['profile']['client']> }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>
        <Link href={recordHref('Client', client.id)}>Shopping</Link>
      </h2>
      <dl className="fs-facts">
        <Fact label="Loyalty">{sentenceCase(client.loyaltyTier)}</Fact>
        <Fact label="Orders">{client.totalOrders}</Fact>
        <Fact label="Size">{client.preferredSize ?? 'Not given'}</Fact>
        <Fact label="Last active">{client.lastActiveAt ? <Time value={client.lastActiveAt} /> : 'Never'}</Fact>
      </dl>
    </section>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }): React.ReactElement {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
