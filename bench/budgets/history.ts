import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot, runNode } from '../../scripts/run-program.ts';
import type { Finding } from './finding.ts';

const figures = z.object({ median: z.number(), min: z.number(), max: z.number() });
const kept = z.object({
  results: z.array(
    z.object({
      result: z.object({ name: z.string(), bar: z.number(), ratio: figures, product: figures, peer: figures }),
      atMostMs: z.number().nullable(),
    }),
  ),
});

/** `npm run bench:history`, once: the same questions of 10,000 and of 10,000,000 audit events, as ratios. */
export async function measureHistory(): Promise<Finding[]> {
  const { code, output } = await runNode(['bench/history/index.ts']);
  if (code !== 0) throw new Error(`bench:history failed.\n${output.slice(-2_000)}`);
  const { results } = kept.parse(JSON.parse(readFileSync(join(projectRoot, 'bench/history-results.json'), 'utf8')));
  return results.map(({ result: { name, bar, ratio, product, peer }, atMostMs }) => {
    // Where the specification names milliseconds, those rule.
    const isMet = atMostMs === null ? ratio.median <= bar : product.median <= atMostMs;
    return {
      what: `10M against 10,000 audit events: ${name}`,
      measured: atMostMs === null ? ratio.median.toFixed(2) : `${product.median.toFixed(1)} ms`,
      budget: atMostMs === null ? `<= ${bar}` : `<= ${atMostMs} ms`,
      isMet,
      note: `${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}; ${product.median.toFixed(1)} against ${peer.median.toFixed(1)} ms`,
    };
  });
}
