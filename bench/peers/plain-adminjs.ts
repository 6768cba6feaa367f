import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// AdminJS reads these when it is imported. A production installation has its bundle built before.
process.env['ADMIN_JS_TMP_DIR'] = join(import.meta.dirname, '../../build/adminjs');
process.env['ADMIN_JS_SKIP_BUNDLE'] = 'true';

/** AdminJS as its documentation sets it up: Express, @adminjs/prisma, the tables of people and their everyday neighbours. */
const [
  { default: express },
  { AdminJS },
  { default: AdminJSExpress },
  { Database, Resource },
  { PrismaClient },
  { PrismaPg },
  { default: pg },
] = await Promise.all([
  import('express'),
  import('adminjs'),
  import('@adminjs/express'),
  import('@adminjs/prisma'),
  import('@prisma/client'),
  import('@prisma/adapter-pg'),
  import('pg'),
]);

const shown = ['User', 'Client', 'Vendor', 'Session', 'LoginEvent', 'StaffProfile', 'StaffRoleGrant', 'Country', 'Note', 'Delivery'];
const dmmf = JSON.parse(readFileSync(join(import.meta.dirname, '../../prisma/generated/dmmf.json'), 'utf8'));
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10, options: '-c timezone=UTC' });
const client = new PrismaClient({ adapter: new PrismaPg(pool) });
await client.$queryRaw`SELECT 1`;

AdminJS.registerAdapter({ Database, Resource });
const models: { name: string }[] = dmmf.datamodel.models;
const admin = new AdminJS({
  rootPath: '/admin',
  resources: models
    .filter((model) => shown.includes(model.name))
    .map((model) => ({ resource: { model, client, clientModule: { Prisma: { dmmf } } }, options: {} })),
});
const app = express();
app.get('/api/v1/me', (_req, res) => {
  res.json({ id: '019a5b1e-0000-7000-8000-000000000000' });
});
app.use('/admin', AdminJSExpress.buildRouter(admin));
app.listen(Number(process.env['PORT']), '127.0.0.1', () => process.send?.({ type: 'ready' }));
