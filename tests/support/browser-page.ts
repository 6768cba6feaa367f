import { createRequire } from 'node:module';
import type React from 'react';
import { createElement } from 'react';

/** It comes without types. */
type Drawing = { renderToStaticMarkup: (element: React.ReactElement) => string };
const { renderToStaticMarkup }: Drawing = createRequire(import.meta.url)('react-dom/server');

/** What differs between two pages: the address, and which resources the person sees. */
export type BrowserPage = { search?: string; resources?: Readonly<Record<string, object>> };

export const viewerId = '019a0000-0000-7000-8000-000000000001';
const preferences = { locale: 'en-GB', timeZone: 'Africa/Lagos', theme: 'light', density: 'comfortable', singleKeys: true };

// One for all test files of a process: components keep what they read of it while they are loaded.
const page = { preferences, readOnly: null, resources: {} };
const session = { id: viewerId, displayName: 'Ada Obi' };

/**
 * Gives components of the back office the page that they read from a browser, while `work` imports and draws them. No effect runs:
 * what is drawn is what a person sees before the first answer of the server.
 */
export async function inBrowser<T>({ search = '', resources = {} }: BrowserPage, work: () => Promise<T>): Promise<T> {
  page.resources = resources;
  const location = { pathname: '/admin/pages/review', search };
  Object.assign(globalThis, { window: { FASHIONISTAR: page, REDUX_STATE: { session }, location } });
  try {
    return await work();
  } finally {
    Reflect.deleteProperty(globalThis, 'window');
  }
}

export function draw<Props extends object>(component: React.FunctionComponent<Props>, props: Props): string {
  return renderToStaticMarkup(createElement(component, props));
}
