import { matrix } from '../foundation/access/matrix.ts';
import type { AdminAction } from './adminjs-options.ts';
import type { CommandAction } from './command-action.ts';
import type { Registry } from './registry.ts';

/** Nouns whose records are about people (audit.md section 6): opening one leaves a read row. */
const personalNouns: ReadonlySet<string> = new Set([
  'user',
  'client',
  'vendor',
  'vendor_bank_account',
  'kyc_submission',
  'kyc_document',
  'ticket',
  'login_event',
  'session',
  'audit',
  'api_log',
]);

/** Throws at boot, naming the place: a back office with one of these mistakes must not start (back-office.md section 4). */
export function checkRegistry(registry: Registry): void {
  for (const { definition, actions } of registry.resources.values()) {
    for (const permission of Object.values(definition.permissions)) requireMatrixEntry(permission, `resource ${definition.id}`);
    if (personalNouns.has(definition.noun) && !definition.isPersonalData) {
      throw new Error(`Resource ${definition.id} shows personal data without recording reads: set isPersonalData`);
    }
    for (const action of actions.values()) checkAction(action, `${definition.id}.${action.name}`);
  }
  if (registry.pictures) requireMatrixEntry(registry.pictures.permission, 'pictures');
  for (const link of registry.links.values()) requireMatrixEntry(link.permission, `file link ${link.id}`);
  for (const page of [registry.dashboard, ...registry.pages.values()]) {
    if (page.permission) requireMatrixEntry(page.permission, `page ${page.id}`);
    if (personalNouns.has(page.noun) && !page.recordsRead)
      throw new Error(`Page ${page.id} shows personal data without recording reads: set recordsRead`);
    for (const action of page.actions ?? []) checkAction(action, `${page.id}.${action.name}`);
  }
}

function requireMatrixEntry(permission: string, place: string): void {
  if (!Object.hasOwn(matrix, permission)) throw new Error(`${place}: the permission matrix has no entry ${permission}`);
}

function checkAction(action: CommandAction, place: string): void {
  requireMatrixEntry(action.permission, `action ${place}`);
  for (const [name, guard] of [
    ['isVisible', action.options.isVisible],
    ['refusal', action.options.refusal],
  ] as const) {
    if (guard && isAsync(guard)) throw new Error(`Action ${place}: ${name} is asynchronous; AdminJS would take its promise for a yes`);
  }
  const visible = action.options.isVisible?.({});
  if (visible !== undefined && typeof visible !== 'boolean') throw new Error(`Action ${place}: isVisible must return true or false`);
}

function isAsync(guard: object): boolean {
  return guard.constructor.name === 'AsyncFunction';
}

/** Asks every guard of AdminJS's options without a person: each must answer at once, with a real `false` (H9). */
export function checkGuards(resourceId: string, actions: Readonly<Record<string, AdminAction>>): void {
  for (const [name, action] of Object.entries(actions)) {
    for (const guard of ['isAccessible', 'isVisible'] as const) {
      const answer: unknown = action[guard]({});
      if (answer !== false) throw new Error(`Action ${resourceId}.${name}: ${guard} must deny an unknown person with a plain false`);
    }
  }
}
