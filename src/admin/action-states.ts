import { decide, offerOf } from '../foundation/access/evaluate.ts';
import { type MatrixEntry, matrix, type PermissionKey } from '../foundation/access/matrix.ts';
import type { CommandDeps } from '../foundation/command/command.ts';
import { translate } from '../foundation/i18n/translate.ts';
import type { StaffActor } from '../foundation/runtime/actor.ts';
import type { CommandAction, FormField, Placement } from './command-action.ts';
import type { Row } from './define-resource.ts';
import type { RegisteredResource } from './registry.ts';
import { readOnlySentence } from './stages/follow-read-only.ts';

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
  isEdit: boolean;
  /** Why it is refused right now, in a sentence; null when it can be tried. */
  refusal: string | null;
};

const commonReasonCodes = ['customer_request', 'security', 'fraud', 'abuse', 'policy', 'quality', 'error_correction', 'legal', 'other'];

/** The actions of an opened record: those the role can never do are left out, refused ones say why. */
export function actionStates(
  resource: RegisteredResource,
  asked: { row: Row; staff: StaffActor; deps: CommandDeps; now: Date; extra?: Readonly<Record<string, unknown>> },
): readonly ActionJson[] {
  const { row, staff, deps, now, extra = {} } = asked;
  const subject = resource.definition.subject?.(row, { staff, deps });
  return [...resource.actions.values()]
    .filter((action) => action.placement.includes('record'))
    .filter((action) => offerOf(staff, action.permission, now) !== 'hidden' && (action.options.isVisible?.(row) ?? true))
    .map((action) => {
      const permission = action.options.right?.(row) ?? action.permission;
      // A button that decides asks for that half; whoever may only ask is not offered it.
      const half = action.command.half === 'approve' ? ({ intent: 'approve' } as const) : {};
      const decision = decide({ actor: staff, permission, now, ...(subject ? { subject } : {}), ...half });
      const refusal = decision.isAllowed ? (action.options.refusal?.(row, staff, now, extra) ?? null) : translate('en', decision.sentence);
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
  const { half } = action.command;
  // Taking a request back asks nothing; whoever decides refers to the request, which names the ticket.
  const isAsked = half !== 'withdraw';
  return {
    name: action.name,
    label: action.label,
    effect: action.effect,
    group: action.group,
    form: action.options.form ?? [],
    reasonCodes: action.options.reasonCodes ?? commonReasonCodes,
    needs: {
      reason: isAsked && conditions.reason,
      ticket: isAsked && half !== 'approve' && conditions.ticket,
      stepUpMinutes: isAsked ? conditions.stepUpMinutes : 0,
      version: isAsked && conditions.versioned,
    },
    isInline: action.options.isInline ?? false,
    isEdit: action.options.isEdit ?? false,
    // Read-only mode stops what everything else would allow.
    refusal: refusal ?? readOnlySentence(action),
  };
}

function entryOf(permission: PermissionKey): MatrixEntry {
  return matrix[permission];
}
