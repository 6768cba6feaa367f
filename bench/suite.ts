import type { Result } from './compare.ts';
import type { Ground } from './ground.ts';

/** One or more comparisons that share servers. Stops all that it started. */
export type Suite = { name: string; run(ground: Ground): Promise<Result[]> };
