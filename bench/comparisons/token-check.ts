import { loadConfig } from '../../src/foundation/config/config.ts';
import { createAccessTokens } from '../../src/foundation/crypto/access-token.ts';
import { systemClock } from '../../src/foundation/runtime/clock.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { compare, type Result, type Variant } from '../compare.ts';
import type { Ground } from '../ground.ts';
import { drive } from '../load.ts';
import { startServer } from '../server.ts';
import type { Suite } from '../suite.ts';

const requests = 3_000;
const connections = 16;
const path = '/api/v1/me';

/** What it costs to know who calls: the API frame with a verified token against Express that asks nobody. */
export const tokenCheck: Suite = {
  name: 'token-check',
  async run(ground) {
    const env = ground.envOf(await ground.newDatabase());
    const product = await startServer(['bench/servers/token-check.ts'], env);
    const bare = await startServer(['bench/peers/express-json.ts'], {});
    try {
      const mint = minterOf(env);
      const same = mint();
      const hit: Variant = { name: 'token known', run: () => round(product.port, () => same) };
      const miss: Variant = {
        name: 'token new',
        run: () => {
          const tokens = Array.from({ length: requests }, mint);
          return round(product.port, (n) => tokens[n] ?? same);
        },
      };
      const peer: Variant = { name: 'bare Express', run: () => round(bare.port, () => same) };
      const common = { unit: 'ms per answer', kind: 'rate', rounds: 11, warmUps: 3 } as const;
      const results: Result[] = [];
      results.push(await compare({ ...common, name: 'token check, cache hit', product: hit, peer, bar: 0.85 }));
      results.push(await compare({ ...common, name: 'token check, cache miss', product: miss, peer, bar: 0.3 }));
      return results;
    } finally {
      await Promise.all([product.stop(), bare.stop()]);
    }
  },
};

async function round(port: number, tokenOf: (n: number) => string): Promise<number> {
  const ask = (n: number) => ({ method: 'GET', path, headers: { Authorization: `Bearer ${tokenOf(n)}` } });
  return (await drive({ port, connections, requests, ask, status: 200 })) / requests;
}

/** Signs with the keys of the server under test. */
function minterOf(env: ReturnType<Ground['envOf']>): () => string {
  const config = loadConfig({ ...env, NODE_ENV: 'production' });
  const tokens = createAccessTokens({
    keys: config.secrets.jwtSigningKeys,
    issuer: config.jwtIssuer,
    audience: config.jwtAudience,
    ttlSeconds: config.accessTokenTtlSeconds,
    clock: systemClock,
  });
  const [sub, sid] = [newId(), newId()];
  return () =>
    tokens.sign({ sub, sid, auth_time: Math.floor(systemClock.now().getTime() / 1000), acr: 'aal1', amr: ['pwd'], roles: ['client'] });
}
