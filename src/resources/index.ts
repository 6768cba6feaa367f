import type { PageDefinition, ResourceDefinition } from '../admin/index.ts';
import { apiLogPage } from './api-log/api-log.page.ts';
import { auditPage } from './audit/audit.page.ts';
import { auditExportsPage } from './audit/audit-exports.page.ts';
import { auditStatePage } from './audit/audit-state.page.ts';
import { historyPage } from './audit/history.page.ts';
import { clientResource } from './clients/client.resource.ts';
import { countryResource } from './countries/country.resource.ts';
import { deliveryResource } from './deliveries/delivery.resource.ts';
import { grantResource } from './grants/grant.resource.ts';
import { holdsPage } from './holds/holds.page.ts';
import { loginEventResource } from './login-events/login-event.resource.ts';
import { sessionResource } from './sessions/session.resource.ts';
import { staffResource } from './staff/staff.resource.ts';
import { userResource } from './users/user.resource.ts';
import { vendorResource } from './vendors/vendor.resource.ts';

export { dashboard } from './dashboard/dashboard.page.ts';

/** Everything staff see, in the order of the side bar. */
export const resources: readonly ResourceDefinition[] = [
  deliveryResource,
  userResource,
  clientResource,
  staffResource,
  grantResource,
  vendorResource,
  loginEventResource,
  sessionResource,
  countryResource,
];

export const pages: readonly PageDefinition[] = [auditPage, auditExportsPage, historyPage, auditStatePage, apiLogPage, holdsPage];
