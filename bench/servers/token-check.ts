import { createServer } from 'node:http';
import express from 'express';
import { z } from 'zod';
import { migrationsCurrent } from '../../prisma/runner/status.ts';
import { defineEndpoint, noBody, noQuery } from '../../src/api/define-endpoint.ts';
import type { Route } from '../../src/api/endpoint.ts';
import { createApiRouter } from '../../src/api/server.ts';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/foundation/config/config.ts';
import { environment } from '../../src/foundation/config/environment.ts';
import { createMetrics } from '../../src/foundation/runtime/metrics.ts';
import { createReadiness } from '../../src/foundation/runtime/readiness.ts';
import { createRequestLog } from '../../src/foundation/runtime/request-log.ts';

/** The product's API frame in front of one more endpoint, which answers from the verified token alone. */
const readClaims = defineEndpoint({
  summary: 'What the token says',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'Claims', schema: z.object({ id: z.string() }) } },
  handle: ({ claims }) => ({
    status: 200,
    body: {
      id: claims?.sub,
      role: claims?.roles[0],
      session: { id: claims?.sid, acr: claims?.acr, amr: claims?.amr, authTime: claims?.auth_time },
    },
  }),
});
const route: Route = { method: 'GET', path: '/api/v1/me', auth: 'token', limits: [], endpoint: readClaims };

const config = loadConfig(environment());
const { deps } = await createApp({ config });
const { pool } = deps.database;
const parts = {
  requestLog: createRequestLog({ pool, clock: deps.clock, log: deps.log }),
  metrics: createMetrics(),
  readiness: createReadiness({ pool, clock: deps.clock, accessTokens: deps.accessTokens, isMigrated: () => migrationsCurrent(pool) }),
};
const app = express();
app.disable('x-powered-by');
app.set('etag', false);
app.use(createApiRouter(deps, parts, [route]));
createServer(app).listen(config.port, '127.0.0.1', () => process.send?.({ type: 'ready' }));
process.once('SIGTERM', () => process.exit(0));
