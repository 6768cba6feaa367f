import type { RuleStep } from './history/rule-trace.ts';

const made = Symbol('permit');

/**
 * Proof that a counter decided before a sign-in got this far. `issueSession` takes nothing else, so no path can make a
 * session without one (product.md trap 3). Made only where a counter was asked: the login guard, a code, a challenge.
 */
export type SignInPermit = { readonly [made]: true; readonly trace: readonly RuleStep[] };

export function permitOf(trace: readonly RuleStep[]): SignInPermit {
  return { [made]: true, trace };
}
