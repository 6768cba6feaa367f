import type { Request, Response } from 'express';
import type { Config } from '../../foundation/config/config.ts';

const deviceSeconds = 180 * 24 * 3600;

export type CookieJar = {
  readSession(req: Request): string | null;
  setSession(res: Response, token: string): void;
  clearSession(res: Response): void;
  readDevice(req: Request): string | null;
  setDevice(res: Response, token: string): void;
};

/**
 * Cookies of the back office (H14). On the production build `__Host-` ties them to this host and to https; browsers accept
 * that on localhost too. No expiry on the session: it ends with the browser, and on the server anyway.
 */
export function createCookieJar(config: Config): CookieJar {
  const prefix = config.isProductionBuild ? '__Host-' : '';
  const attributes = config.isProductionBuild ? 'Path=/; Secure; HttpOnly; SameSite=Strict' : 'Path=/; HttpOnly; SameSite=Strict';
  const session = `${prefix}fs_admin`;
  const device = `${prefix}fs_admin_device`;
  const append = (res: Response, cookie: string) => res.append('Set-Cookie', cookie);
  return {
    readSession: (req) => readCookie(req, session),
    setSession: (res, token) => void append(res, `${session}=${token}; ${attributes}`),
    clearSession: (res) => void append(res, `${session}=; ${attributes}; Max-Age=0`),
    readDevice: (req) => readCookie(req, device),
    setDevice: (res, token) => void append(res, `${device}=${token}; ${attributes}; Max-Age=${deviceSeconds}`),
  };
}

const valuePattern = /^[A-Za-z0-9._~-]{1,2048}$/;

function readCookie(req: Request, name: string): string | null {
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at === -1 || part.slice(0, at).trim() !== name) continue;
    const value = part.slice(at + 1).trim();
    return valuePattern.test(value) ? value : null;
  }
  return null;
}
