import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, type Result } from '../compare.ts';
import { drive, expectStatus, openConnection } from '../load.ts';
import { type Server, startServer } from '../server.ts';
import { makeShop } from '../shops.ts';
import type { Suite } from '../suite.ts';

/** A round of about half a second; with shorter ones, and few before them, the measure is of code that is not compiled yet. */
const requests = 4_000;
const connections = 16;

/** The storefront's reads from the cache, versions looked at, against Express that answers the same bytes and knows nothing. */
export const catalogRead: Suite = {
  name: 'catalog-read',
  async run(ground) {
    const adminUrl = await ground.newDatabase();
    const [slug = ''] = await makeShop(ground, adminUrl, 25);
    const product = await startServer(['src/main.ts', 'web'], ground.envOf(adminUrl));
    const folder = mkdtempSync(join(tmpdir(), 'fashionistar-bench-body-'));
    try {
      const results: Result[] = [];
      for (const [name, path] of [
        ['catalog read from cache, one product', `/api/v1/catalog/products/${slug}`],
        ['catalog read from cache, a page of 25', '/api/v1/catalog/products?sort=newest'],
      ] as const) {
        results.push(await against(product, { name, path, folder }));
      }
      return results;
    } finally {
      await product.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

type Read = { name: string; path: string; folder: string };

async function against(product: Server, { name, path, folder }: Read): Promise<Result> {
  const bodyFile = join(folder, 'body.json');
  writeFileSync(bodyFile, await bodyOf(product.port, path));
  const bare = await startServer(['bench/peers/express-catalog.ts'], { BODY_FILE: bodyFile });
  try {
    return await compare({
      ...{ name, unit: 'ms per answer', kind: 'rate', rounds: 21, warmUps: 8, bar: 0.6 },
      product: { name: 'product', run: () => round(product.port, path) },
      peer: { name: 'bare Express', run: () => round(bare.port, path) },
    });
  } finally {
    await bare.stop();
  }
}

async function bodyOf(port: number, path: string): Promise<string> {
  const connection = await openConnection(port);
  const answer = await connection.ask({ method: 'GET', path });
  connection.close();
  expectStatus(answer, 200);
  return answer.body;
}

async function round(port: number, path: string): Promise<number> {
  const ask = () => ({ method: 'GET', path });
  return (await drive({ port, connections, requests, ask, status: 200 })) / requests;
}
