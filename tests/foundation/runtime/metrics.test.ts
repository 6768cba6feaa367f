import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../../scripts/free-port.ts';
import { createMetrics, listenForMetrics } from '../../../src/foundation/runtime/metrics.ts';
import { startTestApp } from '../../support/app.ts';

describe('metrics', () => {
  it('are served on a port of their own, by route template', async () => {
    const metrics = createMetrics();
    metrics.observeRequest({ door: 'api', method: 'GET', route: '/api/v1/account/sessions/{id}', status: 404, ms: 12 });
    metrics.countRefusedLimit('login');
    metrics.gauge('api_log_dropped_rows', 'Lost rows', () => 3);
    const server = await listenForMetrics(metrics, { host: '127.0.0.1', port: 0 });
    const address: AddressInfo | string | null = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(text).toContain(
      'http_request_duration_seconds_count{door="api",method="GET",route="/api/v1/account/sessions/{id}",status="404"} 1',
    );
    expect(text).toContain('rate_limit_refused_total{limit="login"} 1');
    expect(text).toContain('api_log_dropped_rows 3');
    expect((await fetch(`http://127.0.0.1:${port}/other`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`, { method: 'POST' })).status).toBe(404);
    await new Promise((resolve) => server.close(resolve));
  });

  it('says 500 when a figure cannot be read, and a taken port is an error', async () => {
    const metrics = createMetrics();
    metrics.gauge('broken', 'Broken', () => Promise.reject(new Error('no')));
    const server = await listenForMetrics(metrics, { host: '127.0.0.1', port: 0 });
    const address: AddressInfo | string | null = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(500);
    await expect(listenForMetrics(metrics, { host: '127.0.0.1', port })).rejects.toThrow(`METRICS_PORT ${port} is taken`);
    await new Promise((resolve) => server.close(resolve));
  });

  it('are served by a process that only works, too, and go with it', async () => {
    const port = await freePort();
    const app = await startTestApp({ METRICS_PORT: String(port) });
    await app.startWorker();
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(text).toContain('process_cpu_seconds_total');
    await app.stop();
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
  });
});
