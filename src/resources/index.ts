import type { FileLink, PageDefinition, PictureSource, ResourceDefinition } from '../admin/index.ts';
import { accessReviewPage } from './access-review/access-review.page.ts';
import { apiLogPage } from './api-log/api-log.page.ts';
import { approvalResource } from './approvals/approval.resource.ts';
import { auditPage } from './audit/audit.page.ts';
import { auditExportsPage } from './audit/audit-exports.page.ts';
import { auditStatePage } from './audit/audit-state.page.ts';
import { historyPage } from './audit/history.page.ts';
import { bankAccountResource } from './bank-accounts/bank-account.resource.ts';
import { bulkRunsPage } from './bulk-runs/bulk-runs.page.ts';
import { categoryResource } from './categories/category.resource.ts';
import { clientResource } from './clients/client.resource.ts';
import { countryResource } from './countries/country.resource.ts';
import { deliveryResource } from './deliveries/delivery.resource.ts';
import { grantResource } from './grants/grant.resource.ts';
import { holdsPage } from './holds/holds.page.ts';
import { inviteResource } from './invites/invite.resource.ts';
import { kycResource } from './kyc/kyc.resource.ts';
import { kycFileLink } from './kyc/kyc-file.link.ts';
import { listExportsPage } from './list-exports/list-exports.page.ts';
import { loginEventResource } from './login-events/login-event.resource.ts';
import { notificationsPage } from './notifications/notifications.page.ts';
import { privacyResource } from './privacy/privacy.resource.ts';
import { improvePage } from './products/improve.page.ts';
import { productResource } from './products/product.resource.ts';
import { revisionResource } from './products/revision.resource.ts';
import { queuesPage } from './queues/queues.page.ts';
import { registrationsPage } from './registrations/registrations.page.ts';
import { reviewPage } from './review/review.page.ts';
import { shopPictures } from './review/shop-pictures.ts';
import { reviewCaseResource } from './review-cases/review-case.resource.ts';
import { reviewQualityPage } from './review-quality/review-quality.page.ts';
import { savedViewsPage } from './saved-views/saved-views.page.ts';
import { sessionResource } from './sessions/session.resource.ts';
import { settingsPage } from './settings/settings.page.ts';
import { simulatorPage } from './simulator/simulator.page.ts';
import { staffResource } from './staff/staff.resource.ts';
import { statementsPage } from './statements/statements.page.ts';
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
  reviewCaseResource,
  vendorResource,
  productResource,
  revisionResource,
  bankAccountResource,
  kycResource,
  loginEventResource,
  sessionResource,
  countryResource,
  categoryResource,
];

/** What is seen through single-use links. */
export const links: readonly FileLink[] = [kycFileLink];

/** What the shop shows or would show, for whoever reviews it. */
export const pictures: PictureSource = shopPictures;

export const pages: readonly PageDefinition[] = [
  improvePage,
  reviewPage,
  accessReviewPage,
  simulatorPage,
  reviewQualityPage,
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
  statementsPage,
  webhooksPage,
  settingsPage,
];
