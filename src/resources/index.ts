import type { PageDefinition, ResourceDefinition } from '../admin/index.ts';
import { accessReviewPage } from './access-review/access-review.page.ts';
import { apiLogPage } from './api-log/api-log.page.ts';
import { approvalResource } from './approvals/approval.resource.ts';
import { auditPage } from './audit/audit.page.ts';
import { auditExportsPage } from './audit/audit-exports.page.ts';
import { auditStatePage } from './audit/audit-state.page.ts';
import { historyPage } from './audit/history.page.ts';
import { bulkRunsPage } from './bulk-runs/bulk-runs.page.ts';
import { clientResource } from './clients/client.resource.ts';
import { countryResource } from './countries/country.resource.ts';
import { deliveryResource } from './deliveries/delivery.resource.ts';
import { grantResource } from './grants/grant.resource.ts';
import { holdsPage } from './holds/holds.page.ts';
import { inviteResource } from './invites/invite.resource.ts';
import { listExportsPage } from './list-exports/list-exports.page.ts';
import { loginEventResource } from './login-events/login-event.resource.ts';
import { notificationsPage } from './notifications/notifications.page.ts';
import { privacyResource } from './privacy/privacy.resource.ts';
import { queuesPage } from './queues/queues.page.ts';
import { registrationsPage } from './registrations/registrations.page.ts';
import { savedViewsPage } from './saved-views/saved-views.page.ts';
import { sessionResource } from './sessions/session.resource.ts';
import { settingsPage } from './settings/settings.page.ts';
import { simulatorPage } from './simulator/simulator.page.ts';
import { staffResource } from './staff/staff.resource.ts';
import { ticketResource } from './tickets/ticket.resource.ts';
import { userResource } from './users/user.resource.ts';
import { vendorResource } from './vendors/vendor.resource.ts';
import { webhooksPage } from './webhooks/webhooks.page.ts';

export { dashboard } from './dashboard/dashboard.page.ts';

/** Everything staff see, in the order of the side bar. */
export const resources: readonly ResourceDefinition[] = [
  ticketResource,
  approvalResource,
  privacyResource,
  deliveryResource,
  userResource,
  clientResource,
  staffResource,
  grantResource,
  inviteResource,
  vendorResource,
  loginEventResource,
  sessionResource,
  countryResource,
];

export const pages: readonly PageDefinition[] = [
  accessReviewPage,
  simulatorPage,
  auditPage,
  auditExportsPage,
  historyPage,
  auditStatePage,
  apiLogPage,
  holdsPage,
  registrationsPage,
  notificationsPage,
  bulkRunsPage,
  listExportsPage,
  savedViewsPage,
  queuesPage,
  webhooksPage,
  settingsPage,
];
