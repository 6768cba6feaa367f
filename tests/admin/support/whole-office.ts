import { componentEntries } from '../../../src/admin/component-names.ts';
import { dashboard, links, pages, pictures, resources } from '../../../src/resources/index.ts';
import { type BackOffice, startBackOffice } from './back-office.ts';
import { assetsWith } from './test-assets.ts';

/** The back office with the product's own screens; their components need not have been bundled. */
export function startWholeOffice(env: Record<string, string> = {}): Promise<BackOffice> {
  const names = componentEntries({ resources, pages, dashboard }).map(({ name }) => name);
  return startBackOffice({ resources, pages, links, pictures, dashboard, assetsDirectory: assetsWith(names) }, env);
}
