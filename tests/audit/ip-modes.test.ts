import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestApp } from '../support/app.ts';
import { openSql } from '../support/sql.ts';

type Running = { origin: string; app: Awaited<ReturnType<typeof startTestApp>>; stop(): Promise<void> };

const running: Running[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

/** The whole web surface, both doors, behind a socket of this machine: the peer is 127.0.0.1. */
async function start(env: Record<string, string>): Promise<Running> {
  const app = await startTestApp(env);
  const server: Server = createServer(await app.handler());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const one = {
    origin: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    app,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.stop();
    },
  };
  running.push(one);
  return one;
}

/** One refused sign-in at each door from behind a proxy, and every trace of an address that it left. */
async function traces(one: Running, forwardedFor: string) {
  const headers = { 'X-Forwarded-For': forwardedFor, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ email: 'nobody@example.com', password: 'not the password' });
  await fetch(`${one.origin}/api/v1/auth/login`, { method: 'POST', headers, body });
  await fetch(`${one.origin}/admin/login`, {
    method: 'POST',
    headers: { 'X-Forwarded-For': forwardedFor, 'Content-Type': 'application/x-www-form-urlencoded', Origin: one.origin },
    body: 'email=nobody%40example.com&password=not+the+password',
  });
  const sql = await openSql(one.app.database.adminUrl);
  const logged = async () =>
    sql.rows<{ door: string; ip: string | null }>(
      "SELECT door, ip::text AS ip FROM platform.api_log WHERE method = 'POST' AND path_template LIKE '%login' ORDER BY door",
    );
  await expect.poll(logged, { timeout: 5_000 }).toHaveLength(2);
  const found = {
    actions: (
      await sql.rows<{ door: string; ip: string | null }>(
        `SELECT a.door, v.body::jsonb ->> 'ip' AS ip FROM audit.action AS a JOIN audit.value AS v ON v.row_id = a.id AND v.occurred_at = a.occurred_at
          WHERE a.action IN ('sign-in', 'sign-in-staff') ORDER BY a.door`,
      )
    ).map((row) => row.ip),
    events: (await sql.rows<{ ip: string | null }>('SELECT ip::text AS ip FROM identity.login_event ORDER BY surface')).map(
      (row) => row.ip,
    ),
    requests: (await logged()).map((row) => row.ip),
  };
  await sql.close();
  return found;
}

const trusted = { TRUST_PROXY: '127.0.0.1/32' };
const both = (ip: string | null) => ({ actions: [ip, ip], events: [ip, ip], requests: [ip, ip] });

describe('acceptance 15: how much of an address is kept, and whose address it is', () => {
  it.each([
    ['full', '102.89.23.17', '102.89.23.17'],
    ['truncated', '102.89.23.17', '102.89.23.0/24'],
    ['truncated', '2001:db8:7:8::9', '2001:db8:7::/48'],
    ['off', '102.89.23.17', null],
  ] as const)('mode %s keeps of %s in actions, login events and the request log: %s', async (mode, address, kept) => {
    const one = await start({ ...trusted, AUDIT_IP_MODE: mode });
    const found = await traces(one, address);
    // inet writes a whole address with its mask where it is cast to text.
    const plain = (ips: readonly (string | null)[]) => ips.map((ip) => ip?.replace(/\/(?:32|128)$/, '') ?? null);
    expect({ actions: plain(found.actions), events: plain(found.events), requests: plain(found.requests) }).toEqual(both(kept));
  });

  it('truncated is the default', async () => {
    expect(await traces(await start(trusted), '102.89.23.17')).toEqual(both('102.89.23.0/24'));
  });

  it('the header of a peer that is not one of our proxies is ignored', async () => {
    expect(await traces(await start({ TRUST_PROXY: '10.0.0.0/8' }), '102.89.23.17')).toEqual(both('127.0.0.0/24'));
    expect(await traces(await start({}), '102.89.23.17')).toEqual(both('127.0.0.0/24'));
  });

  it('of a chain of addresses the rightmost one counts that no proxy of ours added', async () => {
    const one = await start({ TRUST_PROXY: '127.0.0.1/32,10.0.0.0/8' });
    expect(await traces(one, '1.1.1.1, 102.89.23.17, 10.9.9.9')).toEqual(both('102.89.23.0/24'));
  });
});
