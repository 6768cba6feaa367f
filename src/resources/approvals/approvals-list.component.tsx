import type React from 'react';
import { currentAdmin, type Resource } from '../../admin/components/admin-types.component.tsx';
import { InboxTabs } from '../../admin/components/inbox-tabs.component.tsx';
import { ListScreen } from '../../admin/components/list-screen.component.tsx';
import { t } from '../../admin/components/text.component.tsx';

const path = '/admin/resources/ApprovalRequest';
const toDecide = 'filters.inbox=to_decide';
const mine = 'filters.inbox=mine';

/** The approvals inbox: what waits for me first; those who only ask see their own requests. */
export default function ApprovalsList({ resource }: { resource: Resource }): React.ReactElement {
  const isAskingOnly = currentAdmin.roles.every((role) => role === 'support') && !currentAdmin.lead;
  return (
    <InboxTabs
      label={t('Which requests')}
      path={path}
      first={isAskingOnly ? mine : toDecide}
      tabs={[
        { label: t('To decide'), query: toDecide },
        { label: t('Mine'), query: mine },
        { label: t('Decided'), query: 'filters.inbox=decided' },
        { label: t('All'), query: 'sortBy=createdAt' },
      ]}
    >
      <ListScreen resource={resource} />
    </InboxTabs>
  );
}
