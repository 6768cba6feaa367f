import { createServer, type Server } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { ConfigError } from '../config/config-error.ts';

export type ObservedRequest = { door: string; method: string; route: string; status: number; ms: number };

/** Prometheus figures of one process. */
export type Metrics = {
  /** `route` is a path template: a raw path would make a series per id. */
  observeRequest(request: ObservedRequest): void;
  countRefusedLimit(name: string): void;
  /** A figure that is read when Prometheus asks. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
  text(): Promise<string>;
};

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route template',
    labelNames: ['door', 'method', 'route', 'status'],
    buckets: secondsBuckets,
    registers: [registry],
  });
  const refused = new Counter({
    name: 'rate_limit_refused_total',
    help: 'Requests answered 429, by limit',
    labelNames: ['limit'],
    registers: [registry],
  });
  return {
    observeRequest: ({ door, method, route, status, ms }) => durations.observe({ door, method, route, status }, ms / 1000),
    countRefusedLimit: (limit) => refused.inc({ limit }),
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers: [registry],
        async collect() {
          this.set(await read());
        },
      });
    },
    text: () => registry.metrics(),
  };
}

/** Serves `GET /metrics` on a port of its own, so that the public listener never shows it. Port 0 takes any free one. */
export function listenForMetrics(metrics: Metrics, at: { host: string; port: number }): Promise<Server> {
  const server = createServer((req, res) => {
    if (req.method !== 'GET' || req.url !== '/metrics') {
      res.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => res.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
      () => res.writeHead(500).end(),
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new ConfigError(`METRICS_PORT ${at.port} is taken. Set it to a free one.`) : error),
    );
    server.listen(at.port, at.host, () => resolve(server));
  });
}
