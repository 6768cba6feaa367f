import { createServer, type Server } from 'node:http';
import express from 'express';
import type { Logger } from 'pino';
import type { AfterMigrateStep } from '../prisma/runner/after-migrate.ts';
import { migrate } from '../prisma/runner/migrate.ts';
import { roleUrls } from '../prisma/runner/roles.ts';
import { migrationsCurrent } from '../prisma/runner/status.ts';
import { forgetListExportFiles } from './admin/exports/forget-list-exports.ts';
import type { AdminOptions } from './admin/index.ts';
import { listJobs, listSubscriptions } from './admin/list-jobs.ts';
import {
  auditJobs,
  eraseSubjectJob,
  eraseSubjectSubscription,
  exportSubscription,
  forgetExportFiles,
  type RetentionPorts,
  requirePinnedKey,
  retentionJob,
  showSealFigures,
  verifyNowSubscription,
} from './audit/index.ts';
import { recordRead } from './foundation/command/action-row.ts';
import type { CommandDeps } from './foundation/command/command.ts';
import { registerSigningKeys } from './foundation/command/note-signing-keys.ts';
import { denialLogOf, previewCommand, runCommand } from './foundation/command/run-command.ts';
import { type Config, ConfigError } from './foundation/config/config.ts';
import { createAccessTokens } from './foundation/crypto/access-token.ts';
import { createKeyring } from './foundation/crypto/keyring.ts';
import { createPasswordHasher } from './foundation/crypto/password-hasher.ts';
import { forgetTraces } from './foundation/jobs/forget-traces.ts';
import { installJobs } from './foundation/jobs/install-jobs.ts';
import { createJobRuntime, type JobRuntime, withRuntimeJobs } from './foundation/jobs/job-runtime.ts';
import { queuePlanOf } from './foundation/jobs/queue-plan.ts';
import { createAccessLog } from './foundation/runtime/access-log.ts';
import { answerBrokenRequest } from './foundation/runtime/broken-request.ts';
import { type Clock, systemClock } from './foundation/runtime/clock.ts';
import { openDatabase } from './foundation/runtime/database.ts';
import { refuseWrongRole } from './foundation/runtime/database-role.ts';
import { createLogger } from './foundation/runtime/logger.ts';
import { createMetrics, listenForMetrics, type Metrics } from './foundation/runtime/metrics.ts';
import { createReadiness, type ReadinessChecks } from './foundation/runtime/readiness.ts';
import { runInContext, systemContext } from './foundation/runtime/request-context.ts';
import { createRequestLog, type RequestLog } from './foundation/runtime/request-log.ts';
import {
  catalogJobs,
  catalogSubscriptions,
  fillBannedWords,
  fillCategories,
  forgetProductsOf,
  showStorefrontCache,
} from './modules/catalog/index.ts';
import {
  dataKeysOf,
  hasDemoStaff,
  identityJobs,
  identitySubscriptions,
  openPlaces,
  showSignInPressure,
  staffIdentity,
} from './modules/identity/index.ts';
import { forgetMessagesOf, notificationJobs, notificationSubscriptions, showSmsFigures, wasTold } from './modules/notifications/index.ts';
import { fillCountries, referenceJobs } from './modules/reference/index.ts';
import { caseJobs, caseSubscriptions, forgetCasesOf, forgetKycOf, retainKycJob } from './modules/review/index.ts';
import {
  executeErasuresJob,
  executeErasuresSubscription,
  findTicket,
  forgetApprovalsOf,
  forgetExportsOf,
  forgetNotesAbout,
  forgetTicketsOf,
  supportJobs,
  supportSubscriptions,
} from './modules/support/index.ts';

/** Who besides identity and the audit holds anything about a person, in the order in which they let go of it. */
const retention: RetentionPorts = {
  forgetters: [
    forgetMessagesOf,
    forgetNotesAbout,
    forgetTicketsOf,
    forgetKycOf,
    forgetCasesOf,
    forgetProductsOf,
    forgetApprovalsOf,
    forgetExportsOf,
    forgetTraces,
    forgetExportFiles,
    forgetListExportFiles,
  ],
  dataKeysOf,
};

/** Every screen. It takes seconds: a pure worker loads it at its start, where it holds up no running job; beside the web it is there already. */
export function loadScreens() {
  return import('./resources/index.ts');
}

/** Every job of the product and every route from an event to a job. */
const jobs = [
  ...auditJobs,
  eraseSubjectJob(retention.forgetters),
  retentionJob(retention),
  ...referenceJobs,
  ...identityJobs,
  ...catalogJobs,
  retainKycJob,
  ...caseJobs,
  ...supportJobs,
  executeErasuresJob({ wasTold }),
  ...notificationJobs,
  ...listJobs({ loadScreens, identity: staffIdentity }),
];
const subscriptions = [
  ...identitySubscriptions,
  ...catalogSubscriptions,
  ...caseSubscriptions,
  ...notificationSubscriptions,
  ...supportSubscriptions,
  executeErasuresSubscription,
  eraseSubjectSubscription,
  exportSubscription,
  verifyNowSubscription,
  ...listSubscriptions,
];

/** A request that takes longer to arrive is not one of ours. */
const requestTimeoutMs = 30_000;

/** Twice of what Node takes by itself: an overlong token is refused as a token (auth-api.md P14), not as a broken request. */
const maxHeaderBytes = 32_768;

export type App = {
  /** Dependencies of the web role; tests run commands with them. */
  deps: CommandDeps;
  /** The whole web surface, listening nowhere yet. */
  handler(): Promise<express.Express>;
  /** Listens on config.host and config.port; resolves with the port once requests are answered. */
  startWeb(): Promise<{ port: number }>;
  startWorker(): Promise<void>;
  /** Demo people, once; refused in strict production. Gives back the rest of the demo, which may run beside the application. */
  seed(onProgress?: (line: string) => void): Promise<() => Promise<void>>;
  /** Stops accepting, finishes requests, hands jobs back, closes the pools. */
  stop(): Promise<void>;
};

export type AppOptions = { config: Config; log?: Logger; clock?: Clock };

/** The one place where everything is joined: `npm start`, the lab, production and the tests all come through here. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config } = options;
  const urls = databaseUrls(config);
  readPlaces(config);
  const shared = sharedParts(config, options);
  const deps: CommandDeps = {
    ...shared,
    database: openDatabase({ url: urls.webUrl, applicationName: 'fashionistar-web', maxConnections: config.databasePool }),
  };
  await refuseWrongRole(deps.database.pool);
  if (config.mode === 'production' && (await hasDemoStaff(deps))) {
    throw new ConfigError(
      'The database holds demo accounts, whose passwords lie in a file: production needs another one. Set DATABASE_URL.',
    );
  }
  const parts = webParts(deps);
  let server: Server | null = null;
  let metricsServer: Promise<Server> | null = null;
  let worker: { runtime: JobRuntime; deps: CommandDeps } | null = null;
  let handler: Promise<express.Express> | null = null;

  /** Once per process, whatever its roles. */
  const openMetrics = async () => {
    if (config.metricsPort === 0) return;
    metricsServer ??= listenForMetrics(parts.metrics, { host: config.host, port: config.metricsPort });
    await metricsServer;
  };

  const app: App = {
    deps,
    handler: () => {
      handler ??= buildWeb(deps, parts);
      return handler;
    },
    async startWeb() {
      // Without the reference lists every country and category is unknown; on filled tables these are three looks.
      await runInContext(systemContext('start', 'cli'), async () => {
        await fillCountries(deps);
        await fillCategories(deps);
        await fillBannedWords(deps);
      });
      await registerSigningKeys(deps);
      server = createHttpServer(await app.handler());
      await openMetrics();
      const port = await listen(server, config);
      deps.hasher.warm();
      return { port };
    },
    async startWorker() {
      requirePinnedKey(config, shared.clock.now());
      const workerDeps = {
        ...shared,
        database: openDatabase({ url: urls.workerUrl, applicationName: 'fashionistar-worker', maxConnections: config.databasePool }),
      };
      const runtime = createJobRuntime({ deps: workerDeps, jobs, subscriptions, workerUrl: urls.workerUrl });
      worker = { runtime, deps: workerDeps };
      await runtime.start();
      await openMetrics();
    },
    async seed(onProgress) {
      if (config.mode === 'production') throw new ConfigError('Demo data is never written in production.');
      const { seedDemo } = await import('../prisma/seed/index.ts');
      const context = systemContext('seed', 'cli');
      const rest = await runInContext(context, () => seedDemo(deps, onProgress ?? (() => undefined)));
      return () => runInContext(context, rest);
    },
    async stop() {
      if (server) await closeServer(server);
      (await metricsServer)?.close();
      await parts.requestLog.close();
      await worker?.runtime.stop();
      await denialLogOf(deps).flush();
      await shared.hasher.close();
      await worker?.deps.database.close();
      await deps.database.close();
    },
  };
  return app;
}

/** Brings the database to the current schema and makes the queues; runs with the administrative login. */
export async function migrateDatabase(config: Config, log: Logger): Promise<void> {
  if (!config.databaseUrl) throw new ConfigError('DATABASE_URL is missing: it names the PostgreSQL 18 to migrate.');
  await migrate({ adminUrl: config.databaseUrl, steps: migrationSteps, onProgress: (step) => log.info({ event: 'migrate.step', step }) });
}

/** What must exist in the database besides the migrations. Runs as `migrator` after each migrate. */
export const migrationSteps: readonly AfterMigrateStep[] = [
  { name: 'Queues of pg-boss', run: (migratorUrl) => installJobs(migratorUrl, withRuntimeJobs(jobs).map(queuePlanOf)) },
];

function sharedParts(config: Config, options: AppOptions): Omit<CommandDeps, 'database'> {
  const clock = options.clock ?? systemClock;
  const { secrets } = config;
  return {
    config,
    clock,
    log: options.log ?? createLogger(config),
    findTicket,
    keyring: createKeyring(secrets),
    accessTokens: createAccessTokens({
      keys: secrets.jwtSigningKeys,
      issuer: config.jwtIssuer,
      audience: config.jwtAudience,
      ttlSeconds: config.accessTokenTtlSeconds,
      clock,
    }),
    hasher: createPasswordHasher({
      cost: config.bcryptCost,
      peppers: secrets.passwordPeppers,
      concurrency: config.hashConcurrency,
      queue: config.hashQueue,
      waitMs: config.hashWaitMs,
    }),
  };
}

/** A city file that is not there or is none is told at start, not at somebody's sign-in. */
function readPlaces(config: Config): void {
  try {
    openPlaces(config);
  } catch (cause) {
    throw new ConfigError(`GEOIP_DB: ${config.geoipDb} is not a readable .mmdb file.`, { cause });
  }
}

/** The logins of the two process roles: given, or derived from the administrative URL. */
function databaseUrls(config: Config): { webUrl: string; workerUrl: string } {
  if (!config.databaseUrl) throw new ConfigError('DATABASE_URL is missing. `npm start` brings its own PostgreSQL; otherwise name one.');
  const derived = roleUrls(config.databaseUrl);
  return { webUrl: config.databaseWebUrl ?? derived.webUrl, workerUrl: config.databaseWorkerUrl ?? derived.workerUrl };
}

type WebParts = { requestLog: RequestLog; metrics: Metrics; readiness: ReadinessChecks };

function webParts(deps: CommandDeps): WebParts {
  const { accessTokens, clock, config, log } = deps;
  const { pool } = deps.database;
  const requestLog = createRequestLog({
    pool,
    clock,
    log,
    sampleRate: config.apiLogSamplePercent / 100,
    ipMode: config.auditIpMode,
  });
  const metrics = createMetrics();
  showSealFigures(metrics, deps);
  showSmsFigures(metrics, deps);
  showStorefrontCache(metrics, deps);
  showSignInPressure(metrics, deps);
  metrics.gauge('api_log_dropped_rows', 'Rows of the request log that were lost', () => requestLog.dropped());
  return {
    requestLog,
    metrics,
    readiness: createReadiness({ pool, clock, accessTokens, isMigrated: () => migrationsCurrent(pool) }),
  };
}

/** Loads the code of the web role, which takes longer than anything else at the start; building it later finds it there. */
export async function loadWeb(): Promise<void> {
  await Promise.all([import('./api/server.ts'), import('./admin/index.ts'), import('./resources/index.ts')]);
}

/** Loaded only where it is served: AdminJS is most of the start-up time. */
async function buildWeb(deps: CommandDeps, parts: WebParts): Promise<express.Express> {
  const [{ createApiRouter }, backOffice] = await Promise.all([import('./api/server.ts'), buildBackOffice(deps, parts)]);
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  // The same rule as the API's: the rightmost address that no trusted proxy added (auth-api.md section 1.5).
  app.set('trust proxy', [...deps.config.trustProxy]);
  app.use('/admin', backOffice);
  app.use(createApiRouter(deps, parts));
  return app;
}

async function buildBackOffice(deps: CommandDeps, parts: WebParts): Promise<express.Router> {
  const [{ createAdminRouter, loadDmmf }, { dashboard, links, pages, pictures, resources }, { staffIdentity }] = await Promise.all([
    import('./admin/index.ts'),
    import('./resources/index.ts'),
    import('./modules/identity/index.ts'),
  ]);
  return createAdminRouter({
    deps,
    dmmf: await loadDmmf(),
    resources,
    pages,
    links,
    pictures,
    dashboard,
    identity: staffIdentity(deps),
    recordRead: async (read) => void (await recordRead(deps, read)),
    recordDenied: (denial) => denialLogOf(deps).record({ ...denial, note: `rule ${denial.rule}` }),
    answered: answeredBy(deps, parts),
    runCommand,
    previewCommand,
  });
}

/** The back office's answers go where the API's do: the access log, the figures and the request log. */
function answeredBy(deps: CommandDeps, { metrics, requestLog }: WebParts): AdminOptions['answered'] {
  const accessLog = createAccessLog(deps.log);
  return ({ requestId, actorId, method, path, status, ms, requestBytes, responseBytes, headers, ip, errorCode, body, loggedFields }) => {
    metrics.observeRequest({ door: 'admin', method, route: path, status, ms });
    requestLog.record({
      requestId,
      actorId,
      status,
      ms,
      reqBytes: requestBytes,
      resBytes: responseBytes,
      method,
      pathTemplate: path,
      door: 'admin',
      errorCode,
      headers,
      ip,
      body,
      loggedFields,
    });
    accessLog({
      event: 'http.request',
      requestId,
      door: 'admin',
      method,
      route: path,
      status,
      ms: Math.round(ms * 10) / 10,
      ...(actorId ? { userId: actorId } : {}),
      ...(errorCode ? { errorCode } : {}),
    });
  };
}

function listen(server: Server, config: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new ConfigError(`Port ${config.port} is taken. Set PORT to a free one.`) : error),
    );
    server.listen(config.port, config.host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : config.port);
    });
  });
}

function createHttpServer(handler: express.Express): Server {
  const limits = { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs / 2, maxHeaderSize: maxHeaderBytes };
  const server = createServer(limits, handler);
  server.on('clientError', answerBrokenRequest);
  // An Expect that is none of ours is passed over (RFC 9110 section 10.1.1): its request is answered like any other.
  server.on('checkExpectation', handler);
  return server;
}

const drainMs = 5_000;

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
