/** Prints one line when a step is done, with its seconds; a step that takes longer than 2 s is announced while it runs. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
  const ticker = setInterval(() => process.stdout.write(`  ... ${name} (${seconds()} s)\n`), 2_000);
  try {
    const result = await work();
    process.stdout.write(`  ${name}: ${seconds()} s\n`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}
