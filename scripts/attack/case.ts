import type { Ground } from './ground.ts';
import type { Answer } from './target.ts';

/** One attack. `run` ends quietly when the deployment withstands it, and throws otherwise. */
export type Case = {
  name: string;
  /** Clauses of OWASP ASVS 5.0 that a success of this attack would breach. */
  clauses: readonly string[];
  run(ground: Ground): Promise<void>;
};

export type Family = { name: string; cases: readonly Case[] };

/** The attack got through; the message says how. */
export class Breach extends Error {}

/** This deployment does not offer what the case attacks. */
export class NotOffered extends Error {}

export function attack(name: string, clauses: readonly string[], run: Case['run']): Case {
  return { name, clauses, run };
}

export function insist(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Breach(otherwise);
}

/** `401 token_invalid` for a problem, the bare status otherwise. */
export function outcomeOf(answer: Answer): string {
  const code = textAt(answer, 'code');
  return answer.status >= 400 && code !== '' ? `${answer.status} ${code}` : String(answer.status);
}

/** Holds the answer against what is allowed; the words of a breach name what was tried. */
export function expectOutcome(answer: Answer, allowed: string | readonly string[], tried: string): void {
  const outcome = outcomeOf(answer);
  insist([allowed].flat().includes(outcome), `${tried}: got ${outcome}, not ${[allowed].flat().join(' or ')}`);
}

/** A string member of the body by its dot path; "" where there is none. */
export function textAt(answer: Answer, path: string): string {
  let value: unknown = answer.json;
  for (const name of path.split('.'))
    value = typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
  return typeof value === 'string' ? value : '';
}
