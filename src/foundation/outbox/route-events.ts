import type { EventSubscription } from '../jobs/job.ts';

/** @returns the queues that want an event of this name, each once; remembered per name */
export function createRouter(subscriptions: readonly EventSubscription[]): (name: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (name) => {
    const remembered = known.get(name);
    if (remembered) return remembered;
    const wanting = subscriptions.filter((subscription) => subscription.events.some((pattern) => matches(pattern, name)));
    const queues = [...new Set(wanting.map((subscription) => subscription.queue))];
    known.set(name, queues);
    return queues;
  };
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
