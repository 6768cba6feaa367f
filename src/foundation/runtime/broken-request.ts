import type { Duplex } from 'node:stream';
import { AppError } from '../errors/app-error.ts';
import { problemMediaType, toProblem } from '../errors/problem.ts';
import { newId } from './new-id.ts';

/**
 * Answers what never became a request (a broken first line, headers over the size that Node takes) as any other is answered: a problem
 * document with X-Request-Id, 400 `bad_request`. The connection ends with it. To be hung on an HTTP server's `clientError`.
 */
export function answerBrokenRequest(error: Error, socket: Duplex): void {
  const code = 'code' in error ? error.code : null;
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  // A connection kept in reserve on which nothing came: a browser takes 408, and only that, for the end of it and asks again elsewhere.
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    socket.end('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    return;
  }
  const requestId = newId();
  const body = JSON.stringify(toProblem(new AppError('bad_request'), { requestId, locale: 'en' }));
  const head = [
    'HTTP/1.1 400 Bad Request',
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
