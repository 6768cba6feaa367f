import { writeFileSync } from 'node:fs';
import type { StateMachine } from '../src/foundation/command/state-machine.ts';
import { productStates, revisionStates } from '../src/modules/catalog/index.ts';
import { vendorStates } from '../src/modules/identity/index.ts';
import { caseStates, kycStates } from '../src/modules/review/index.ts';

const target = new URL('../docs/states.md', import.meta.url);

/** Every state machine that is a table in code, in the order of product.md section 4. */
export const stateMachines: readonly StateMachine<string, string>[] = [vendorStates, productStates, revisionStates, caseStates, kycStates];

/** docs/states.md, made from the tables that guard the commands; the same code always gives the same text. */
export function statesDocument(): string {
  return `${[
    '# State machines',
    'Printed by `npm run states` from the tables that guard the commands; do not edit. A test fails when it is stale. A step that is not drawn is refused with 409 `transition_not_allowed`.',
    ...stateMachines.map(section),
  ].join('\n\n')}\n`;
}

function section(machine: StateMachine<string, string>): string {
  const steps = Object.entries(machine.steps);
  const arrows = steps.flatMap(([step, { from, to }]) => from.map((status) => `  ${status} --> ${to}: ${step.replaceAll('_', ' ')}`));
  const rows = steps.map(
    ([step, { from, to, who, event }]) =>
      `| ${step.replaceAll('_', ' ')} | ${from.join(', ')} | ${to} | ${who} | ${event ? `\`${event}\`` : '-'} |`,
  );
  return [
    `## ${machine.title}`,
    ['```mermaid', 'stateDiagram-v2', `  [*] --> ${machine.initial}`, ...arrows, '```'].join('\n'),
    ['| step | from | to | who | event |', '|---|---|---|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}

if (import.meta.main) writeFileSync(target, statesDocument());
