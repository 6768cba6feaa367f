import type React from 'react';
import type { RecordPageProps } from '../../admin/components/admin-types.component.tsx';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { RecordHistory } from '../../admin/components/record-history.component.tsx';
import { RecordFacts } from '../../admin/components/record-screen.component.tsx';
import { type Tab, Tabs } from '../../admin/components/tabs.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { ListingTab } from './listing-tab.component.tsx';
import { extraOf, type ProductPart } from './product-types.component.tsx';
import { RevisionsTab } from './revisions-tab.component.tsx';
import { SignalsTab } from './signals-tab.component.tsx';
import { SuggestTab } from './suggest-tab.component.tsx';

/** One page per product: what customers read, what speaks against it, who proposed what, and for enhancers where to write it better. */
export default function ProductPage({ resource, answer, reload }: RecordPageProps): React.ReactElement {
  const extra = extraOf(answer);
  const facts = () => <RecordFacts fields={resource.fields} answer={answer} />;
  const of = `record=${encodeURIComponent(`catalog.product:${answer.record.id}`)}`;
  const details: Tab = { id: 'details', label: t('Details'), content: facts };
  const history: Tab[] = resource.historyTable
    ? [{ id: 'history', label: t('History'), content: () => <RecordHistory of={of} onChanged={reload} /> }]
    : [];
  if (!extra.listing) return <Tabs label={t('About this product')} tabs={[details, ...history]} />;
  const suggest = answer.actions.find(({ name }) => name === 'suggest') ?? null;
  const part: ProductPart = { listing: extra.listing, extra, record: answer.record, version: answer.version, suggest, reload };
  const writing: Tab[] =
    suggest && extra.suggesting
      ? [
          {
            id: 'suggest',
            label: t('Suggest'),
            content: () => <SuggestTab part={part} suggesting={extra.suggesting ?? nothing} action={suggest} />,
          },
        ]
      : [];
  const waiting = extra.revisions.filter(({ status }) => status === 'proposed').length;
  return (
    <Tabs
      label={t('About this product')}
      tabs={[
        { id: 'listing', label: t('Listing'), content: () => <ListingTab part={part} /> },
        ...writing,
        { id: 'revisions', label: t('Changes'), count: waiting || null, content: () => <RevisionsTab lines={extra.revisions} /> },
        { id: 'signals', label: t('Signals'), count: signalCount(part) || null, content: () => <SignalsTab signals={extra.signals} /> },
        details,
        ...history,
      ]}
    />
  );
}

const nothing = { fields: [], categories: [], draft: null, storefront: '', slug: '' } as const;

function signalCount({ extra: { signals } }: ProductPart): number {
  return (
    signals.duplicates.length + (signals.price.isOutlier ? 1 : 0) + signals.noticed.filter(({ rule }) => rule.endsWith('_word')).length
  );
}

/** Where a part of the page has nothing to show. */
export function Nothing({ title, children }: { title: string; children: string }): React.ReactElement {
  return (
    <EmptyState icon="package" title={title}>
      {children}
    </EmptyState>
  );
}
