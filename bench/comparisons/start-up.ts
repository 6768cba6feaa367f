import { roleUrls } from '../../prisma/runner/roles.ts';
import { compare, type Variant } from '../compare.ts';
import { expectStatus, openConnection } from '../load.ts';
import { type Server, startServer } from '../server.ts';
import type { Suite } from '../suite.ts';

const rounds = 9;

/** From nothing to the first answer on an existing database, and what stays in memory. */
export const startUp: Suite = {
  name: 'start-up',
  async run(ground) {
    const adminUrl = await ground.newDatabase();
    const env = ground.envOf(adminUrl);
    const resident = { product: [0], plain: [0] };
    const startProduct = () => startServer(['src/main.ts', 'web'], env);
    const startPlain = () => startServer(['bench/peers/plain-adminjs.ts'], { DATABASE_URL: roleUrls(adminUrl).migratorUrl });
    const cold = (start: () => Promise<Server>, path: string, sizes: number[]) => async () => {
      const began = performance.now();
      const server = await start();
      try {
        await answers(server, path);
        const ms = performance.now() - began;
        sizes.push((await server.usage()).rssMb);
        return ms;
      } finally {
        await server.stop();
      }
    };
    const product: Variant = { name: 'product', run: cold(startProduct, '/api/v1/reference/countries', resident.product) };
    const peer: Variant = { name: 'plain AdminJS', run: cold(startPlain, '/api/v1/me', resident.plain) };
    // The first start ever fills the reference tables.
    await product.run();
    const time = await compare({ name: 'start to first answer', unit: 'ms', kind: 'time', bar: 1.2, product, peer, rounds, warmUps: 1 });
    const sizeOf = (sizes: number[]) => async () => sizes.shift() ?? Number.NaN;
    resident.product.splice(0, resident.product.length - rounds);
    resident.plain.splice(0, resident.plain.length - rounds);
    const memory = await compare({
      name: 'resident memory after the first answer',
      unit: 'MB',
      kind: 'surplus',
      bar: 60,
      product: { name: 'product', run: sizeOf(resident.product) },
      peer: { name: 'plain AdminJS', run: sizeOf(resident.plain) },
      rounds,
      warmUps: 0,
    });
    return [time, memory];
  },
};

async function answers(server: Server, path: string): Promise<void> {
  const line = await openConnection(server.port);
  expectStatus(await line.ask({ method: 'GET', path }), 200);
  line.close();
}
