import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Config } from '../../foundation/config/config.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { type RequestContext, runInContext } from '../../foundation/runtime/request-context.ts';
import type { Assets } from '../assets/manifest.ts';
import { openState } from '../state.ts';

const contentSecurityPolicy = (nonce: string) =>
  [
    `default-src 'none'`,
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
    `object-src 'none'`,
  ].join('; ');

const permissionsPolicy = [
  'accelerometer=()',
  'camera=()',
  'display-capture=()',
  'geolocation=()',
  'gyroscope=()',
  'microphone=()',
  'payment=()',
  'usb=()',
].join(', ');

/** Stage 1: request id, context for audit and log, and the headers of H33 on everything, errors included. */
export function openRequest(config: Config, assets: Assets): RequestHandler {
  return (req, res, next) => {
    const nonce = randomBytes(16).toString('base64');
    const context: RequestContext = {
      requestId: newId(),
      door: 'admin',
      ip: req.ip ?? null,
      userAgent: (req.headers['user-agent'] ?? '').slice(0, 400) || null,
      path: null,
      clientId: null,
      actor: { kind: 'anonymous' },
      action: null,
    };
    openState(res, { context, nonce, config, assets });
    res.removeHeader('X-Powered-By');
    res.setHeader('X-Request-Id', context.requestId);
    res.setHeader('Content-Security-Policy', contentSecurityPolicy(nonce));
    res.setHeader('X-Content-Type-Options', 'nosniff');
    // `no-referrer` would make browsers send `Origin: null` on form posts, which stage 6 refuses.
    res.setHeader('Referrer-Policy', 'same-origin');
    res.setHeader('X-Frame-Options', 'DENY');
    res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    res.setHeader('Permissions-Policy', permissionsPolicy);
    res.setHeader('Cache-Control', 'no-store');
    if (config.isProductionBuild) res.setHeader('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
    runInContext(context, next);
  };
}
