/** A map that forgets what was used longest ago once it holds `capacity` entries. */
export type RecentMap<Value> = { get(key: string): Value | undefined; set(key: string, value: Value): void; delete(key: string): void };

export function createRecentMap<Value>(capacity: number): RecentMap<Value> {
  // A Map iterates in insertion order: taking an entry out and in again makes it the youngest.
  const entries = new Map<string, Value>();
  return {
    get(key) {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      const [oldest] = entries.keys();
      if (entries.size > capacity && oldest !== undefined) entries.delete(oldest);
    },
    delete: (key) => void entries.delete(key),
  };
}
