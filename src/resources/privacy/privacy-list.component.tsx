import type React from 'react';
import type { Resource } from '../../admin/components/admin-types.component.tsx';
import { InboxTabs } from '../../admin/components/inbox-tabs.component.tsx';
import { ListScreen } from '../../admin/components/list-screen.component.tsx';
import { t } from '../../admin/components/text.component.tsx';

const open = 'filters.work=open';

/** Privacy requests, those that are open first. */
export default function PrivacyList({ resource }: { resource: Resource }): React.ReactElement {
  return (
    <InboxTabs
      label={t('Which requests')}
      path="/admin/resources/PrivacyRequest"
      first={open}
      tabs={[
        { label: t('Open'), query: open },
        { label: t('Due soon'), query: 'filters.work=due_soon&sortBy=dueAt' },
        { label: t('Done'), query: 'filters.work=done' },
        { label: t('All'), query: 'sortBy=createdAt' },
      ]}
    >
      <ListScreen resource={resource} />
    </InboxTabs>
  );
}
