import type { RequestHandler } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import type { AdminOptions } from '../admin.ts';
import { requireRoute } from '../stages/route-gate.ts';

/** What a file holds never changes; who may see it does, so that the browser asks again within minutes. */
const cacheControl = 'private, max-age=300';

/** GET of a picture of the shop; everything else goes on. @throws AppError 404 `not_found` for any other file */
export function answerPictures({ deps }: Pick<AdminOptions, 'deps'>): RequestHandler {
  return async (_req, res, next) => {
    const route = requireRoute(res);
    if (route.kind !== 'picture') return next();
    const picture = await route.source.open(deps, route.fileId, route.size);
    if (!picture) throw new AppError('not_found');
    res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox; frame-ancestors 'none'");
    res.setHeader('Content-Type', picture.type);
    res.setHeader('Content-Length', String(picture.bytes.length));
    res.setHeader('Cache-Control', cacheControl);
    res.status(200).end(picture.bytes);
  };
}
