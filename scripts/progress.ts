/** Prints one line when a step is done, with its seconds; a step that takes longer than 2 s is announced while it runs. */
export async function step<T>(name: string, work: () => Promise<T>, stream: ProgressStream = process.stdout): Promise<T> {
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
  const ticker = setInterval(() => stream.write(`  ... ${name} (${seconds()} s)\n`), 2_000);
  try {
    const result = await work();
    stream.write(`  ${name}: ${seconds()} s\n`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}

/** A bar for long work: on a terminal one line that is rewritten, elsewhere a line for every tenth. */
export type Progress = { update(done: number, total: number): void; end(): void };

type ProgressStream = Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean; columns?: number };

const redrawMs = 100;
const barWidth = 24;

/** @param unit what is counted, for example `rows`; the stream is stderr, since stdout holds results only */
export function createProgress(
  unit: string,
  stream: ProgressStream = process.stderr,
  now: () => number = () => performance.now(),
): Progress {
  const began = now();
  let tenth = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const figures = (done: number, total: number) => {
    const seconds = (now() - began) / 1000;
    const rate = seconds > 0 ? done / seconds : 0;
    const left = rate > 0 ? Math.ceil((total - done) / rate) : 0;
    return `${done}/${total} ${unit}, ${Math.round(rate)} ${unit}/s, ${left} s left`;
  };
  return {
    update(done, total) {
      const share = total === 0 ? 1 : done / total;
      if (!stream.isTTY) {
        const reached = Math.floor(share * 10);
        if (reached > tenth) stream.write(`${String(reached * 10).padStart(3)} % ${figures(done, total)}\n`);
        tenth = Math.max(tenth, reached);
        return;
      }
      if (now() - drawnAt < redrawMs && done < total) return;
      drawnAt = now();
      const filled = Math.round(share * barWidth);
      stream.write(`\r[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${figures(done, total)}\x1b[K`);
    },
    end() {
      if (stream.isTTY && drawnAt > Number.NEGATIVE_INFINITY) stream.write('\n');
    },
  };
}
