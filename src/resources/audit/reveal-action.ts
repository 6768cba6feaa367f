import { type ActionJson, describeAction } from '../../admin/action-states.ts';
import { type CommandAction, commandAction, type PageRequest } from '../../admin/index.ts';
import { staffCommands } from '../../modules/identity/index.ts';
import { holdsWhole } from './audit-reach.ts';

/** An encrypted contact of an earlier version: the command of the live one, with its permission, reason, quota and record. */
export const revealAction: CommandAction = commandAction(staffCommands.revealContact, {
  name: 'revealStored',
  label: 'Reveal earlier value',
  effect: 'Shows it for 60 seconds and uses one reveal of the day',
  placement: ['record'],
  group: 'careful',
  isInline: true,
  reasonCodes: ['customer_request', 'security', 'fraud', 'legal', 'other'],
  toInput: ({ id, field, eventId, side }) => ({ id, field, version: { eventId, side } }),
  message: () => 'Revealed for 60 seconds.',
  shown: (output) => ({ value: typeof output === 'object' && output !== null ? Reflect.get(output, 'value') : null }),
});

/** What the browser needs to ask for it; null without the right. */
export function mayReveal(request: PageRequest): ActionJson | null {
  return holdsWhole(request, revealAction.permission) ? describeAction(revealAction, null) : null;
}
