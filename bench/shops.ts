import { createApp } from '../src/app.ts';
import { runCommand } from '../src/foundation/command/run-command.ts';
import { loadConfig } from '../src/foundation/config/config.ts';
import { runInContext, systemContext } from '../src/foundation/runtime/request-context.ts';
import { systemCommands } from '../src/modules/identity/index.ts';
import type { Ground } from './ground.ts';
import { password } from './people.ts';

/** One store that sells so many products, put there without a review; the slugs of its products. */
export async function makeShop(ground: Ground, adminUrl: string, products: number): Promise<string[]> {
  const config = loadConfig({ ...ground.envOf(adminUrl), NODE_ENV: 'production', LOG_LEVEL: 'silent', BCRYPT_COST: '4' });
  const app = await createApp({ config });
  const { prisma } = app.deps.database;
  const now = app.deps.clock.now();
  const slugs = await runInContext(systemContext('bench', 'cli'), async () => {
    const input = { email: 'shop@example.com', password, kind: 'vendor', firstName: 'Ada', lastName: 'Obi' };
    const { output } = await runCommand(app.deps, systemCommands.registerVerified, { input });
    const vendor = await prisma.vendor.update({
      where: { userId: output.userId },
      data: {
        ...{ storeName: 'Bench House', storeSlug: 'bench-house', description: 'Hand-dyed cloth, made to order.', businessType: 'designer' },
        ...{ countryCode: 'NG', state: 'Ogun', city: 'Abeokuta', collections: ['adire'], status: 'approved', verifiedAt: now },
      },
    });
    const rows = Array.from({ length: products }, (_, n) => ({
      ...{ vendorId: vendor.id, ownerUserId: output.userId, title: `Indigo wrapper number ${n}`, slug: `indigo-wrapper-${n}` },
      ...{ description: 'Two yards of cotton, dyed by hand. '.repeat(10), categoryCodes: ['adire'], price: '15000.00', stockQty: 3 },
      ...{ status: 'published' as const, publishedAt: now, liveRevision: 1 },
    }));
    for (const data of rows) await prisma.product.create({ data });
    return rows.map(({ slug }) => slug);
  });
  await app.stop();
  return slugs;
}
