import type { CDPSession, Page } from 'playwright-core';

/** What one file of a page cost on the wire. */
export type Fetched = { path: string; bytes: number; isCached: boolean };

export type Wire = { fetched: readonly Fetched[]; forget(): void; totalBytes(of?: (file: Fetched) => boolean): number };

/** Listens to the browser's own account of the network: bytes as they came, compressed, heads included. */
export async function listen(page: Page): Promise<Wire> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const files = new Map<string, Fetched>();
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.startsWith('http')) files.set(requestId, { path: new URL(request.url).pathname, bytes: 0, isCached: false });
  });
  session.on('Network.requestServedFromCache', ({ requestId }) => update(files, requestId, { isCached: true }));
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.fromDiskCache === true) update(files, requestId, { isCached: true });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => update(files, requestId, { bytes: encodedDataLength }));
  return {
    get fetched() {
      return [...files.values()];
    },
    forget: () => files.clear(),
    totalBytes: (of = () => true) =>
      [...files.values()].filter((file) => !file.isCached && of(file)).reduce((sum, file) => sum + file.bytes, 0),
  };
}

function update(files: Map<string, Fetched>, id: string, change: Partial<Fetched>): void {
  const file = files.get(id);
  if (file) files.set(id, { ...file, ...change });
}
