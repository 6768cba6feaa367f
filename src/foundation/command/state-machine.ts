/** One step: from where it may be taken, where it leads, and what stands beside it in the documents. */
export type Transition<Status extends string> = Readonly<{
  from: readonly Status[];
  to: Status;
  /** Who takes it, in words of the permission matrix. */
  who: string;
  /** The event it emits; null where it emits none of its own. */
  event: string | null;
}>;

/**
 * The states of a record and the only steps between them: one source for the guard of the commands, for the tests of every pair of
 * step and state, and for the diagrams of docs/state-machines.md.
 */
export type StateMachine<Status extends string, Step extends string> = Readonly<{
  /** As a heading: "Product". */
  title: string;
  statuses: readonly Status[];
  /** In which a record begins. */
  initial: Status;
  steps: Readonly<Record<Step, Transition<Status>>>;
}>;

/** Keeps the literal types of a table and checks that every state it names exists. */
export function defineStates<const Status extends string, const Step extends string>(
  machine: StateMachine<Status, Step>,
): StateMachine<Status, Step> {
  const known: ReadonlySet<string> = new Set(machine.statuses);
  const transitions: readonly Transition<Status>[] = Object.values(machine.steps);
  const unknown = [machine.initial, ...transitions.flatMap(({ from, to }) => [...from, to])].filter((status) => !known.has(status));
  if (unknown.length > 0) throw new Error(`${machine.title} has no state ${unknown.join(', ')}`);
  return machine;
}

/** Whether the step may be taken from this state; anything else is 409 `transition_not_allowed`. */
export function mayTake<Status extends string, Step extends string>(
  machine: StateMachine<Status, Step>,
  step: Step,
  status: Status,
): boolean {
  return machine.steps[step].from.includes(status);
}
