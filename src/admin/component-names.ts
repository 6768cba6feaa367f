import { join } from 'node:path';
import type { PageDefinition } from './define-page.ts';
import type { ResourceDefinition } from './define-resource.ts';

/** A browser component as registered with AdminJS. */
export type ComponentEntry = { name: string; path: string; isOverride: boolean };

export function pageComponentName(page: PageDefinition): string {
  return `Page${page.id.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())}`;
}

export function showComponentName(resource: ResourceDefinition): string {
  return `Show${resource.id}`;
}

export function listComponentName(resource: ResourceDefinition): string {
  return `List${resource.id}`;
}

const shell = join(import.meta.dirname, 'components/application.component.tsx');

/**
 * All components of the bundle, named once, for the build and for the server. AdminJS's whole application is overridden:
 * it keeps the store, the router and the records; what people see is ours.
 */
export function componentEntries(parts: {
  resources: readonly ResourceDefinition[];
  pages: readonly PageDefinition[];
  dashboard: PageDefinition;
}): readonly ComponentEntry[] {
  const pages = [parts.dashboard, ...parts.pages].map((page) => ({
    name: pageComponentName(page),
    path: page.component,
    isOverride: false,
  }));
  const resources = parts.resources.flatMap((resource) => {
    const { list, show } = resource.components;
    return [
      ...(list ? [{ name: listComponentName(resource), path: list, isOverride: false }] : []),
      ...(show ? [{ name: showComponentName(resource), path: show, isOverride: false }] : []),
    ];
  });
  return [{ name: 'Application', path: shell, isOverride: true }, ...pages, ...resources];
}
