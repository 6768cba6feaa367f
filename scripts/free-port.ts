import { createServer } from 'node:net';

/** Whether a server can listen on this TCP port of `host` now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return listenOn(port, host).then(
    () => true,
    () => false,
  );
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return listenOn(0, '127.0.0.1');
}

/** Listens, stops, and gives the port it had; rejects with the system's error. */
export function listenOn(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
