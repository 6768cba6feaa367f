import { decide, offerOf } from '../foundation/access/evaluate.ts';
import { type MatrixEntry, matrix, type PermissionKey } from '../foundation/access/matrix.ts';
import type { CommandDeps } from '../foundation/command/command.ts';
import { translate } from '../foundation/i18n/translate.ts';
import type { StaffActor } from '../foundation/runtime/actor.ts';
import type { CommandAction, FormField, Placement } from './command-action.ts';
import type { Row } from './define-resource.ts';
import type { RegisteredResource } from './registry.ts';

/** What the browser needs to draw a button and its form. */
export type ActionJson = {
  name: string;
  label: string;
  effect: string;
  group: CommandAction['group'];
  form: readonly FormField[];
  reasonCodes: readonly string[];
  needs: { reason: boolean; ticket: boolean; stepUpMinutes: number; version: boolean };
  isInline: boolean;
  /** Why it is refused right now, in a sentence; null when it can be tried. */
  refusal: string | null;
};

const commonReasonCodes = ['customer_request', 'security', 'fraud', 'abuse', 'policy', 'quality', 'error_correction', 'legal', 'other'];

/** The actions of an opened record: those the role can never do are left out, refused ones say why. */
export function actionStates(
  resource: RegisteredResource,
  asked: { row: Row; staff: StaffActor; deps: CommandDeps; now: Date },
): readonly ActionJson[] {
  const { row, staff, deps, now } = asked;
  const subject = resource.definition.subject?.(row, { staff, deps });
  return [...resource.actions.values()]
    .filter((action) => action.placement.includes('record'))
    .filter((action) => offerOf(staff, action.permission, now) !== 'hidden' && (action.options.isVisible?.(row) ?? true))
    .map((action) => {
      const decision = decide({ actor: staff, permission: action.permission, now, ...(subject ? { subject } : {}) });
      const refusal = decision.isAllowed ? (action.options.refusal?.(row, staff, now) ?? null) : translate('en', decision.sentence);
      return describeAction(action, refusal);
    });
}

/** Actions without a record: of the whole resource, or on selected rows. */
export function offeredActions(
  resource: RegisteredResource,
  placement: Placement,
  asked: { staff: StaffActor; now: Date },
): readonly ActionJson[] {
  return [...resource.actions.values()]
    .filter((action) => action.placement.includes(placement) && offerOf(asked.staff, action.permission, asked.now) === 'offered')
    .map((action) => describeAction(action, null));
}

export function describeAction(action: CommandAction, refusal: string | null): ActionJson {
  const { conditions } = entryOf(action.permission);
  return {
    name: action.name,
    label: action.label,
    effect: action.effect,
    group: action.group,
    form: action.options.form ?? [],
    reasonCodes: action.options.reasonCodes ?? commonReasonCodes,
    needs: {
      reason: conditions.reason,
      ticket: conditions.ticket,
      stepUpMinutes: conditions.stepUpMinutes,
      version: conditions.versioned,
    },
    isInline: action.options.isInline ?? false,
    refusal,
  };
}

function entryOf(permission: PermissionKey): MatrixEntry {
  return matrix[permission];
}
