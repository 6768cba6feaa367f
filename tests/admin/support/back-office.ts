import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import express from 'express';
import { type AdminOptions, createAdminRouter, loadDmmf } from '../../../src/admin/index.ts';
import type { Role } from '../../../src/foundation/access/roles.ts';
import { recordRead } from '../../../src/foundation/command/action-row.ts';
import { denialLogOf, previewCommand, runCommand } from '../../../src/foundation/command/run-command.ts';
import { totpCode, totpStepAt } from '../../../src/foundation/crypto/totp.ts';
import { staffIdentity, systemCommands } from '../../../src/modules/identity/index.ts';
import { fillCountries } from '../../../src/modules/reference/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { openSql } from '../../support/sql.ts';
import { AdminClient } from './admin-client.ts';
import { dashboard, pages, resources } from './composition.ts';
import { assetsWith } from './test-assets.ts';

export const password = 'correct horse battery staple 9';

export type Person = { userId: string; email: string; totpSecret: string | null };

export type BackOffice = {
  app: TestApp;
  origin: string;
  port: number;
  newClient(): AdminClient;
  addStaff(role: Role, options?: { isLead?: boolean; hasTotp?: boolean; firstName?: string; lastName?: string }): Promise<Person>;
  /** A customer of the marketplace; gives the user id. */
  addCustomer(firstName: string, lastName: string): Promise<string>;
  /** The six digits of now; the clock moves on one step, since a code works once. */
  codeFor(person: Person): string;
  /** Signed in with every factor the person has. */
  signedIn(person: Person): Promise<AdminClient>;
  stop(): Promise<void>;
};

/**
 * The back office on a random port over its own database, in lab mode: the production build with its headers, cookies and
 * error texts. The screens are the small ones of composition.ts.
 */
export async function startBackOffice(overrides: Partial<AdminOptions> = {}, env: Record<string, string> = {}): Promise<BackOffice> {
  const app = await startTestApp({ NODE_ENV: 'production', APP_LAB: '1', ...env });
  const { deps } = app;
  await app.as({ kind: 'system', name: 'seed' }, () => fillCountries(deps));
  const assetsDirectory = assetsWith(['PageFailing']);
  const web = express();
  web.use(
    '/admin',
    createAdminRouter({
      deps,
      dmmf: loadDmmf(),
      resources,
      pages,
      dashboard,
      identity: staffIdentity(deps),
      recordRead: async (read) => void (await recordRead(deps, read)),
      answered: () => undefined,
      recordDenied: (denial) => denialLogOf(deps).record({ ...denial, note: `rule ${denial.rule}` }),
      runCommand,
      previewCommand,
      assetsDirectory,
      ...overrides,
    }),
  );
  const server = createServer(web);
  const port = await listen(server);
  const origin = `http://127.0.0.1:${port}`;
  let count = 0;
  const office: BackOffice = {
    app,
    origin,
    port,
    newClient: () => new AdminClient(origin),
    async addStaff(role, options = {}) {
      count += 1;
      const { isLead = false, hasTotp = false, firstName = 'Ada', lastName = `Obi${count}` } = options;
      const email = `${role}.${count}@staff.example.com`;
      return app.as({ kind: 'system', name: 'seed' }, async () => {
        const made = await runCommand(deps, systemCommands.createStaffAccount, {
          input: { email, password, firstName, lastName, grants: [{ role, isLead }] },
        });
        const { userId } = made.output;
        const totp = hasTotp ? await runCommand(deps, systemCommands.enrolTotpFor, { input: { userId } }) : null;
        return { userId, email, totpSecret: totp?.output.secret ?? null };
      });
    },
    async addCustomer(firstName, lastName) {
      count += 1;
      const input = { email: `customer.${count}@shop.example.com`, password, firstName, lastName, countryCode: 'NG' };
      const made = await app.as({ kind: 'system', name: 'seed' }, () => runCommand(deps, systemCommands.registerVerified, { input }));
      return made.output.userId;
    },
    codeFor(person) {
      app.clock.advance(30);
      return totpCode(person.totpSecret ?? '', totpStepAt(app.clock.now()));
    },
    async signedIn(person) {
      const client = office.newClient();
      await client.postForm('/admin/login', { email: person.email, password });
      if (person.totpSecret) await client.postForm('/admin/login/mfa', { code: office.codeFor(person) });
      return client;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.stop();
      rmSync(assetsDirectory, { recursive: true, force: true });
    },
  };
  return office;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

export type ActionRow = {
  outcome: string;
  resource: string;
  action: string;
  error_code: string | null;
  record_ids: string[];
  actor_id: string | null;
};

/** Action rows of a person, oldest first; what the door and the runner recorded. */
export async function actionsOf(office: BackOffice, actorId: string): Promise<ActionRow[]> {
  const sql = await openSql(office.app.database.adminUrl);
  try {
    return await sql.rows<ActionRow>(
      'SELECT outcome, resource, action, error_code, record_ids, actor_id FROM audit.action WHERE actor_id = $1 ORDER BY occurred_at, id',
      [actorId],
    );
  } finally {
    await sql.close();
  }
}
