export { actionWords, isEntrance, reasonWords } from './action-words.ts';
export { type AdminOptions, createAdminRouter } from './admin.ts';
export { type CommandAction, type CommandActionOptions, commandAction, type FormField, type Placement } from './command-action.ts';
export { definePage, type PageDefinition, type PageRequest } from './define-page.ts';
export {
  type ColumnDefinition,
  defineResource,
  type FilterDefinition,
  type ResourceActor,
  type ResourceDefinition,
  type Row,
  type Where,
} from './define-resource.ts';
export { type Dmmf, loadDmmf } from './dmmf.ts';
export { FileAnswer } from './file-answer.ts';
export { defineFileLink, type FileLink, type FileRequest, type ShownFile } from './files/define-file-link.ts';
export type { Picture, PictureSize, PictureSource } from './files/picture-source.ts';
export { fieldWords, tableWords } from './history/field-words.ts';
export { actorLabel, cursorText, type DiffJson, type HistoryJson, historyJson, parseCursor, roleLabel } from './history/history-json.ts';
export { comparisonJson, fieldStepJson, peopleOf, stateJson } from './history/version-json.ts';
export { type CardAnswer, type DashboardCard, defineDashboard } from './pages/define-dashboard.ts';
export type { ProbedRecord, RecordProbe } from './record-probe.ts';
export type { StaffIdentityPort, StaffProfile } from './sign-in/port.ts';
export { createSessionStore, type SessionSummary } from './sign-in/session-store.ts';
