const groupSize = 4;

/** Does the work for all, a few at a time, and keeps their order: the pool has few connections and one process few cores. */
export async function inGroups<Item, Made>(items: readonly Item[], work: (item: Item, index: number) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  for (let start = 0; start < items.length; start += groupSize) {
    made.push(...(await Promise.all(items.slice(start, start + groupSize).map((item, offset) => work(item, start + offset)))));
  }
  return made;
}
