import type { PermissionKey } from '../foundation/access/matrix.ts';
import type { AnyCommand, CommandDeps } from '../foundation/command/command.ts';
import type { StaffActor } from '../foundation/runtime/actor.ts';
import type { Row } from './define-resource.ts';
import type { FileAnswer } from './file-answer.ts';

export type Placement = 'record' | 'resource' | 'bulk';

/** Everyday, careful or two people: the three groups of the action rail. */
export type ActionGroup = 'everyday' | 'careful' | 'two_people';

export type FormField = {
  name: string;
  label: string;
  /** `note`: a text in which @ names colleagues, sent with their ids as `mentions`. */
  type: 'text' | 'textarea' | 'note' | 'select' | 'checkbox' | 'date' | 'number';
  isRequired?: boolean;
  help?: string;
  options?: readonly { value: string; label: string }[];
  maxLength?: number;
};

export type CommandTarget = { recordId: string | null; row: Row | null };

export type UndoOptions = {
  /** Name of the action of the same resource that takes it back. */
  action: string;
  seconds: number;
  form?: (output: unknown) => Readonly<Record<string, unknown>>;
  /** The version that the action left: the undo is refused once somebody changed the record since. */
  version?: (output: unknown) => number | null;
  /** Whether this run can be taken back by the same person; by default, yes. */
  isOffered?: (reasonCode: string | null) => boolean;
};

export type CommandActionOptions = {
  /** In the URL; default: the command's name in camelCase. */
  name?: string;
  /** The verb on the button, for example "Unlock account". */
  label: string;
  /** One line under the button: what it does. */
  effect: string;
  placement: readonly Placement[];
  group: ActionGroup;
  form?: readonly FormField[];
  /** Reason codes offered; default: those of product.md 5. */
  reasonCodes?: readonly string[];
  /** Turns the form and the target into the command's input. Default: `{...form, id: recordId}`. */
  toInput?: (form: Readonly<Record<string, unknown>>, target: CommandTarget) => unknown;
  /** What happened, in words: "Unlocked. Ada can sign in now." */
  message: (output: unknown, row: Row | null) => string;
  /** What the record page needs of the output besides the message, such as a revealed value; leaves with the answer, kept nowhere. */
  shown?: (output: unknown) => Readonly<Record<string, unknown>>;
  /** The file that is the answer, instead of a message: the browser keeps it. */
  file?: (output: unknown, deps: CommandDeps) => FileAnswer;
  /** The record page draws its button beside what it is about, not in the action rail. */
  isInline?: boolean;
  /** The right that this record asks, where the command decides by record (`rightOf`). Default: the command's own. */
  right?: (row: Row) => PermissionKey;
  /** Hides the action where it makes no sense at all for this record. */
  isVisible?: (row: Row) => boolean;
  /** The fixed sentence why it is refused in the record's present state, or null. `extra` is what the record page loaded besides the row. */
  refusal?: (row: Row, staff: StaffActor, now: Date, extra: Readonly<Record<string, unknown>>) => string | null;
  /** The form corrects what is stored: it begins with the values of the record and sends only what was changed. */
  isEdit?: boolean;
  /** The inverse, offered on the receipt for a while, to whoever may do it. */
  undo?: UndoOptions;
  /** Largest number of records of a bulk call; default 200. */
  bulkLimit?: number;
};

export type CommandAction = Required<Pick<CommandActionOptions, 'label' | 'effect' | 'placement' | 'group' | 'message'>> & {
  name: string;
  command: AnyCommand;
  permission: PermissionKey;
  options: CommandActionOptions;
};

const notForStaff: ReadonlySet<string> = new Set(['public', 'owner', 'system']);

function isPermission(access: AnyCommand['access']): access is PermissionKey {
  return !notForStaff.has(access);
}

/**
 * Binds a command to a screen: one line in a resource. The matrix entry of the command decides who, with which reason,
 * ticket and step-up; this only says where the button is and what it is called.
 */
export function commandAction(command: AnyCommand, options: CommandActionOptions): CommandAction {
  const { access } = command;
  if (!isPermission(access)) throw new Error(`Command ${command.name} is not a staff command (${access})`);
  return {
    name: options.name ?? command.name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    label: options.label,
    effect: options.effect,
    placement: options.placement,
    group: options.group,
    message: options.message,
    command,
    permission: access,
    options,
  };
}
