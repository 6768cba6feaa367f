import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import type { Assets } from './manifest.ts';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};
const prefix = '/assets/';

type Variant = { path: string; bytes: number };
type Asset = { type: string; plain: Variant; br: Variant | null; gzip: Variant | null };

/**
 * Stage 2: the built files and nothing else, from a list made at boot, so that no request ever names a path. Names carry
 * a hash of their content, so browsers keep them for a year (H34). AdminJS's own asset routes are closed.
 */
export function serveAssets(assets: Assets): RequestHandler {
  const known = indexAssets(assets.directory);
  return (req, res, next) => {
    if (req.path.startsWith('/frontend/')) throw new AppError('not_found');
    if (!req.path.startsWith(prefix)) return next();
    if (req.method !== 'GET' && req.method !== 'HEAD') throw new AppError('method_not_allowed');
    const asset = known.get(req.path.slice(prefix.length));
    if (!asset) throw new AppError('not_found');
    sendAsset(req, res, asset);
  };
}

function indexAssets(directory: string): ReadonlyMap<string, Asset> {
  const variant = (path: string): Variant | null => (existsSync(path) ? { path, bytes: statSync(path).size } : null);
  const entries = readdirSync(directory).flatMap((name): [string, Asset][] => {
    const type = types[extname(name)];
    const path = join(directory, name);
    const plain = type ? variant(path) : null;
    return type && plain ? [[name, { type, plain, br: variant(`${path}.br`), gzip: variant(`${path}.gz`) }]] : [];
  });
  return new Map(entries);
}

function sendAsset(req: Request, res: Response, asset: Asset): void {
  const encoding = req.acceptsEncodings(['br', 'gzip']);
  const variant = (encoding === 'br' ? asset.br : encoding === 'gzip' ? asset.gzip : null) ?? asset.plain;
  res.status(200);
  res.setHeader('Content-Type', asset.type);
  res.setHeader('Content-Length', String(variant.bytes));
  res.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  res.setHeader('Vary', 'Accept-Encoding');
  if (variant === asset.br) res.setHeader('Content-Encoding', 'br');
  if (variant === asset.gzip) res.setHeader('Content-Encoding', 'gzip');
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  const stream = createReadStream(variant.path);
  stream.on('error', () => res.destroy());
  stream.pipe(res);
}
