import type { CommandDeps } from '../foundation/command/command.ts';
import type { CommandAction } from './command-action.ts';
import type { PageDefinition } from './define-page.ts';
import type { ResourceDefinition } from './define-resource.ts';
import type { Dmmf } from './dmmf.ts';
import type { FileLink } from './files/define-file-link.ts';
import type { PictureSource } from './files/picture-source.ts';
import { ReadResource } from './read-resource.ts';

export type RegisteredResource = {
  definition: ResourceDefinition;
  reader: ReadResource;
  /** Maps, never objects: `constructor` and `__proto__` are names like any other here. */
  actions: ReadonlyMap<string, CommandAction>;
};

/** Everything that exists in the back office, by its name in URLs. */
export type Registry = {
  resources: ReadonlyMap<string, RegisteredResource>;
  pages: ReadonlyMap<string, PageDefinition>;
  /** Kinds of files that are seen through single-use links. */
  links: ReadonlyMap<string, FileLink>;
  /** Pictures of the shop, for whoever reviews them. */
  pictures: PictureSource | null;
  dashboard: PageDefinition;
};

/** Names that AdminJS gives to actions of its own; ours must not be mistaken for them. */
const taken: ReadonlySet<string> = new Set(['list', 'show', 'search', 'new', 'edit', 'delete', 'bulkDelete']);

export function buildRegistry(
  parts: {
    resources: readonly ResourceDefinition[];
    pages: readonly PageDefinition[];
    links?: readonly FileLink[];
    pictures?: PictureSource | undefined;
    dashboard: PageDefinition;
  },
  dmmf: Dmmf,
  deps: CommandDeps,
): Registry {
  const resources = new Map<string, RegisteredResource>();
  for (const definition of parts.resources) {
    if (resources.has(definition.id)) throw new Error(`Two resources are named ${definition.id}`);
    resources.set(definition.id, { definition, reader: new ReadResource(definition, dmmf, deps), actions: actionMap(definition) });
  }
  checkReferences(resources);
  const pages = new Map<string, PageDefinition>();
  for (const page of parts.pages) {
    if (pages.has(page.id)) throw new Error(`Two pages are named ${page.id}`);
    pages.set(page.id, page);
  }
  const links = new Map((parts.links ?? []).map((link) => [link.id, link]));
  return { resources, pages, links, pictures: parts.pictures ?? null, dashboard: parts.dashboard };
}

function actionMap(definition: ResourceDefinition): ReadonlyMap<string, CommandAction> {
  const actions = new Map<string, CommandAction>();
  for (const action of definition.actions) {
    if (taken.has(action.name) || actions.has(action.name))
      throw new Error(`Resource ${definition.id}: action name ${action.name} is taken`);
    actions.set(action.name, action);
  }
  return actions;
}

function checkReferences(resources: ReadonlyMap<string, RegisteredResource>): void {
  for (const { definition } of resources.values()) {
    for (const [name, column] of Object.entries(definition.columns)) {
      for (const target of [column.reference, column.orReference]) {
        if (target && !resources.has(target))
          throw new Error(`Resource ${definition.id}: column ${name} refers to ${target}, which does not exist`);
      }
    }
  }
}
