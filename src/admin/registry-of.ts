import type { CommandDeps } from '../foundation/command/command.ts';
import type { Registry } from './registry.ts';

const registries = new WeakMap<CommandDeps, Registry>();

/** Joins a composition with its screens: the web role when it builds the back office, the worker when its first job asks for them. */
export function bindRegistry(deps: CommandDeps, registry: Registry): Registry {
  registries.set(deps, registry);
  return registry;
}

/** The screens of this composition, for commands about lists. Throws where none were built: the frame's own commands run behind it. */
export function registryOf(deps: CommandDeps): Registry {
  const registry = registries.get(deps);
  if (!registry) throw new Error('No back office was built over these dependencies');
  return registry;
}

/** The same where there may be none yet. */
export function findRegistry(deps: CommandDeps): Registry | null {
  return registries.get(deps) ?? null;
}
