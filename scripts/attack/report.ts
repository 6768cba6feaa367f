import { Breach, type Case, type Family, NotOffered } from './case.ts';
import type { Ground } from './ground.ts';

export type Result = {
  family: string;
  name: string;
  clauses: readonly string[];
  outcome: 'withstood' | 'BREACHED' | 'not offered' | 'no time';
  words: string;
};

/** Runs every case, one after another; a case that finds nothing to attack is told as such, never as withstood. */
export async function runFamilies(
  families: readonly Family[],
  ground: Ground,
  about: { isOver: () => boolean; onCase: (name: string) => void },
): Promise<Result[]> {
  const results: Result[] = [];
  for (const family of families) {
    for (const each of family.cases) {
      about.onCase(`${family.name}: ${each.name}`);
      const outcome = about.isOver() ? ({ outcome: 'no time', words: '' } as const) : await runCase(each, ground);
      results.push({ family: family.name, name: each.name, clauses: each.clauses, ...outcome });
    }
  }
  return results;
}

async function runCase(each: Case, ground: Ground): Promise<Pick<Result, 'outcome' | 'words'>> {
  try {
    await each.run(ground);
    return { outcome: 'withstood', words: '' };
  } catch (error) {
    if (error instanceof NotOffered) return { outcome: 'not offered', words: error.message };
    const words = error instanceof Error ? (error instanceof Breach ? error.message : `${error.name}: ${error.message}`) : String(error);
    return { outcome: 'BREACHED', words };
  }
}

/** The table of clauses: each with the cases that tried it and what came of them. */
export function reportOf(results: readonly Result[]): string {
  const lines = results.map(
    ({ outcome, family, name, words }) => `${outcome.padEnd(12)} ${family}: ${name}${words === '' ? '' : `\n             ${words}`}`,
  );
  return [...lines, '', 'OWASP ASVS 5.0', ...clauseLines(results), '', totals(results)].join('\n');
}

/** What one case withstood counts, even where another found nothing to attack. */
const telling = ['BREACHED', 'no time', 'withstood', 'not offered'] as const;

function clauseLines(results: readonly Result[]): string[] {
  const clauses = [...new Set(results.flatMap((result) => result.clauses))].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return clauses.map((clause) => {
    const tried = results.filter((result) => result.clauses.includes(clause));
    const outcome = telling.find((each) => tried.some((result) => result.outcome === each)) ?? 'withstood';
    return `  ${`V${clause}`.padEnd(9)} ${outcome.padEnd(12)} ${tried.length} case${tried.length === 1 ? '' : 's'}`;
  });
}

function totals(results: readonly Result[]): string {
  const count = (outcome: Result['outcome']) => results.filter((result) => result.outcome === outcome).length;
  return `${count('withstood')} withstood, ${count('BREACHED')} breached, ${count('not offered')} not offered, ${count('no time')} without time`;
}
