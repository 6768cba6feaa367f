import { defineConfig } from 'prisma/config';

const url = process.env.DATABASE_URL;

/** For the Prisma command line only. The application and the migration runner get their addresses from src/foundation/config. */
export const prismaConfig = defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  ...(url ? { datasource: { url } } : {}),
});

// The Prisma command line reads the default export; nothing else does.
export { prismaConfig as default };
