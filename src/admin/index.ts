export { createAdminRouter, type AdminOptions } from './admin.ts';
export { commandAction, type CommandAction, type CommandActionOptions, type FormField } from './command-action.ts';
export { definePage, type PageDefinition, type PageRequest } from './define-page.ts';
export {
  defineResource,
  type ColumnDefinition,
  type FilterDefinition,
  type ResourceActor,
  type ResourceDefinition,
  type Row,
  type Where,
} from './define-resource.ts';
export { loadDmmf, type Dmmf } from './dmmf.ts';
export type { StaffIdentityPort, StaffProfile } from './sign-in/port.ts';
